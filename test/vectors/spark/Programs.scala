// The programs; test/vectors/programs/*.ts says each of them again for our engine, by its name.
// Their package lies outside Spark's, so that Spark finds the operations they call.
package streamscope.vectors

import scala.reflect.ClassTag

import org.apache.spark.rdd.RDD
import org.apache.spark.streaming.{Milliseconds, Seconds}
import org.apache.spark.streaming.dstream.DStream
import org.apache.spark.streaming.vectors.{Program, Seen}

object Programs {
  private val words =
    Seq(Seq("to", "be", "or", "not", "to", "be"), Seq(), Seq("be", "it"), Seq("or", "to", "it"))
  private val numbers = Seq(Seq(1, 2, 3, 4, 5), Seq(), Seq(-6, 7))
  private val oneBatch = Seq(Seq(0))

  private def program[T: ClassTag](
      name: String,
      input: Seq[Seq[T]],
      parallelism: Int = 2,
      checkpoints: Boolean = false,
      fails: Boolean = false)(build: DStream[T] => Unit): Program[_] =
    new Program[T](name, input, parallelism, checkpoints, fails, build)

  private def pairs[T](stream: DStream[T]): DStream[(T, Int)] = stream.map(key => (key, 1))

  private def counts[T: ClassTag](stream: DStream[T]): DStream[(T, Int)] =
    pairs(stream).reduceByKey(_ + _)

  /** Call sites name a file and a line, and cached partitions a size: both are the machine's. */
  private def lineage(rdd: RDD[_]): Seq[String] =
    rdd.toDebugString.split("\n").toSeq
      .filterNot(_.contains("CachedPartitions:"))
      .map(_.replaceAll(" at (\\S+\\.scala|<unknown>):\\d+", ""))

  private val operators = Seq(
    program("operators/map", numbers)(in => Seen.partitions(in.map(_ * 2))),
    program("operators/flatMap", Seq(Seq("a b", "", "c d e"), Seq("f"))) { in =>
      Seen.partitions(in.flatMap(line => if (line.isEmpty) Seq() else line.split(" ").toSeq))
    },
    program("operators/filter", numbers)(in => Seen.partitions(in.filter(_ % 2 != 0))),
    program("operators/mapValues", words)(in => Seen.partitions(pairs(in).mapValues(_ + 10))),
    program("operators/union", numbers)(in => Seen.partitions(in.map(_ * 10).union(in))),
    program("operators/transform joins a static RDD", words) { in =>
      val known = in.context.sparkContext.parallelize(Seq(("to", "x"), ("be", "y"), ("be", "z")))
      Seen.partitions(in.transform(rdd => rdd.map(word => (word, word.length)).join(known)))
    },
    program("operators/count", words) { in =>
      Seen.partitions(in.count())
      in.count().print()
    },
    program("operators/countByValue", words)(in => Seen.partitions(in.countByValue())),
    program("operators/reduce", numbers)(in => Seen.partitions(in.reduce(_ + _))),
    program("operators/reduceByKey", words)(in => Seen.partitions(counts(in))),
    program("operators/groupByKey", words) { in =>
      Seen.partitions(in.map(word => (word.length, word)).groupByKey())
    },
    program("operators/join", words) { in =>
      Seen.partitions(in.map(word => (word.length, word)).join(in.map(word => (2, word + "!"))))
    },
    program("operators/RDD.cogroup", words) { in =>
      Seen.partitions(in.transform { rdd =>
        rdd.map(word => (word, 1)).cogroup(rdd.map(word => (word.reverse, 2)), 3)
      })
    },
    program("operators/actions of foreachRDD, also for an empty batch", numbers) { in =>
      Seen.value(in) { rdd =>
        Seq(rdd.count(), rdd.isEmpty(), rdd.getNumPartitions, rdd.take(3).toSeq)
      }
      Seen.value(in.filter(_ => false))(rdd => Seq(rdd.count(), rdd.isEmpty(), rdd.take(1).toSeq))
    })

