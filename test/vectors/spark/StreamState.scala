// updateStateByKey in all its forms, and mapWithState: what it keeps, when keys time out.
// test/vectors/programs/stream-state.ts says each program again for our engine, by its name.
package streamscope.vectors

import scala.collection.mutable.ArrayBuffer

import org.apache.spark.HashPartitioner
import org.apache.spark.streaming.{Seconds, State, StateSpec, Time}
import org.apache.spark.streaming.dstream.DStream
import org.apache.spark.streaming.vectors.{Seen, SparkVector}
import streamscope.vectors.Given._

object StreamState {
  private val running = (ones: Seq[Int], count: Option[Int]) => Some(count.getOrElse(0) + ones.sum)
  private val initial = Seq(("to", 100), ("old", 7))

  private def stateful(name: String, input: Seq[Seq[String]], parallelism: Int = 2,
      cached: Boolean = false)(build: DStream[String] => Unit): SparkVector =
    program(s"streamState/$name", input, parallelism, checkpoints = true, cached = cached)(build)

  private val updates = Seq(
    stateful("updateStateByKey over 3 partitions", words) { in =>
      Seen.partitions(pairs(in).updateStateByKey[Int](running, 3))
    },
    stateful("updateStateByKey with a partitioner", words) { in =>
      val counted = pairs(in).updateStateByKey[Int](running, new ByLength(3))
      Seen.partitions(counted)
      Seen.value(counted)(lineage)
    },
    stateful("updateStateByKey from an initial RDD", words) { in =>
      val before = in.context.sparkContext.makeRDD(initial, 2)
      val counted = pairs(in).updateStateByKey[Int](running, new HashPartitioner(2), before)
      Seen.partitions(counted)
      Seen.value(counted)(lineage)
    },
    stateful("updateStateByKey told time and key", words) { in =>
      Seen.partitions(pairs(in).updateStateByKey[String](
        (time: Time, key: String, ones: Seq[Int], state: Option[String]) =>
          if (key == "not" && ones.isEmpty) None
          else Some(state.getOrElse(key) + "@" + time.milliseconds + "x" + ones.size),
        new HashPartitioner(2), true))
    },
    stateful("updateStateByKey told time and key, from an initial RDD", words) { in =>
      val before = in.context.sparkContext.makeRDD(initial, 2)
      Seen.partitions(pairs(in).updateStateByKey[Int](
        (time: Time, key: String, ones: Seq[Int], state: Option[Int]) =>
          Some(state.getOrElse(0) + ones.sum + time.milliseconds.toInt / 1000 * 1000),
        new HashPartitioner(2), true, Some(before)))
    },
    stateful("updateStateByKey by partition, with other keys", words) { in =>
      val update = (keys: Iterator[(String, Seq[Int], Option[Int])]) =>
        keys.map { case (key, ones, state) =>
          (key.reverse, state.getOrElse(0) + ones.sum)
        }
      for (remember <- Seq(true, false)) {
        val counted = pairs(in).updateStateByKey[Int](update, new HashPartitioner(2), remember)
        Seen.partitions(counted)
        Seen.value(counted)(rdd => lineage(rdd).take(4))
        Seen.value(counted)(_.partitioner.isDefined)
      }
    },
    stateful("updateStateByKey by partition, from an initial RDD", words) { in =>
      val update = (keys: Iterator[(String, Seq[Int], Option[Int])]) =>
        keys.flatMap { case (key, ones, state) =>
          val count = state.getOrElse(0) + ones.sum
          if (count > 150) Iterator() else Iterator((key, count))
        }
      Seen.partitions(pairs(in).updateStateByKey[Int](update, new HashPartitioner(2), true,
        in.context.sparkContext.makeRDD(initial, 1)))
    },
    stateful("updateStateByKey keeps RDDs for its checkpoints", words ++ words, cached = true) {
      in =>
        val counted = pairs(in).updateStateByKey[Int](running)
        counted.checkpoint(Seconds(3))
        Seen.value(counted)(rdd => lineage(rdd).size)
        Seen.partitions(counted)
    },
    stateful("updateStateByKey of 25 batches", (1 to 25).map(n => Seq("k" + n % 6)),
      cached = true) { in =>
      val counted = pairs(in).updateStateByKey[Int](running)
      Seen.value(counted)(rdd => lineage(rdd).size)
      Seen.partitions(counted)
    },
    stateful("updateStateByKey reduced further shuffles nothing", words) { in =>
      val counted = pairs(in).updateStateByKey[Int](running)
      Seen.partitions(counted.reduceByKey(_ + _))
      Seen.partitions(counted.join(counted.mapValues(_ + 1)))
    })

