// What `print` writes of streams, character by character.
// test/vectors/programs/stream-printing.ts says each program again for our engine, by its name.
package streamscope.vectors

import org.apache.spark.streaming.{Seconds, State, StateSpec}
import org.apache.spark.streaming.vectors.{Seen, SparkVector}
import streamscope.vectors.Given._

object StreamPrinting {
  private val sizes: Seq[Seq[Int]] = Seq(0, 9, 10, 11, 12, 30).map(count => (1 to count).toSeq)

  val all: Seq[SparkVector] = Seq(
    program("streamPrinting/nested records, 9 to 30 of them", sizes) { in =>
      in.map(n => ((n, "n" + n), (n % 2 == 0, (n + 0.5, null: String)))).print()
    },
    program("streamPrinting/print(1), print(11) and print(100)", sizes) { in =>
      in.print(1)
      in.print(11)
      in.print(100)
    },
    program("streamPrinting/Some, None and what holds them", sizes.take(2)) { in =>
      in.map(n => if (n % 3 == 0) None else Some(n)).print()
      in.map(n => (n, Some((n, None)), Some(Some("text")))).print(3)
    },
    program("streamPrinting/lists, maps and sets", sizes.take(2)) { in =>
      in.map(n => List.fill(n % 2)(n)).print()
      in.map(n => Map("n" -> n)).print(2)
      in.map(n => Set(n)).print(2)
    },
    program("streamPrinting/groups of a window", words) { in =>
      pairs(in).groupByKeyAndWindow(Seconds(2)).print()
    },
    program("streamPrinting/a window of one partition per batch", sizes) { in =>
      in.repartition(1).window(Seconds(3)).map(n => (n, n)).print(5)
    },
    program("streamPrinting/counts and reductions", sizes, checkpoints = true) { in =>
      in.count().print()
      in.reduce(_ + _).print()
      in.countByWindow(Seconds(2), Seconds(1)).print()
      in.map(_ % 3).countByValue().print()
      in.map(_ % 3).countByValueAndWindow(Seconds(2), Seconds(2)).print()
    },
    program("streamPrinting/several outputs of a batch, in their order", sizes.take(3)) { in =>
      in.map("first " + _).print(1)
      in.map("second " + _).print(1)
      in.map("third " + _).print(1)
    },
    program("streamPrinting/state and its snapshots", words, checkpoints = true) { in =>
      val spec = StateSpec.function((key: String, one: Option[Int], state: State[(Int, String)]) => {
        val (count, text) = state.getOption.getOrElse((0, ""))
        state.update((count + one.get, text + key.head))
        (key, one, state.getOption)
      })
      val stream = pairs(in).mapWithState(spec)
      stream.print()
      stream.stateSnapshots().print()
    },
    program("streamPrinting/updateStateByKey", words, checkpoints = true) { in =>
      pairs(in).updateStateByKey[(Int, Option[String])] {
        (ones: Seq[Int], state: Option[(Int, Option[String])]) =>
          val (count, text) = state.getOrElse((0, None))
          Some((count + ones.sum, if (ones.isEmpty) text else Some(text.getOrElse("") + ones.size)))
      }.print()
    },
    program("streamPrinting/partitions far apart", Seq(Seq(0), Seq(3), Seq(25))) { in =>
      in.transform { rdd =>
        val from = rdd.collect().head
        rdd.context.makeRDD(0 until 27, 27).filter(n => n >= from && n % 3 == 0)
      }.print(4)
    })
}
