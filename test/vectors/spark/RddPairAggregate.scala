// Values of a key folded and combined, and counted on the driver;
// test/vectors/programs/rdd-pair-aggregate.ts says each program again.
package streamscope.vectors

import scala.collection.mutable.ArrayBuffer

import org.apache.spark.HashPartitioner
import org.apache.spark.streaming.vectors.SparkVector
import streamscope.vectors.Given.lineage
import streamscope.vectors.RddPairs._

object RddPairAggregate {
  private def join(a: String, b: String): String = s"$a+$b"
  private def create(n: Int): String = s"c$n"
  private def next(told: String, n: Int): String = s"$told v$n"
  private def meet(a: String, b: String): String = s"[$a m $b]"

  private val aggregate = Seq(
    program("rddPairAggregate/aggregateByKey begins each key of a map task with the zero") { sc =>
      val each = Seq(1, 2, 6).map { slices =>
        parts(words(sc, slices).aggregateByKey("0")((text, n) => s"$text.$n", (a, b) => s"($a $b)"))
      }
      each :+ lineage(words(sc).aggregateByKey(0)(_ + _, _ + _))
    },
    program("rddPairAggregate/aggregateByKey(zero, 4)") { sc =>
      val sums = words(sc).aggregateByKey(100, 4)(_ + _, _ + _)
      Seq(parts(sums), lineage(sums))
    },
    program("rddPairAggregate/aggregateByKey(zero, partitioner)") { sc =>
      val highest = words(sc).aggregateByKey(-1, new BySize(3))(math.max(_, _), math.max(_, _))
      Seq(parts(highest), lineage(highest))
    },
    program("rddPairAggregate/aggregateByKey of what is partitioned so already") { sc =>
      val sums = words(sc, 6).partitionBy(new HashPartitioner(2)).aggregateByKey(100)(_ + _, _ + _)
      Seq(parts(sums), lineage(sums))
    },
    program("rddPairAggregate/aggregateByKey gives each key a zero of its own") { sc =>
      val zero = ArrayBuffer.empty[Int]
      val lists = words(sc).aggregateByKey(zero)((list, n) => list += n, (a, b) => a ++= b)
      Seq(lists.mapValues(_.mkString(" ")).collect().toSeq.map(_.toString), zero.size)
    },
    program("rddPairAggregate/aggregateByKey takes the zero of the call") { sc =>
      val zero = ArrayBuffer(1)
      val lists = words(sc, 2).aggregateByKey(zero)((list, n) => list += n, (a, b) => a ++= b)
      zero += 2
      lists.mapValues(_.mkString(" ")).collect().toSeq.map(_.toString)
    },
    program("rddPairAggregate/foldByKey begins each key of a map task with the zero") { sc =>
      Seq(1, 2, 6).map(slices => parts(words(sc, slices).foldByKey(100)(_ + _)))
    },
    program("rddPairAggregate/foldByKey(zero, 4) and (zero, partitioner)") { sc =>
      val four = words(sc).foldByKey(0, 4)(_ - _)
      val byLength = words(sc).foldByKey(1, new BySize(2))(_ - _)
      Seq(parts(four), lineage(four), parts(byLength), lineage(byLength))
    },
    program("rddPairAggregate/countApproxDistinctByKey") { sc =>
      val pairs = sc.parallelize(0 until 3000, 4).map(n => (Seq("a", "b", "c")(n % 3), n % 7 * n))
      val counts = pairs.countApproxDistinctByKey()
      val rough = pairs.countApproxDistinctByKey(0.3, 3)
      val byLength = pairs.countApproxDistinctByKey(0.1, new BySize(2))
      Seq(counts, rough, byLength).flatMap(rdd => Seq(parts(rdd), lineage(rdd)))
    },
    program("rddPairAggregate/countApproxDistinctByKey by precisions") { sc =>
      val pairs = sc.parallelize(0 until 500, 3).map(n => (n % 2 == 0, s"value ${n % 170}"))
      Seq(parts(pairs.countApproxDistinctByKey(4, 0, new HashPartitioner(2))),
        parts(pairs.countApproxDistinctByKey(8, 20, new HashPartitioner(1))))
    },
    failure("rddPairAggregate/countApproxDistinctByKey of a low precision") { sc =>
      words(sc).countApproxDistinctByKey(3, 0, new HashPartitioner(2))
    },
    failure("rddPairAggregate/countApproxDistinctByKey of a high sparse precision") { sc =>
      words(sc).countApproxDistinctByKey(5, 33, new HashPartitioner(2))
    },
    failure("rddPairAggregate/countApproxDistinctByKey of a sparse precision below") { sc =>
      words(sc).countApproxDistinctByKey(9, 8, new HashPartitioner(2))
    },
    failure("rddPairAggregate/countApproxDistinctByKey of too high an accuracy") { sc =>
      words(sc).countApproxDistinctByKey(0.00001)
    },
    program("rddPairAggregate/combineByKey") { sc =>
      val told = words(sc).combineByKey[String](
        create _, next _, meet _)
      Seq(parts(told), lineage(told))
    },
    program("rddPairAggregate/combineByKey(..., 4)") { sc =>
      parts(words(sc).combineByKey[String](
        create _, next _, meet _,
        4))
    },
    program("rddPairAggregate/combineByKey without combining on the map side") { sc =>
      val told = words(sc).combineByKey[String](
        create _, next _, meet _,
        new HashPartitioner(2), mapSideCombine = false)
      Seq(parts(told), lineage(told))
    },
    program("rddPairAggregate/combineByKey of what is partitioned so already") { sc =>
      val told = words(sc).partitionBy(new HashPartitioner(3)).combineByKey[String](
        create _, next _, meet _,
        new HashPartitioner(3))
      Seq(parts(told), lineage(told))
    },
    program("rddPairAggregate/combineByKeyWithClassTag") { sc =>
      val sums = words(sc).combineByKeyWithClassTag[Int](
        (n: Int) => n, (c: Int, n: Int) => c + n, (a: Int, b: Int) => a * b, new BySize(2))
      Seq(parts(sums), lineage(sums))
    })