  /** A running count per key; told with the key. */
  private val counting = (key: String, one: Option[Int], state: State[Int]) => {
    val count = state.getOption.getOrElse(0) + one.getOrElse(0)
    state.update(count)
    (key, count)
  }

  /** The same, and a last word when the key times out. */
  private val farewell = (time: Time, key: String, one: Option[Int], state: State[Int]) => {
    if (state.isTimingOut()) Some(s"$key gone at ${time.milliseconds} with ${state.get()}, $one")
    else {
      state.update(state.getOption.getOrElse(0) + 1)
      if (state.get() > 1) Some(s"$key ${state.get()}") else None
    }
  }

  private def manyNames(batches: Int): Seq[Seq[String]] =
    (0 until batches).map(n => (0 to n % 7).map(i => s"user-${(n * 13 + i * 7919) % 101}"))

  private val mapping = Seq(
    stateful("mapWithState gives a record for each record", words) { in =>
      Seen.partitions(pairs(in).mapWithState(StateSpec.function(counting)))
    },
    stateful("mapWithState as print writes it", words) { in =>
      pairs(in).mapWithState(StateSpec.function(counting)).print()
    },
    stateful("mapWithState may give nothing", words ++ words) { in =>
      Seen.partitions(pairs(in).mapWithState(StateSpec.function(farewell)))
    },
    stateful("mapWithState's snapshots are the whole state", words ++ words) { in =>
      val counted = pairs(in).mapWithState(StateSpec.function(counting))
      Seen.partitions(counted.stateSnapshots())
    },
    stateful("mapWithState with snapshots beside, each task once", words) { in =>
      val counted = pairs(in).mapWithState(StateSpec.function(counting))
      Seen.partitions(counted)
      Seen.partitions(counted.stateSnapshots())
      counted.stateSnapshots().print()
    },
    stateful("mapWithState over 3 partitions", words) { in =>
      val counted = pairs(in).mapWithState(StateSpec.function(counting).numPartitions(3))
      Seen.partitions(counted)
      Seen.partitions(counted.stateSnapshots())
    },
    stateful("mapWithState with a partitioner", words) { in =>
      val counted = pairs(in).mapWithState(
        StateSpec.function(counting).partitioner(new ByLength(2)))
      Seen.partitions(counted)
      Seen.partitions(counted.stateSnapshots())
    },
    stateful("mapWithState from an initial state", words) { in =>
      val before = in.context.sparkContext.makeRDD(initial, 1)
      val counted = pairs(in).mapWithState(StateSpec.function(counting).initialState(before))
      Seen.partitions(counted)
      Seen.partitions(counted.stateSnapshots())
    },
    stateful("mapWithState from an initial state, its lineage", words.take(2)) { in =>
      val before = in.context.sparkContext.makeRDD(initial, 1)
      val counted = pairs(in).mapWithState(StateSpec.function(counting).initialState(before))
      Seen.value(counted)(lineage)
    },
    stateful("mapWithState removes a key, which begins anew", words ++ words) { in =>
      val counted = pairs(in).mapWithState(StateSpec.function(
        (key: String, _: Option[Int], state: State[Int]) => {
          val count = state.getOption.getOrElse(0) + 1
          if (count == 3) state.remove() else state.update(count)
          (key, count, state.exists(), state.toString)
        }))
      Seen.partitions(counted)
      Seen.partitions(counted.stateSnapshots())
    },
    stateful("mapWithState that only looks keeps no state", words) { in =>
      val looked = pairs(in).mapWithState(StateSpec.function(
        (key: String, one: Option[Int], state: State[Int]) =>
          (key, one, state.exists(), state.getOption, state.isTimingOut(), state.toString)))
      Seen.partitions(looked)
      looked.print(2)
      Seen.partitions(looked.stateSnapshots())
    },
    stateful("mapWithState updates and removes in one call", words) { in =>
      val counted = pairs(in).mapWithState(StateSpec.function(
        (key: String, _: Option[Int], state: State[Int]) => {
          state.update(state.getOption.getOrElse(0) + 1)
          if (key == "be") state.remove()
          key
        }))
      Seen.partitions(counted.stateSnapshots())
    },
    stateful("mapWithState gives Unit", words.take(1)) { in =>
      pairs(in).mapWithState(StateSpec.function(
        (_: String, _: Option[Int], state: State[Int]) => state.update(1))).print()
    },
    stateful("mapWithState, its lineage", words) { in =>
      val counted = pairs(in).mapWithState(StateSpec.function(counting))
      Seen.value(counted)(lineage)
      Seen.value(counted.stateSnapshots())(lineage)
      Seen.value(counted.map(_._1))(lineage)
    },
    stateful("mapWithState, its streams", words.take(1)) { in =>
      val counted = pairs(in).mapWithState(StateSpec.function(counting))
      val streams = Seq(counted, counted.dependencies.head, counted.stateSnapshots())
      val told = streams.map(stream => Seq(stream.getClass.getSimpleName,
        stream.slideDuration.milliseconds, stream.dependencies.map(_.getClass.getSimpleName)))
      Seen.value(counted)(_ => told)
    },
    stateful("mapWithState of partitioned pairs shuffles once", words) { in =>
      Seen.partitions(pairs(in).reduceByKey(_ + _).mapWithState(StateSpec.function(counting)))
    },
    stateful("mapWithState of a window", words ++ words) { in =>
      Seen.partitions(pairs(in.window(Seconds(2), Seconds(2)))
        .mapWithState(StateSpec.function(counting)))
    },
    stateful("mapWithState and then a window", words ++ words) { in =>
      Seen.partitions(pairs(in).mapWithState(StateSpec.function(counting))
        .reduceByKeyAndWindow((a: Int, b: Int) => a max b, Seconds(3)))
    },
    stateful("mapWithState shares what its state holds", words) { in =>
      val gathered = pairs(in).mapWithState(StateSpec.function(
        (key: String, _: Option[Int], state: State[ArrayBuffer[Int]]) => {
          if (!state.exists()) state.update(new ArrayBuffer[Int])
          state.get() += state.get().size
          (key, state.get().size)
        }))
      Seen.partitions(gathered)
      Seen.partitions(gathered.stateSnapshots().mapValues(_.toList))
    },
    stateful("mapWithState over 5 partitions of which some stay empty", words, parallelism = 5) {
      in => Seen.partitions(pairs(in).mapWithState(StateSpec.function(counting)).stateSnapshots())
    })

