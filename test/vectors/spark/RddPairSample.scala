// Samples of keys' values; test/vectors/programs/rdd-pair-sample.ts says each program again.
package streamscope.vectors

import org.apache.spark.HashPartitioner
import org.apache.spark.rdd.RDD
import org.apache.spark.SparkContext
import org.apache.spark.streaming.vectors.SparkVector
import streamscope.vectors.Given.lineage
import streamscope.vectors.RddPairs._

object RddPairSample {
  private def numbers(sc: SparkContext): RDD[(String, Int)] =
    sc.parallelize(0 until 120, 3).map(n => (Seq("a", "b", "c")(n % 3), n))

  private val fractions = Map("a" -> 0.1, "b" -> 0.5, "c" -> 0.9)
  private val rates = Map("a" -> 0.3, "b" -> 1.0, "c" -> 2.5)

  val all: Seq[SparkVector] = Seq(
    program("rddPairSample/sampleByKey without replacement") { sc =>
      Seq(1L, 42L, -7L).map(seed => parts(numbers(sc).sampleByKey(false, fractions, seed)))
    },
    program("rddPairSample/sampleByKey with replacement") { sc =>
      Seq(1L, 42L, -7L).map(seed => parts(numbers(sc).sampleByKey(true, rates, seed)))
    },
    program("rddPairSample/sampleByKey of none and of all") { sc =>
      val ends = Map("a" -> 0.0, "b" -> 1.0, "c" -> 0.0)
      parts(numbers(sc).sampleByKey(false, ends, 3L))
    },
    program("rddPairSample/sampleByKey keeps the partitioner") { sc =>
      val placed = numbers(sc).partitionBy(new HashPartitioner(2))
      lineage(placed.sampleByKey(false, fractions, 3L).reduceByKey(_ + _)) ++
        lineage(placed.sampleByKey(true, rates, 3L).reduceByKey(_ + _))
    },
    failure("rddPairSample/sampleByKey of less than nothing") { sc =>
      numbers(sc).sampleByKey(false, Map("a" -> -0.5), 1L)
    },
    failure("rddPairSample/sampleByKeyExact of less than nothing") { sc =>
      numbers(sc).sampleByKeyExact(false, Map("a" -> -0.5), 1L)
    },
    program("rddPairSample/sampleByKey of a key without a fraction") { sc =>
      Seq(causeOf(numbers(sc).sampleByKey(false, Map("a" -> 0.5), 1L).collect()),
        causeOf(numbers(sc).sampleByKey(true, Map("a" -> 0.5), 1L).collect()))
    },
    program("rddPairSample/sampleByKey with replacement of a fraction of 0") { sc =>
      causeOf(numbers(sc).sampleByKey(true, Map("a" -> 0.0), 1L).collect())
    },
    program("rddPairSample/sampleByKeyExact with replacement of many") { sc =>
      val many = sc.parallelize(0 until 3000, 4).map(n => (n % 2, n))
      Seq(0.1, 0.34, 1.7).map { f =>
        val sample = many.sampleByKeyExact(true, Map(0 -> f, 1 -> 0.02), 11L).collect()
        Seq(sample.count(_._1 == 0), sample.count(_._1 == 1), sample.map(_._2).sum)
      }
    },
    program("rddPairSample/sampleByKeyExact without replacement") { sc =>
      Seq(1L, 42L, -7L).map(seed => parts(numbers(sc).sampleByKeyExact(false, fractions, seed)))
    },
    program("rddPairSample/sampleByKeyExact without replacement of many") { sc =>
      val many = sc.parallelize(0 until 3000, 4).map(n => (n % 2, n))
      Seq(0.1, 0.34, 0.999).map { f =>
        val sample = many.sampleByKeyExact(false, Map(0 -> f, 1 -> 0.02), 11L).collect()
        Seq(sample.count(_._1 == 0), sample.count(_._1 == 1), sample.map(_._2).sum)
      }
    },
    program("rddPairSample/sampleByKeyExact with replacement") { sc =>
      Seq(1L, 42L, -7L).map(seed => parts(numbers(sc).sampleByKeyExact(true, rates, seed)))
    },
    program("rddPairSample/RDDs that sampleByKeyExact makes") { sc =>
      val pairs = numbers(sc)
      lineage(pairs.sampleByKeyExact(false, fractions, 3L)) ++
        lineage(pairs.sampleByKeyExact(true, rates, 3L))
    })
}
