// Where keys go, and what is found there; test/vectors/programs/rdd-pair-place.ts says each again.
package streamscope.vectors

import org.apache.spark.HashPartitioner
import org.apache.spark.streaming.vectors.SparkVector
import streamscope.vectors.Given.lineage
import streamscope.vectors.RddPairs._

object RddPairPlace {
  private val placed = Seq(
    program("rddPairPlace/partitionBy a hash partitioner") { sc =>
      val placed = words(sc).partitionBy(new HashPartitioner(4))
      Seq(parts(placed), lineage(placed))
    },
    program("rddPairPlace/partitionBy a partitioner of one's own") { sc =>
      val placed = words(sc).partitionBy(new BySize(3))
      Seq(parts(placed), lineage(placed))
    },
    program("rddPairPlace/partitionBy an equal partitioner is the same RDD") { sc =>
      val placed = words(sc).partitionBy(new HashPartitioner(3))
      val again = placed.partitionBy(new HashPartitioner(3))
      val own = words(sc).partitionBy(new BySize(3))
      Seq(again eq placed, own.partitionBy(new BySize(3)) eq own,
        own.partitionBy(new BySize(2)) eq own, lineage(again))
    },
    program("rddPairPlace/partitionBy another partitioner shuffles again") { sc =>
      val everything = new Everything(0, 3)
      val placed = words(sc).partitionBy(everything)
      Seq(placed.partitionBy(everything) eq placed,
        lineage(placed.partitionBy(new Everything(0, 3))),
        lineage(placed.partitionBy(new HashPartitioner(3))))
    },
    program("rddPairPlace/partitionBy of null keys") { sc =>
      val nulls = sc.parallelize(Seq(("b", 1), (null, 2), ("a", 3)): Seq[(String, Int)], 2)
      parts(nulls.partitionBy(new HashPartitioner(4)))
    },
    program("rddPairPlace/partitionBy of no records and over no partition") { sc =>
      Seq(parts(words(sc).filter(_ => false).partitionBy(new HashPartitioner(2))),
        parts(words(sc).partitionBy(new HashPartitioner(0))))
    },
    program("rddPairPlace/a partitioner that puts a key nowhere") { sc =>
      Seq(-1, 2, 7).map(to => causeOf(words(sc).partitionBy(new Everything(to, 2)).collect()))
    },
    program("rddPairPlace/a partitioner that fails") { sc =>
      val fails = new BySize(2) {
        override def getPartition(key: Any): Int =
          throw new IllegalArgumentException(s"not $key")
      }
      causeOf(sc.parallelize(Seq(("be", 1)), 1).partitionBy(fails).collect())
    },
    failure("rddPairPlace/a hash partitioner of less than no partition") { _ =>
      new HashPartitioner(-3)
    },
    program("rddPairPlace/where a hash partitioner puts keys") { _ =>
      val seven = new HashPartitioner(7)
      Seq[Any]("", "kafka", "spark", null, 0, -1, 12345678901L, true, 0.5, ("a", 1), Some("a"),
        None, List(1), List(1, 2)).take(12).map(seven.getPartition)
    },
    program("rddPairPlace/which partitioners are equal") { _ =>
      val three = new HashPartitioner(3)
      Seq(three == new HashPartitioner(3), three == new HashPartitioner(4),
        three.equals(new BySize(3)), new BySize(3).equals(three))
    },
    program("rddPairPlace/reduceByKey after partitionBy stays in place") { sc =>
      val placed = words(sc).partitionBy(new BySize(2))
      val sums = placed.reduceByKey(_ + _)
      Seq(parts(sums), lineage(sums), lineage(placed.reduceByKey(new BySize(2), _ + _)))
    })

  private val values = Seq(
    program("rddPairPlace/keys and values") { sc =>
      val pairs = left(sc)
      Seq(parts(pairs.keys), parts(pairs.values), lineage(pairs.keys), lineage(pairs.values))
    },
    program("rddPairPlace/mapValues") { sc =>
      val mapped = words(sc).partitionBy(new HashPartitioner(2)).mapValues(n => s"<$n>")
      Seq(parts(mapped), lineage(mapped), lineage(mapped.groupByKey()))
    },
    program("rddPairPlace/flatMapValues") { sc =>
      val few = left(sc).flatMapValues(n => 1 until n)
      Seq(parts(few), lineage(few))
    },
    program("rddPairPlace/flatMapValues keeps the partitioner") { sc =>
      val placed = words(sc).partitionBy(new HashPartitioner(2)).flatMapValues(n => Seq(n, n))
      Seq(parts(placed), lineage(placed.reduceByKey(_ + _)))
    },
    program("rddPairPlace/mapValues and flatMapValues whose function fails") { sc =>
      def fail(n: Int): Seq[Int] = throw new IllegalStateException(s"no $n")
      val first = sc.parallelize(Seq(("a", 1)), 1)
      Seq(causeOf(first.mapValues(fail).collect()), causeOf(first.flatMapValues(fail).collect()))
    })

  private val lookups = Seq(
    program("rddPairPlace/lookup") { sc =>
      Seq("to", "be", "mind", "nowhere").map(words(sc).lookup(_))
    },
    program("rddPairPlace/lookup where a partitioner says the partition computes it alone") { sc =>
      val counting = new Counting
      val spread = counting.of(words(sc))
      val placed = counting.of(words(sc).partitionBy(new HashPartitioner(5)))
      val own = counting.of(words(sc).partitionBy(new BySize(3)))
      Seq(spread.lookup("to"), counting.take(), placed.lookup("to"), counting.take(),
        own.lookup("to"), counting.take(), placed.lookup("nowhere"), counting.take())
    },
    program("rddPairPlace/lookup of null, of numbers and of pairs") { sc =>
      val nulls = sc.parallelize(Seq((null, 1), ("a", 2), (null, 3)): Seq[(String, Int)], 2)
      val numbers = sc.parallelize(Seq((1, "x"), (2, "y"), (1, "z")), 2)
      val pairs = sc.parallelize(Seq((("a", 1), "x"), (("a", 2), "y"), (("a", 1), "z")), 2)
      Seq(nulls.lookup(null), nulls.partitionBy(new HashPartitioner(3)).lookup(null),
        numbers.lookup(1), pairs.lookup(("a", 1)),
        pairs.partitionBy(new HashPartitioner(3)).lookup(("a", 1)))
    },
    program("rddPairPlace/lookup in no records") { sc =>
      Seq(words(sc).filter(_ => false).lookup("to"), sc.emptyRDD[(String, Int)].lookup("to"))
    },
    program("rddPairPlace/lookup makes two RDDs unless there is a partitioner") { sc =>
      val pairs = words(sc)
      pairs.lookup("to")
      val placed = pairs.partitionBy(new HashPartitioner(2))
      placed.lookup("to")
      lineage(placed.mapValues(_ + 1))
    })

  val all: Seq[SparkVector] = placed ++ values ++ lookups
}
