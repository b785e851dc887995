// What `print` writes, the order within a partition, and the partition of each key.
// test/vectors/programs/*.ts says each program again for our engine, by its name.
package streamscope.vectors

import scala.reflect.ClassTag

import org.apache.spark.streaming.Seconds
import org.apache.spark.streaming.vectors.{Seen, SparkVector}
import streamscope.vectors.Given._

object Printing {
  private val printing = Seq(
    program("print/no record, 1, 10, 11, 20",
      Seq(0, 1, 10, 11, 20).map(count => (1 to count).toSeq))(_.print()),
    program("print/print(0), print(1) and print(3)", Seq(Seq(), Seq(1), Seq(1, 2, 3, 4))) { in =>
      in.print(0)
      in.print(1)
      in.print(3)
    },
    program("print/numbers, booleans and null",
      Seq(Seq[Any](1.5, 1.0e-4, 1.23456785e7, 0.001, -0.75, 9.5e-4, 123456.789, 1.0e20, 0.1),
        Seq[Any](null, true, false, 0, -7, 5000000000L, 12345678.9, 9999999.5),
        Seq[Any](100.25, 1.0e-10, 3.14159e100, -2.5e-7, 1.0e300, 2147483647, -2147483648)))(
      _.print()),
    program("print/text is written as it is", Seq(Seq("", " a ", "two\nlines", "\"q\"", "\u00e9")))(
      _.print()),
    program("print/tuples, nested, with null and doubles", words) { in =>
      in.map(word => (word, word.length)).print()
      in.map(word => ((word, 1), (word.length, (null: Any, 0.5), true))).print(2)
    },
    program("print/groups", words) { in =>
      in.map(word => (word.length, word)).groupByKey().print()
      in.transform(rdd => rdd.map(word => (word.length, word)).groupByKey()).print()
      in.transform(rdd => rdd.map(word => (word, 1)).cogroup(rdd.map(word => (word, 2)))).print()
      in.map(word => (word.length, word)).join(in.map(word => (2, word))).print()
    },
    program("print/take scans more partitions when it finds little",
      Seq(Seq(0), Seq(15), Seq(99))) { in =>
      val spread = in.transform { rdd =>
        val from = rdd.collect().head
        rdd.context.makeRDD(0 until 40, 40).filter(_ >= from)
      }
      spread.print()
      spread.print(2)
      Seen.value(spread)(rdd => rdd.take(5).toSeq)
      Seen.value(spread)(rdd => rdd.isEmpty())
    })

  private val names = (0 until 100).map(n => s"user-${n * 7919 % 1000}")
  private val integers = (0 until 300).map(n => n * 7919 % 1009 - 500)

  private val order = Seq(1, 2, 3).flatMap(n => Seq[SparkVector](
    program(s"order/reduceByKey of few words, parallelism $n", words, n) { in =>
      Seen.partitions(counts(in))
      counts(in).print()
    },
    program(s"order/reduceByKey of 100 names, parallelism $n", Seq(names, names.reverse), n) { in =>
      Seen.partitions(counts(in))
      counts(in).print(50)
    },
    program(s"order/reduceByKey of 300 integers, parallelism $n", Seq(integers), n) { in =>
      Seen.partitions(counts(in))
    })) ++ Seq[SparkVector](
    program("order/groupByKey of 100 names", Seq(names ++ names.take(30))) { in =>
      Seen.partitions(in.map(name => (name, name.length)).groupByKey())
      Seen.partitions(in.transform(_.map(name => (name, name.length)).groupByKey()))
    },
    program("order/groupByKey of pairs", Seq(integers)) { in =>
      Seen.partitions(in.map(n => ((n % 7, "k" + n % 10), n)).groupByKey(3))
    },
    program("order/join of 100 names", Seq(names)) { in =>
      Seen.partitions(pairs(in).join(in.map(name => (name, name.last.toString))))
    },
    program("order/countByValue of mixed keys",
      Seq(Seq[Any](3.5, null, "a", true, 2, false, null, 0.1, -1, "b", 1e-3, 3.5))) { in =>
      Seen.partitions(in.countByValue())
    },
    program("order/reduceByKey where keys are partitioned already", Seq(names ++ names)) { in =>
      Seen.partitions(counts(in).map(pair => pair).mapValues(_ + 1).reduceByKey(_ + _))
      Seen.partitions(counts(in).mapValues(_ + 1).reduceByKey(_ + _))
    },
    program("order/updateStateByKey of 100 names", Seq(names, names.reverse.take(50), Seq()),
      checkpoints = true) { in =>
      Seen.partitions(pairs(in).updateStateByKey[Int] { (ones: Seq[Int], count: Option[Int]) =>
        Some(count.getOrElse(0) + ones.sum)
      })
    },
    program("order/inverse window of 100 names", Seq(names, names.reverse.take(50), Seq("new")),
      checkpoints = true) { in =>
      Seen.partitions(pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2)))
    })

  private def placement[T: ClassTag](name: String, keys: Seq[T]): SparkVector =
    program(s"placement/$name", Seq(keys)) { in =>
      for (count <- Seq(2, 3, 7)) Seen.partitions(pairs(in).reduceByKey(_ + _, count))
    }

  private val placements = Seq(
    placement("strings",
      Seq("", "a", "b", "ab", "polygenelubricants", "\u00e9t\u00e9", "Aa", "BB")),
    placement("integers", Seq(0, 1, -1, 7, -7, 2147483647, -2147483648, 1000003)),
    placement("longs",
      Seq(4294967296L, 5000000000L, -5000000000L, 9007199254740991L, 1099511627776L)),
    placement("doubles", Seq(0.5, -0.5, 1.5, 0.1, 1.0e-4, 3.141592653589793, 1.0e300, -2.75)),
    placement("booleans and null", Seq[Any](true, false, null)),
    placement("pairs", Seq(("a", 1), ("a", -1), ("b", 5000000000L), ("", 0.5), ("c", 0.1),
      (null, true), ("d", false)).map(pair => pair: (Any, Any))),
    placement("triples and nested pairs", Seq[Any]((1, 2, 3), ("a", (1, 2)), (("x", "y"), null),
      (1, "b", 2.5), ((1, 2), (3, 4)), (1, 2, 3, 4, 5))),
    program("placement/parallelize deals in order", oneBatch) { in =>
      Seen.value(in) { rdd =>
        for ((length, slices) <- Seq((10, 3), (2, 4), (0, 3), (7, 7), (100, 6)))
          yield rdd.context.parallelize(0 until length, slices).glom().collect().map(_.toSeq).toSeq
      }
    })

  val all: Seq[SparkVector] = printing ++ order ++ placements
}
