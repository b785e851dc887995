// Keys with an order; test/vectors/programs/rdd-ordered.ts says each program again.
package streamscope.vectors

import org.apache.spark.{HashPartitioner, RangePartitioner, SparkContext}
import org.apache.spark.rdd.RDD
import org.apache.spark.streaming.vectors.SparkVector
import streamscope.vectors.Given.lineage
import streamscope.vectors.RddPairs._

object RddOrdered {
  /** A fixed shuffle of the numbers below `count`, each with its place. */
  private def mixed(sc: SparkContext, count: Int, slices: Int): RDD[(Int, Int)] =
    sc.parallelize(0 until count, slices).map(n => ((n * 7919L % count).toInt, n))

  /** For many records: how many are in each partition, and its first and last. */
  private def ends(rdd: RDD[(Int, Int)]): Seq[Any] =
    rdd.glom().collect().toSeq.map(part => Seq(part.length, part.headOption, part.lastOption))

  private val sorts = Seq(
    program("rddOrdered/sortByKey") { sc =>
      val sorted = words(sc).sortByKey()
      Seq(parts(sorted), lineage(sorted))
    },
    program("rddOrdered/sortByKey(false)") { sc =>
      val sorted = words(sc).sortByKey(false)
      Seq(parts(sorted), lineage(sorted))
    },
    program("rddOrdered/sortByKey over 1, 2, 5 and 40 partitions") { sc =>
      Seq(1, 2, 5, 40).map(n => parts(words(sc).sortByKey(true, n)))
    },
    program("rddOrdered/sortByKey(false, n) over 1, 2, 5 and 40 partitions") { sc =>
      Seq(1, 2, 5, 40).map(n => parts(words(sc).sortByKey(false, n)))
    },
    program("rddOrdered/sortByKey over one partition takes no sample") { sc =>
      val counting = new Counting
      val pairs = counting.of(words(sc))
      val one = pairs.sortByKey(true, 1)
      val none = counting.take()
      val three = pairs.sortByKey(true, 3)
      Seq(none, counting.take(), lineage(one), lineage(three))
    },
    program("rddOrdered/sortByKey over no partition") { sc =>
      parts(words(sc).sortByKey(true, 0))
    },
    failure("rddOrdered/sortByKey over less than no partition") { sc =>
      words(sc).sortByKey(true, -2)
    },
    program("rddOrdered/sortByKey of no records") { sc =>
      val none = words(sc).filter(_ => false).sortByKey()
      val nowhere = sc.emptyRDD[(Int, Int)].sortByKey()
      Seq(parts(none), parts(nowhere), lineage(none), lineage(nowhere))
    },
    program("rddOrdered/sortByKey of one key") { sc =>
      val same = sc.parallelize(0 until 9, 3).map(n => ("k", n))
      Seq(parts(same.sortByKey()), parts(same.sortByKey(false)))
    },
    program("rddOrdered/sortByKey keeps equal keys in the order they came") { sc =>
      val few = sc.parallelize(0 until 30, 4).map(n => (n % 3, n))
      Seq(parts(few.sortByKey()), parts(few.sortByKey(false)), parts(few.sortByKey(true, 2)))
    },
    program("rddOrdered/sortByKey of a key with most of the records") { sc =>
      val skewed = sc.parallelize(0 until 60, 3).map(n => (if (n % 6 == 0) n else 7, n))
      parts(skewed.sortByKey(true, 4))
    },
    program("rddOrdered/sortByKey after a sample of 3000 keys") { sc =>
      val sorted = mixed(sc, 3000, 3).sortByKey()
      Seq(ends(sorted), ends(mixed(sc, 3000, 3).sortByKey(false, 7)))
    },
    program("rddOrdered/sortByKey after a sample of 2000 keys over 30 partitions") { sc =>
      ends(mixed(sc, 2000, 4).sortByKey(true, 30))
    },
    program("rddOrdered/sortByKey over 200 partitions") { sc =>
      ends(mixed(sc, 1000, 2).sortByKey(true, 200))
    },
    program("rddOrdered/sortByKey of partitions far from equally full") { sc =>
      val lopsided = sc.parallelize(0 until 10, 5)
        .flatMap(n => if (n < 2) (0 until 800).map(i => (i * 7919 % 1601, n)) else Seq((n, n)))
      Seq(ends(lopsided.sortByKey()), ends(lopsided.sortByKey(false, 3)),
        lineage(lopsided.sortByKey()))
    },
    program("rddOrdered/sortByKey of one full partition among many") { sc =>
      val lopsided = sc.parallelize(0 until 20, 20)
        .flatMap(n => if (n == 7) (0 until 5000).map(i => (i * 7919 % 5003, n)) else Seq((-n, n)))
      ends(lopsided.sortByKey(true, 4))
    },
    program("rddOrdered/sortByKey twice") { sc =>
      val twice = words(sc).sortByKey().map(_.swap).sortByKey(false)
      Seq(parts(twice), lineage(twice))
    })