  private val local = Seq(
    program("rddPairAggregate/reduceByKeyLocally") { sc =>
      words(sc).reduceByKeyLocally(_ + _)
    },
    program("rddPairAggregate/reduceByKeyLocally in the order of its table") { sc =>
      val pairs = sc.parallelize(0 until 40, 1).map(n => (s"key-${n * 37 % 40}", n))
      Seq(pairs.reduceByKeyLocally(_ + _).toSeq.map(_.toString),
        words(sc, 1).reduceByKeyLocally(_ + _).toSeq.map(_.toString))
    },
    program("rddPairAggregate/reduceByKeyLocally of null values") { sc =>
      val pairs = Seq(("a", null), ("a", "1"), ("a", "2"), ("b", null), (null, "3"), (null, "4"))
      sc.parallelize(pairs: Seq[(String, String)], 1).reduceByKeyLocally(join _)
    },
    program("rddPairAggregate/reduceByKeyLocally of no records") { sc =>
      words(sc).filter(_ => false).reduceByKeyLocally(_ + _)
    },
    failure("rddPairAggregate/reduceByKeyLocally of no partitions") { sc =>
      sc.emptyRDD[(String, Int)].reduceByKeyLocally(_ + _)
    },
    program("rddPairAggregate/countByKey") { sc =>
      val nulls = sc.parallelize(Seq((null, 1), ("a", 2), (null, 3)): Seq[(String, Int)], 2)
      Seq(words(sc).countByKey(), nulls.countByKey(), sc.emptyRDD[(Int, Int)].countByKey())
    },
    program("rddPairAggregate/countByKeyApprox") { sc =>
      val pairs = words(sc)
      val counts = pairs.countByKeyApprox(100000).getFinalValue()
      Seq(counts.map { case (word, count) => (word, count.mean) }, lineage(pairs.mapValues(_ + 1)))
    },
    failure("rddPairAggregate/countByKeyApprox with a confidence above 1") { sc =>
      words(sc).countByKeyApprox(1000, 1.5)
    },
    program("rddPairAggregate/collectAsMap keeps the last value of a key") { sc =>
      Seq(words(sc).collectAsMap(), sc.emptyRDD[(Int, Int)].collectAsMap())
    },
    program("rddPairAggregate/collectAsMap of keys that are pairs") { sc =>
      sc.parallelize(Seq((("a", 1), "x"), (("b", 1), "y"), (("a", 1), "z")), 2).collectAsMap()
    },
    program("rddPairAggregate/RDDs that countByKey and reduceByKeyLocally make") { sc =>
      val pairs = words(sc)
      pairs.countByKey()
      val second = pairs.mapValues(_ + 1)
      pairs.reduceByKeyLocally(_ + _)
      lineage(second) ++ lineage(pairs.mapValues(_ + 1))
    })

  val all: Seq[SparkVector] = aggregate ++ local
}