  private val timeOuts = Seq(
    stateful("time-out fires at the tenth batch and not before",
      Seq(Seq("a", "b", "c"), Seq(), Seq("b")) ++ Seq.fill(4)(Seq()) ++
        Seq(Seq("c")) ++ Seq.fill(4)(Seq())) { in =>
      val counted = pairs(in).mapWithState(StateSpec.function(farewell).timeout(Seconds(3)))
      Seen.partitions(counted)
      Seen.partitions(counted.stateSnapshots())
    },
    stateful("time-out: a record after the time but before the scan saves the key",
      Seq(Seq("a", "b")) ++ Seq.fill(7)(Seq()) ++ Seq(Seq("a"), Seq(), Seq())) { in =>
      Seen.partitions(pairs(in).mapWithState(
        StateSpec.function(farewell).timeout(Seconds(2))))
    },
    stateful("time-out: a key idle for exactly the time-out stays",
      Seq.fill(6)(Seq()) ++ Seq(Seq("a"), Seq("b"), Seq("c"), Seq("d"), Seq())) { in =>
      Seen.partitions(pairs(in).mapWithState(
        StateSpec.function(farewell).timeout(Seconds(2))))
    },
    stateful("time-out with checkpoint(2 s) fires at every second batch",
      Seq(Seq("a", "b", "c"), Seq("b"), Seq("c"), Seq(), Seq(), Seq("a"), Seq(), Seq(), Seq())) {
      in =>
        val counted = pairs(in).mapWithState(StateSpec.function(farewell).timeout(Seconds(2)))
        counted.checkpoint(Seconds(2))
        Seen.partitions(counted)
        Seen.partitions(counted.stateSnapshots())
    },
    stateful("time-out with checkpoint(1 s) fires at once",
      Seq(Seq("a", "b"), Seq("b"), Seq(), Seq(), Seq("a"))) { in =>
      val counted = pairs(in).mapWithState(StateSpec.function(farewell).timeout(Seconds(1)))
      counted.checkpoint(Seconds(1))
      Seen.partitions(counted)
      Seen.partitions(counted.stateSnapshots())
    },
    stateful("time-out of initial states counts from the first batch",
      Seq.fill(10)(Seq("x")) ++ Seq(Seq("to"))) { in =>
      val before = in.context.sparkContext.makeRDD(initial, 1)
      val counted = pairs(in).mapWithState(
        StateSpec.function(farewell).initialState(before).timeout(Seconds(9)))
      Seen.partitions(counted)
      val later = pairs(in).mapWithState(
        StateSpec.function(farewell).initialState(before).timeout(Seconds(8)))
      Seen.partitions(later)
    },
    stateful("time-out: a record that only looks keeps the key alive",
      Seq(Seq("a", "b"), Seq(), Seq(), Seq("a"), Seq(), Seq("a"), Seq(), Seq("a"), Seq(),
        Seq(), Seq("b"))) { in =>
      val looked = pairs(in).mapWithState(StateSpec.function(
        (time: Time, key: String, one: Option[Int], state: State[Long]) => {
          if (!state.exists()) state.update(time.milliseconds)
          Option((key, one, state.get(), state.isTimingOut()))
        }).timeout(Seconds(4)))
      Seen.partitions(looked)
    },
    stateful("time-outs of many keys come in the order of the state",
      Seq((0 until 40).map("k" + _), (0 until 10).map("k" + _)) ++ Seq.fill(8)(Seq("k0"))) { in =>
      Seen.partitions(pairs(in).mapWithState(
        StateSpec.function(farewell).timeout(Seconds(3))))
    },
    stateful("time-outs at the tenth and the twentieth batch", manyNames(21)) { in =>
      val counted = pairs(in).mapWithState(StateSpec.function(farewell).timeout(Seconds(5)))
      Seen.partitions(counted)
      Seen.value(counted.stateSnapshots())(_.count())
    })