  private val orders = Seq(
    program("rddOrdered/order of texts") { sc =>
      val texts = Seq("b", "", "B", "a", "\u00e9", "aa", "Z", "_", "10", "9", "\ud83d\ude00",
        "\uff5e", "\u4e2d")
      parts(sc.parallelize(texts.map((_, 0)), 3).sortByKey(true, 3))
    },
    program("rddOrdered/order of numbers") { sc =>
      val doubles = Seq(0.5, -1e300, 1e-9, Double.NaN, Double.PositiveInfinity, -0.25, 2.5,
        Double.NegativeInfinity)
      val longs = Seq(1L << 40, -1L, 0L, -(1L << 50), 7L)
      Seq(parts(sc.parallelize(doubles.map((_, 0)), 3).sortByKey()),
        parts(sc.parallelize(longs.map((_, 0)), 2).sortByKey(false)))
    },
    program("rddOrdered/order of truths, of pairs and of options") { sc =>
      val truths = sc.parallelize(Seq(true, false, true, false).zipWithIndex, 2)
      val pairs = sc.parallelize(Seq(("b", 2), ("a", 9), ("b", 1), ("a", 10)).zipWithIndex, 2)
      val triples =
        sc.parallelize(Seq((1, "b", true), (1, "b", false), (0, "z", true)).zipWithIndex, 2)
      val options = sc.parallelize(Seq(Some(2), None, Some(1), None: Option[Int]).zipWithIndex, 2)
      Seq(parts(truths.sortByKey()), parts(pairs.sortByKey()), parts(triples.sortByKey()),
        parts(options.sortByKey()))
    },
    program("rddOrdered/sortByKey by an order of one's own") { sc =>
      implicit val byLength: Ordering[String] =
        Ordering.by((text: String) => (text.length, text))(
          Ordering.Tuple2(Ordering.Int, Ordering.String))
      Seq(parts(words(sc).sortByKey()), parts(words(sc).sortByKey(false, 2)))
    },
    program("rddOrdered/sortByKey by an order that takes keys as equal") { sc =>
      implicit val lengths: Ordering[String] = Ordering.by((text: String) => text.length)
      parts(words(sc).sortByKey(true, 4))
    })

  private val placed = Seq(
    program("rddOrdered/repartitionAndSortWithinPartitions") { sc =>
      val sorted = words(sc).repartitionAndSortWithinPartitions(new HashPartitioner(3))
      val own = words(sc).repartitionAndSortWithinPartitions(new BySize(2))
      Seq(parts(sorted), lineage(sorted), parts(own), lineage(own))
    },
    program("rddOrdered/repartitionAndSortWithinPartitions of what lies so already") { sc =>
      val placed = words(sc).partitionBy(new HashPartitioner(3))
      val sorted = placed.repartitionAndSortWithinPartitions(new HashPartitioner(3))
      Seq(parts(sorted), lineage(sorted), lineage(sorted.reduceByKey(_ + _)))
    },
    program("rddOrdered/repartitionAndSortWithinPartitions by an order of one's own") { sc =>
      implicit val down: Ordering[String] = Ordering.String.reverse
      parts(words(sc).repartitionAndSortWithinPartitions(new HashPartitioner(2)))
    },
    program("rddOrdered/filterByRange") { sc =>
      val some = words(sc).filterByRange("in", "question")
      Seq(parts(some), lineage(some))
    },
    program("rddOrdered/filterByRange of sorted keys leaves partitions out") { sc =>
      val counting = new Counting
      val sorted = counting.of(words(sc).sortByKey(true, 6))
      val some = sorted.filterByRange("in", "not")
      val down = counting.of(words(sc).sortByKey(false, 6)).filterByRange("in", "not")
      Seq(parts(some), counting.take(), lineage(some), parts(down), counting.take(), lineage(down))
    },
    program("rddOrdered/filterByRange of nothing, of one key and beyond the ends") { sc =>
      val sorted = words(sc).sortByKey(true, 4)
      Seq(parts(sorted.filterByRange("z", "a")), parts(sorted.filterByRange("mind", "mind")),
        parts(sorted.filterByRange("x", "zz")), parts(sorted.filterByRange("", "z")),
        parts(words(sc).filterByRange("z", "a")))
    },
    program("rddOrdered/a range partitioner") { sc =>
      val pairs = mixed(sc, 100, 4)
      val ranges = new RangePartitioner(4, pairs)
      val down = new RangePartitioner(4, pairs, false)
      val keys = Seq(-5, 0, 24, 25, 26, 50, 51, 75, 99, 1000)
      Seq(ranges.numPartitions, keys.map(ranges.getPartition), keys.map(down.getPartition),
        ranges == new RangePartitioner(4, pairs), ranges == down,
        ranges == new RangePartitioner(3, pairs), ranges == new HashPartitioner(4),
        new RangePartitioner(1, pairs).numPartitions)
    },
    program("rddOrdered/partitionBy a range partitioner") { sc =>
      val pairs = words(sc)
      val placed = pairs.partitionBy(new RangePartitioner(3, pairs))
      Seq(parts(placed), lineage(placed))
    },
    program("rddOrdered/reduceByKey and join of sorted keys need no shuffle") { sc =>
      val sorted = words(sc).sortByKey()
      val sums = sorted.reduceByKey(_ + _)
      Seq(parts(sums), lineage(sums), parts(sums.join(sorted)), lineage(sums.join(sorted)))
    },
    program("rddOrdered/equal range partitioners need no shuffle between them") { sc =>
      val pairs = words(sc)
      lineage(pairs.sortByKey().join(pairs.sortByKey())) ++
        lineage(pairs.sortByKey().join(pairs.sortByKey(false)))
    },
    program("rddOrdered/lookup of a sorted key computes one partition") { sc =>
      val counting = new Counting
      val sorted = counting.of(words(sc).sortByKey(true, 5))
      Seq(sorted.lookup("the"), counting.take(), sorted.lookup("zero"), counting.take())
    },
    program("rddOrdered/subtractByKey of sorted keys") { sc =>
      val kept = words(sc).sortByKey().subtractByKey(right(sc))
      Seq(parts(kept), lineage(kept))
    })

  val all: Seq[SparkVector] = sorts ++ orders ++ placed
}
