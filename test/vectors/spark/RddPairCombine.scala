// Values of a key combined; test/vectors/programs/rdd-pair-combine.ts says each program again.
package streamscope.vectors

import org.apache.spark.HashPartitioner
import org.apache.spark.streaming.vectors.SparkVector
import streamscope.vectors.Given.lineage
import streamscope.vectors.RddPairs._

object RddPairCombine {
  private def join(a: String, b: String): String = s"$a+$b"

  private val reduce = Seq(
    program("rddPairCombine/reduceByKey") { sc =>
      val counts = words(sc).mapValues(_ => 1).reduceByKey(_ + _)
      Seq(parts(counts), lineage(counts))
    },
    program("rddPairCombine/reduceByKey goes through each map task, then over them") { sc =>
      parts(words(sc).mapValues(_.toString).reduceByKey(join _))
    },
    program("rddPairCombine/reduceByKey(f, 5)") { sc =>
      val counts = words(sc).reduceByKey(_ + _, 5)
      Seq(parts(counts), lineage(counts))
    },
    program("rddPairCombine/reduceByKey(partitioner, f)") { sc =>
      val counts = words(sc).reduceByKey(new BySize(4), _ + _)
      Seq(parts(counts), lineage(counts))
    },
    program("rddPairCombine/reduceByKey of what is partitioned so already") { sc =>
      val counts = words(sc).reduceByKey(_ + _, 3).reduceByKey(_ + _)
      Seq(parts(counts), lineage(counts))
    },
    program("rddPairCombine/reduceByKey over another number of partitions") { sc =>
      val counts = words(sc).reduceByKey(_ + _, 3).reduceByKey(_ + _, 2)
      Seq(parts(counts), lineage(counts))
    },
    program("rddPairCombine/reduceByKey of no records") { sc =>
      val none = words(sc).filter(_ => false).reduceByKey(_ + _)
      val nowhere = sc.emptyRDD[(String, Int)].reduceByKey(_ + _)
      Seq(parts(none), parts(nowhere), lineage(nowhere))
    },
    program("rddPairCombine/reduceByKey over no partition") { sc =>
      parts(words(sc).reduceByKey(_ + _, 0))
    },
    program("rddPairCombine/reduceByKey of null keys and null values") { sc =>
      val pairs = Seq((null, "1"), ("a", null), (null, "2"), ("a", "3"), ("b", null), (null, "4"))
      parts(sc.parallelize(pairs: Seq[(String, String)], 2).reduceByKey(join _))
    },
    program("rddPairCombine/reduceByKey of 200 keys") { sc =>
      parts(sc.parallelize(0 until 400, 3).map(n => (n * 7 % 200, 1)).reduceByKey(_ + _))
    },
    program("rddPairCombine/reduceByKey of 120 texts in one partition") { sc =>
      parts(sc.parallelize(0 until 360, 4).map(n => (s"key-${n % 120}", 1)).reduceByKey(_ + _, 1))
    },
    program("rddPairCombine/reduceByKey of a key with most of the records") { sc =>
      val skewed = sc.parallelize(0 until 1000, 4).map(n => (if (n % 10 < 9) "hot" else s"k$n", 1))
      parts(skewed.reduceByKey(_ + _, 3).filter(_._2 > 1))
    },
    program("rddPairCombine/keys of every kind") { sc =>
      val ints = sc.parallelize(Seq(-1, 0, 1, Int.MaxValue, Int.MinValue, -1), 2).map((_, 1))
      val longs = sc.parallelize(Seq(4294967296L, -4294967297L, 9007199254740991L), 2).map((_, 1))
      val doubles = sc.parallelize(Seq(0.5, -0.5, 1e-9, Double.NaN, Double.NaN, 0.1), 2).map((_, 1))
      val booleans = sc.parallelize(Seq(true, false, true), 2).map((_, 1))
      val texts = sc.parallelize(Seq("", "\u00e9", "\u4e2d\u6587", "\ud83d\ude00", " "), 2)
        .map((_, 1))
      Seq(parts(ints.reduceByKey(_ + _, 3)), parts(longs.reduceByKey(_ + _, 3)),
        parts(doubles.reduceByKey(_ + _, 3)), parts(booleans.reduceByKey(_ + _, 3)),
        parts(texts.reduceByKey(_ + _, 3)))
    },
    program("rddPairCombine/keys made of others") { sc =>
      val tuples = sc.parallelize(Seq(("a", 1), ("b", 2), ("a", 1), (null, 3)), 2).map((_, 1))
      val nested = sc.parallelize(Seq((("a", 1), true), (("a", 1), false)), 2).map((_, 1))
      val triples = sc.parallelize(Seq((1, 2, 3), (3, 2, 1), (1, 2, 3)), 2).map((_, 1))
      val options = sc.parallelize(Seq(Some(1), None, Some(2), Some(1)), 2).map((_, 1))
      val halves = sc.parallelize(Seq((0.5, "x"), (0.25, "y"), (0.1, "z")), 2).map((_, 1))
      Seq(parts(tuples.reduceByKey(_ + _, 3)), parts(nested.reduceByKey(_ + _, 3)),
        parts(triples.reduceByKey(_ + _, 3)), parts(options.reduceByKey(_ + _, 3)),
        parts(halves.reduceByKey(_ + _, 3)))
    },
    program("rddPairCombine/reduceByKey whose function fails") { sc =>
      causeOf(words(sc).reduceByKey((_, _) => throw new IllegalStateException("no sum")).collect())
    },
    failure("rddPairCombine/reduceByKey over less than no partition") { sc =>
      words(sc).reduceByKey(_ + _, -1)
    })

  private val group = Seq(
    program("rddPairCombine/groupByKey") { sc =>
      val groups = words(sc).groupByKey()
      Seq(parts(groups), lineage(groups))
    },
    program("rddPairCombine/groupByKey(5) and its sums") { sc =>
      val sums = words(sc).groupByKey(5).mapValues(_.sum)
      Seq(parts(sums), lineage(sums))
    },
    program("rddPairCombine/groupByKey(partitioner)") { sc =>
      val groups = words(sc).groupByKey(new BySize(2))
      Seq(parts(groups), lineage(groups))
    },
    program("rddPairCombine/groupByKey of what is partitioned so already") { sc =>
      val groups = words(sc).partitionBy(new HashPartitioner(2)).groupByKey()
      Seq(parts(groups), lineage(groups))
    },
    program("rddPairCombine/groupByKey of null keys and null values") { sc =>
      val pairs = Seq((null, "1"), ("a", null), (null, null), ("a", "3"))
      parts(sc.parallelize(pairs: Seq[(String, String)], 2).groupByKey())
    },
    program("rddPairCombine/groupByKey of 100 keys") { sc =>
      parts(sc.parallelize(0 until 300, 3).map(n => (n % 100 * 31, n)).groupByKey(2))
    },
    program("rddPairCombine/groupByKey of no records") { sc =>
      parts(words(sc).filter(_ => false).groupByKey(2))
    })

  val all: Seq[SparkVector] = reduce ++ group
}
