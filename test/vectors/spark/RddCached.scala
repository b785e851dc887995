// What toDebugString says of partitions that are cached.
// test/vectors/programs/rdd-cached.ts says each program again for our engine, by its name.
package streamscope.vectors

import org.apache.spark.SparkContext
import org.apache.spark.storage.StorageLevel
import org.apache.spark.streaming.vectors.{RddProgram, SparkVector}
import streamscope.vectors.Given.lineageWithCached

object RddCached {
  private def program(name: String)(run: SparkContext => Any): SparkVector =
    RddProgram(s"rddCached/$name")(run)

  val all: Seq[SparkVector] = Seq(
    program("nothing is cached yet") { sc =>
      lineageWithCached(sc.parallelize(1 to 4, 2).cache())
    },
    program("all of it is cached") { sc =>
      val rdd = sc.parallelize(1 to 4, 2).cache()
      rdd.count()
      lineageWithCached(rdd)
    },
    program("one partition of three is cached") { sc =>
      val rdd = sc.parallelize(1 to 9, 3).cache()
      rdd.first()
      lineageWithCached(rdd)
    },
    program("cached on disk") { sc =>
      val rdd = sc.parallelize(1 to 4, 2).persist(StorageLevel.DISK_ONLY)
      rdd.count()
      lineageWithCached(rdd)
    },
    program("a parent is cached") { sc =>
      val rdd = sc.parallelize(1 to 4, 2).cache()
      val mapped = rdd.map(_ + 1).filter(_ > 2)
      mapped.count()
      lineageWithCached(mapped)
    },
    program("an RDD and its parent are cached") { sc =>
      val rdd = sc.parallelize(1 to 4, 2).cache()
      val mapped = rdd.map(_ + 1).cache()
      mapped.count()
      lineageWithCached(mapped)
    },
    program("cached before a shuffle and after it") { sc =>
      val pairs = sc.parallelize(1 to 4, 2).map(n => (n % 2, n)).cache()
      val counts = pairs.reduceByKey(_ + _).cache()
      counts.count()
      Seq(lineageWithCached(counts), lineageWithCached(counts.mapValues(_ + 1)))
    },
    program("twelve partitions") { sc =>
      val pairs = sc.parallelize(1 to 24, 12).map(n => (n % 2, n)).cache()
      val counts = pairs.reduceByKey(_ + _, 11).cache()
      counts.count()
      lineageWithCached(counts)
    },
    program("two cached shuffles of a cogroup") { sc =>
      val left = sc.parallelize(1 to 4, 2).map(n => (n % 2, n)).cache()
      val right = sc.parallelize(1 to 4, 3).map(n => (n % 3, n)).cache()
      val joined = left.join(right)
      joined.count()
      lineageWithCached(joined)
    },
    program("cached no more") { sc =>
      val rdd = sc.parallelize(1 to 4, 2).cache()
      rdd.count()
      rdd.unpersist(blocking = true)
      lineageWithCached(rdd)
    })
}
