// Which partitions coalesce joins, by where they are best computed.
// test/vectors/programs/rdd-places.ts says each program again for our engine, by its name.
package streamscope.vectors

import org.apache.spark.SparkContext
import org.apache.spark.rdd.RDD
import org.apache.spark.streaming.vectors.{RddProgram, SparkVector}

object RddPlaces {
  /** Each number is a partition of its own, best computed on hosts that are said. */
  private def on(sc: SparkContext, count: Int)(hosts: Int => Seq[Int]): RDD[Int] =
    sc.makeRDD((0 until count).map(n => (n, hosts(n).map(host => s"host-$host"))))

  private def groups(rdd: RDD[Int]): Seq[Seq[Int]] = rdd.glom().collect().map(_.toSeq).toSeq

  /** Joined to every smaller number of partitions. */
  private def places(name: String, count: Int)(hosts: Int => Seq[Int]): SparkVector =
    RddProgram(s"rddPlaces/$name") { sc =>
      (1 to count).map(fewer => groups(on(sc, count)(hosts).coalesce(fewer)))
    }

  private def program(name: String)(run: SparkContext => Any): SparkVector =
    RddProgram(s"rddPlaces/$name")(run)

  private def eight(sc: SparkContext): RDD[Int] = sc.parallelize(0 until 8, 8)
  private def four(rdd: RDD[Int]): Seq[Seq[Int]] = groups(rdd.coalesce(4))
  private def keyed(sc: SparkContext): RDD[(Int, Int)] =
    sc.parallelize(0 until 8, 2).map(n => (n, n)).reduceByKey(_ + _, 8)

  val all: Seq[SparkVector] = Seq(
    places("partitions on one host", 8)(_ => Seq(1)),
    places("partitions on two hosts by turns", 8)(n => Seq(1 + n % 2)),
    places("partitions on three hosts by turns", 11)(n => Seq(1 + n % 3)),
    places("neighbours on one host", 12)(n => Seq(1 + n / 4)),
    places("most partitions on one host", 9)(n => Seq(if (n == 4) 2 else 1)),
    places("partitions with two hosts", 9)(n => Seq(1 + n % 3, 1 + (n + 1) % 3)),
    places("partitions with three hosts of four", 10)(n => Seq(0, 1, 2).map(k => 1 + (n + k) % 4)),
    places("a fourth host is not looked at", 6)(n => Seq(1, 1, 1, 2 + n)),
    places("every other partition has a host", 9)(n => if (n % 2 == 0) Seq(1) else Nil),
    places("one partition has a host", 7)(n => if (n == 3) Seq(2) else Nil),
    places("the last partitions have hosts", 10)(n => if (n > 6) Seq(n - 6) else Nil),
    places("each partition has a host of its own", 7)(n => Seq(n + 1)),
    places("squares", 20)(n => Seq(1 + n * n % 7)),
    places("thirty partitions on five hosts", 30)(n => Seq(1 + (n * 7 + n / 3) % 5)),
    program("partitions that are being cached have no place yet") { sc =>
      val rdd = eight(sc).cache()
      four(rdd)
    },
    program("partitions cached by the job before: it asked before it cached") { sc =>
      val rdd = eight(sc).cache()
      rdd.count()
      four(rdd)
    },
    program("partitions cached two jobs ago") { sc =>
      val rdd = eight(sc).cache()
      rdd.count()
      sc.parallelize(0 until 2, 2).count()
      four(rdd)
    },
    program("partitions cached and read again") { sc =>
      val rdd = eight(sc).cache()
      rdd.count()
      rdd.count()
      four(rdd)
    },
    program("some partitions cached") { sc =>
      val rdd = eight(sc).cache()
      sc.runJob(rdd, (them: Iterator[Int]) => them.size, Seq(1, 2, 6))
      sc.parallelize(0 until 2, 2).count()
      (1 to 8).map(count => groups(rdd.coalesce(count)))
    },
    program("what comes from cached partitions") { sc =>
      val rdd = eight(sc).cache()
      rdd.count()
      sc.parallelize(0 until 2, 2).count()
      four(rdd.map(_ + 10).filter(_ != 13))
    },
    program("a union of cached and plain partitions") { sc =>
      val rdd = sc.parallelize(0 until 4, 4).cache()
      rdd.count()
      sc.parallelize(0 until 2, 2).count()
      groups(sc.parallelize(10 until 15, 5).union(rdd).coalesce(3))
    },
    program("partitions that were cached and are not any more") { sc =>
      val rdd = eight(sc).cache()
      rdd.count()
      sc.parallelize(0 until 2, 2).count()
      val before = four(rdd)
      rdd.unpersist(blocking = true)
      val after = four(rdd)
      Seq(before, after, four(rdd))
    },
    program("joined before it is cached, used after") { sc =>
      val rdd = eight(sc).cache()
      val joined = rdd.coalesce(4)
      rdd.count()
      sc.parallelize(0 until 2, 2).count()
      groups(joined)
    },
    program("asked for its partitions before it is cached, used after") { sc =>
      val rdd = eight(sc).cache()
      val joined = rdd.coalesce(4)
      val count = joined.getNumPartitions
      rdd.count()
      sc.parallelize(0 until 2, 2).count()
      Seq(count, groups(joined))
    },
    program("printed before it is cached, used after") { sc =>
      val rdd = eight(sc).cache()
      val joined = rdd.coalesce(4)
      val lines = joined.toDebugString.split("\n").length
      rdd.count()
      sc.parallelize(0 until 2, 2).count()
      Seq(lines, groups(joined))
    },
    program("a union asks for partitions before they are cached") { sc =>
      val rdd = eight(sc).cache()
      val joined = rdd.coalesce(4)
      val both = joined.union(sc.parallelize(0 until 2, 1))
      rdd.count()
      sc.parallelize(0 until 2, 2).count()
      groups(both)
    },
    program("a shuffle not run yet") { sc => groups(keyed(sc).keys.coalesce(4)) },
    program("a shuffle that ran: its partitions are where its outputs are") { sc =>
      val counts = keyed(sc)
      counts.count()
      groups(counts.keys.coalesce(4))
    },
    program("a shuffle that ran, some of its partitions empty") { sc =>
      val counts = sc.parallelize(Seq(1, 3, 9), 2).map(n => (n, n)).reduceByKey(_ + _, 8)
      counts.count()
      groups(counts.keys.coalesce(5))
    },
    program("a cogroup of shuffles that ran") { sc =>
      val counts = keyed(sc)
      counts.count()
      groups(counts.join(counts.mapValues(_ + 1)).keys.coalesce(4))
    },
    program("sorted, joined") { sc =>
      groups(sc.parallelize(Seq(5, 3, 8, 1, 9, 2, 7), 3).sortBy(n => n, numPartitions = 6)
        .coalesce(3))
    },
    program("joined twice") { sc =>
      val rdd = eight(sc).cache()
      rdd.count()
      sc.parallelize(0 until 2, 2).count()
      groups(rdd.coalesce(5).coalesce(2))
    },
    program("repartitioned, joined") { sc =>
      val rdd = sc.parallelize(0 until 12, 2).repartition(6)
      rdd.count()
      groups(rdd.coalesce(4))
    })
}