  private val long = Seq(
    stateful("mapWithState of 25 batches, the order of its snapshots", manyNames(25)) { in =>
      Seen.partitions(pairs(in).mapWithState(StateSpec.function(counting)).stateSnapshots())
    },
    stateful("mapWithState of 100 names, the order of its snapshots",
      Seq((0 until 100).map(n => s"user-${n * 7919 % 1000}"),
        (0 until 90 by 3).map(n => s"user-${n * 7919 % 1000}"), Seq("new"))) { in =>
      Seen.partitions(pairs(in).mapWithState(StateSpec.function(counting)).stateSnapshots())
    },
    stateful("mapWithState with checkpoint(2 s), the order of its snapshots", manyNames(12)) { in =>
      val counted = pairs(in).mapWithState(StateSpec.function(counting))
      counted.checkpoint(Seconds(2))
      Seen.partitions(counted.stateSnapshots())
    },
    stateful("mapWithState of 25 batches keeps RDDs for its checkpoints", manyNames(25),
      cached = true) { in =>
      val counted = pairs(in).mapWithState(StateSpec.function(counting))
      Seen.value(counted)(_.count())
      Seen.value(counted)(rdd => lineage(rdd).size)
    },
    stateful("mapWithState with checkpoint(2 s), its storage", words ++ words, cached = true) {
      in =>
        val counted = pairs(in).mapWithState(StateSpec.function(counting))
        counted.checkpoint(Seconds(2))
        Seen.value(counted)(lineage)
        Seen.value(counted)(_.count())
    },
    stateful("mapWithState persisted keeps what it gave", words, cached = true) { in =>
      val counted = pairs(in).mapWithState(StateSpec.function(counting)).cache()
      Seen.partitions(counted)
      Seen.value(counted)(lineage)
    },
    program("streamState/mapWithState of numbers, pairs and null as keys",
      Seq(Seq[Any](1, 5000000000L, 0.5, "a", null, (1, "x"), true), Seq[Any]((1, "x"), null, 1)),
      checkpoints = true) { in =>
      Seen.partitions(in.map(key => (key, 1)).mapWithState(StateSpec.function(
        (key: Any, _: Option[Int], state: State[Int]) => {
          state.update(state.getOption.getOrElse(0) + 1)
          state.get()
        }).numPartitions(1)).stateSnapshots())
    })

  val all: Seq[SparkVector] = updates ++ mapping ++ timeOuts ++ long
}