  private val windows = Seq(
    program("windows/window(2 s)", words)(in => Seen.partitions(in.window(Seconds(2)))),
    program("windows/window(3 s, 2 s)", numbers ++ numbers) { in =>
      Seen.partitions(in.window(Seconds(3), Seconds(2)))
    },
    program("windows/window(1 s, 3 s) leaves batches out", numbers ++ numbers) { in =>
      Seen.partitions(in.window(Seconds(1), Seconds(3)))
    },
    program("windows/window(2 s) of window(3 s)", numbers ++ numbers) { in =>
      Seen.partitions(in.window(Seconds(3)).window(Seconds(2)))
    },
    program("windows/window(4 s, 4 s) of window(2 s, 2 s)", numbers ++ numbers ++ numbers) { in =>
      Seen.partitions(in.window(Seconds(2), Seconds(2)).window(Seconds(4), Seconds(4)))
    },
    program("windows/window of pairs partitioned alike", words ++ words) { in =>
      Seen.partitions(counts(in).window(Seconds(3)))
    },
    program("windows/reduceByKeyAndWindow(f, 2 s)", words ++ words) { in =>
      Seen.partitions(pairs(in).reduceByKeyAndWindow(_ + _, Seconds(2)))
    },
    program("windows/reduceByKeyAndWindow(f, 4 s, 2 s)", words ++ words) { in =>
      Seen.partitions(pairs(in).reduceByKeyAndWindow((a: Int, b: Int) => a + b,
        Seconds(4), Seconds(2)))
    },
    program("windows/reduceByKeyAndWindow(f, inverse, 2 s)", words ++ words, checkpoints = true) {
      in => Seen.partitions(pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2)))
    },
    program("windows/reduceByKeyAndWindow(f, inverse, 3 s, 2 s)", words ++ words,
      checkpoints = true) { in =>
      Seen.partitions(pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(3), Seconds(2)))
    },
    program("windows/reduceByKeyAndWindow(f, inverse, 2 s, 1 s, 3, filter)", words ++ words,
      checkpoints = true) { in =>
      Seen.partitions(pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2), Seconds(1), 3,
        (pair: (String, Int)) => pair._2 != 0))
    })

  private val state = Seq(
    program("state/updateStateByKey keeps a running count", words ++ words, checkpoints = true) {
      in =>
        Seen.partitions(pairs(in).updateStateByKey[Int] { (ones: Seq[Int], count: Option[Int]) =>
          Some(count.getOrElse(0) + ones.sum)
        })
    },
    program("state/updateStateByKey forgets a key for None", words ++ words, checkpoints = true) {
      in =>
        // Lives for two batches without a value.
        Seen.partitions(pairs(in).updateStateByKey[(Int, Int)](
          (ones: Seq[Int], state: Option[(Int, Int)]) => {
            val (count, idle) = state.getOrElse((0, 0))
            if (ones.nonEmpty) Some((count + ones.sum, 0))
            else if (idle < 1) Some((count, idle + 1))
            else None
          }, 3))
    },
    program("state/updateStateByKey sees values in their order", words ++ words,
      checkpoints = true) { in =>
      in.map(word => (word.length, word)).updateStateByKey[String](
        (values: Seq[String], state: Option[String]) =>
          Some(state.getOrElse("") + values.mkString("<", ",", ">"))).print()
    },
    program("state/updateStateByKey checkpoints the tenth batch", words ++ words ++ words,
      checkpoints = true) { in =>
      val counted = pairs(in).updateStateByKey[Int] { (ones: Seq[Int], count: Option[Int]) =>
        Some(count.getOrElse(0) + ones.sum)
      }
      Seen.partitions(counted)
      Seen.value(counted)(lineage)
    })

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

  private val order = Seq(1, 2, 3).flatMap(n => Seq[Program[_]](
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
    })) ++ Seq[Program[_]](
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

  private def placement[T: ClassTag](name: String, keys: Seq[T]): Program[_] =
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

  private val lineages = Seq(
    program("lineage/reduceByKey", words) { in =>
      Seen.value(counts(in.flatMap(_.split(" ")).filter(_ != "not")))(lineage)
    },
    program("lineage/join", words) { in =>
      Seen.value(pairs(in).join(counts(in)))(lineage)
    },
    program("lineage/window", words) { in =>
      Seen.value(pairs(in).window(Seconds(2)).reduceByKey(_ + _))(lineage)
    },
    program("lineage/reduceByKeyAndWindow(f, 2 s)", words) { in =>
      Seen.value(pairs(in).reduceByKeyAndWindow(_ + _, Seconds(2)))(lineage)
    },
    program("lineage/reduceByKeyAndWindow(f, inverse, 2 s)", words, checkpoints = true) { in =>
      Seen.value(pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2)))(lineage)
    },
    program("lineage/updateStateByKey", words, checkpoints = true) { in =>
      Seen.value(pairs(in).updateStateByKey[Int] { (ones: Seq[Int], count: Option[Int]) =>
        Some(count.getOrElse(0) + ones.sum)
      })(lineage)
    },
    program("lineage/count and countByValue", Seq(Seq(1, 2))) { in =>
      Seen.value(in.count())(lineage)
      Seen.value(in.countByValue())(lineage)
      Seen.value(in.reduce(_ + _))(lineage)
    },
    program("lineage/operations inside transform", words) { in =>
      val known = in.context.sparkContext.makeRDD(Seq(("to", 1)), 1)
      Seen.value(in.transform(_.map(word => (word, 1)).join(known).keys))(lineage)
    },
    program("lineage/kinds of union", Seq(Seq(("a", 1), ("b", 2)))) { in =>
      val reduced = in.reduceByKey(_ + _)
      Seen.value(in.union(in))(lineage)
      Seen.value(reduced.union(reduced.mapValues(_ + 1)))(lineage)
      Seen.value(reduced.union(in))(lineage)
      Seen.value(reduced)(rdd => lineage(rdd.union(rdd.context.emptyRDD[(String, Int)])))
      Seen.value(reduced)(rdd => lineage(rdd.union(rdd.reduceByKey(_ + _, 3))))
      Seen.value(in)(rdd => lineage(rdd.context.union(Seq(rdd, rdd, rdd))))
    },
    program("lineage/operations of an RDD", Seq(Seq(("a", 1), ("b", 2)))) { in =>
      Seen.value(in)(rdd => lineage(rdd.join(rdd.reduceByKey(_ + _)).keys))
      Seen.value(in)(rdd => lineage(rdd.cogroup(rdd.groupByKey(3)).values.glom()))
      Seen.value(in)(rdd => lineage(rdd.mapPartitions(_.take(1)).setName("firsts").cache()))
    })

  private def failure(name: String, checkpoints: Boolean = false)(
      build: DStream[Int] => Unit): Program[_] =
    program(s"messages/$name", oneBatch, checkpoints = checkpoints, fails = true)(build)

  private val messages = Seq(
    failure("no output")(_ => ()),
    failure("no checkpoint directory for updateStateByKey") { in =>
      pairs(in).updateStateByKey[Int]((_: Seq[Int], count: Option[Int]) => count).print()
    },
    failure("no checkpoint directory for an inverse window") { in =>
      pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2)).print()
    },
    failure("window no multiple")(_.window(Milliseconds(2500)).print()),
    failure("slide no multiple")(_.window(Seconds(2), Milliseconds(1500)).print()),
    failure("inverse window no multiple", checkpoints = true) { in =>
      pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Milliseconds(2500)).print()
    },
    failure("inverse slide no multiple", checkpoints = true) { in =>
      pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2), Milliseconds(500)).print()
    },
    failure("union of different slides")(in => in.union(in.window(Seconds(2), Seconds(2))).print()),
    failure("join of different slides") { in =>
      pairs(in).join(pairs(in.window(Seconds(2), Seconds(2)))).print()
    },
    failure("transform returns null")(in => in.transform(_ => null: RDD[Int]).print()),
    failure("checkpoint interval below the slide", checkpoints = true) { in =>
      in.window(Seconds(2), Seconds(2)).checkpoint(Seconds(1)).print()
    },
    failure("checkpoint interval no multiple", checkpoints = true) { in =>
      in.map(_ + 1).checkpoint(Milliseconds(2500)).print()
    },
    failure("remember twice") { in =>
      in.context.remember(Seconds(5))
      in.context.remember(Seconds(9))
    },
    failure("parallelize over no partition") { in =>
      in.transform(rdd => rdd.context.parallelize(Seq(1), 0)).print()
    },
    failure("storage level changed twice") { in =>
      import org.apache.spark.storage.StorageLevel
      in.foreachRDD { rdd => rdd.cache().persist(StorageLevel.MEMORY_ONLY_SER); () }
    },
    failure("first of an empty RDD")(_.filter(_ => false).foreachRDD { rdd => rdd.first(); () }),
    failure("reduce of an empty RDD") {
      _.filter(_ => false).foreachRDD { rdd => rdd.reduce(_ + _); () }
    },
    failure("new output after the start")(in => in.foreachRDD { _ => in.print() }))

  val all: Seq[Program[_]] =
    operators ++ windows ++ state ++ printing ++ order ++ placements ++ lineages ++ messages
}
