// Operators, windows and state.
// test/vectors/programs/*.ts says each program again for our engine, by its name.
package streamscope.vectors

import org.apache.spark.streaming.Seconds
import org.apache.spark.streaming.vectors.{Seen, SparkVector}
import streamscope.vectors.Given._

object Operators {
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

  val all: Seq[SparkVector] = operators ++ windows ++ state
}
