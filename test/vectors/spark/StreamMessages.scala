// What Spark says of streams that cannot be, and of functions that throw.
// test/vectors/programs/stream-messages.ts says each program again for our engine, by its name.
package streamscope.vectors

import scala.reflect.ClassTag

import org.apache.spark.HashPartitioner
import org.apache.spark.rdd.RDD
import org.apache.spark.storage.StorageLevel
import org.apache.spark.streaming.{Milliseconds, Seconds, State, StateSpec, Time}
import org.apache.spark.streaming.dstream.DStream
import org.apache.spark.streaming.vectors.SparkVector
import streamscope.vectors.Given._

object StreamMessages {
  private def fails(name: String, checkpoints: Boolean = false)(
      build: DStream[Int] => Unit): SparkVector =
    program(s"streamMessages/$name", oneBatch, checkpoints = checkpoints, fails = true)(build)

  private def failsLater[T: ClassTag](name: String, input: Seq[Seq[T]])(
      build: DStream[T] => Unit): SparkVector =
    program(s"streamMessages/$name", input, checkpoints = true, fails = true)(build)

  private def boom: Nothing = throw new RuntimeException("boom")

  private val graphs = Seq(
    fails("persist after the start")(in => in.foreachRDD { _ => in.persist(); () }),
    fails("cache after the start of a window")(in => {
      val windowed = in.window(Seconds(2))
      windowed.foreachRDD { _ => windowed.cache(); () }
    }),
    fails("checkpoint after the start")(in =>
      in.foreachRDD { _ => in.checkpoint(Seconds(2)); () }),
    fails("a new stream after the start")(in => in.foreachRDD { _ => in.map(_ + 1); () }),
    fails("a window after the start")(in => in.foreachRDD { _ => in.window(Seconds(2)); () }),
    fails("checkpoint of a window keeps only its parent", checkpoints = true)(
      _.window(Seconds(2)).checkpoint(Seconds(2)).print()),
    fails("checkpoint without a directory")(_.map(_ + 1).checkpoint(Seconds(2)).print()),
    fails("mapWithState without a directory") { in =>
      pairs(in).mapWithState(StateSpec.function(
        (key: Int, _: Option[Int], _: State[Int]) => key)).print()
    },
    fails("countByWindow without a directory")(_.countByWindow(Seconds(2), Seconds(1)).print()),
    fails("countByValueAndWindow without a directory") {
      _.countByValueAndWindow(Seconds(2), Seconds(1)).print()
    },
    fails("checkpoint interval of an inverse window below its slide", checkpoints = true) { in =>
      pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(4), Seconds(2))
        .checkpoint(Seconds(1)).print()
    },
    fails("checkpoint interval of a state no multiple", checkpoints = true) { in =>
      pairs(in).updateStateByKey[Int]((_: Seq[Int], state: Option[Int]) => state)
        .checkpoint(Milliseconds(1500)).print()
    },
    fails("checkpoint interval of mapWithState no multiple", checkpoints = true) { in =>
      pairs(in).mapWithState(StateSpec.function((key: Int, _: Option[Int], _: State[Int]) => key))
        .checkpoint(Milliseconds(2500)).print()
    },
    fails("countByWindow no multiple", checkpoints = true)(
      _.countByWindow(Milliseconds(1500), Seconds(1)).print()),
    fails("reduceByWindow no multiple")(
      _.reduceByWindow(_ + _, Milliseconds(1500), Seconds(1)).print()),
    fails("reduceByWindow slide no multiple")(
      _.reduceByWindow(_ + _, Seconds(2), Milliseconds(300)).print()),
    fails("groupByKeyAndWindow no multiple") { in =>
      pairs(in).groupByKeyAndWindow(Milliseconds(700)).print()
    },
    fails("window of a window no multiple")(
      _.window(Seconds(2), Seconds(2)).window(Seconds(3)).print()),
    fails("slide of a window no multiple")(
      _.window(Seconds(2), Seconds(2)).window(Seconds(4), Seconds(3)).print()),
    fails("transformWith of different slides") { in =>
      in.transformWith(in.window(Seconds(2), Seconds(2)),
        (a: RDD[Int], b: RDD[Int]) => a.union(b)).print()
    },
    fails("cogroup of different slides") { in =>
      pairs(in).cogroup(pairs(in.window(Seconds(2), Seconds(2)))).print()
    },
    fails("StreamingContext.union of nothing")(in => in.context.union[Int](Seq()).print()),
    fails("StreamingContext.union of different slides") { in =>
      in.context.union(Seq(in, in.window(Seconds(2), Seconds(2)))).print()
    },
    fails("StreamingContext.transform of nothing") { in =>
      in.context.transform[Int](Seq(), (_: Seq[RDD[_]], _: Time) => null).print()
    },
    fails("StreamingContext.transform of different slides") { in =>
      in.context.transform[Int](Seq(in, in.window(Seconds(2), Seconds(2))),
        (rdds: Seq[RDD[_]], _: Time) => rdds.head.asInstanceOf[RDD[Int]]).print()
    },
    fails("transformWith returns null") { in =>
      in.transformWith(in, (_: RDD[Int], _: RDD[Int]) => null: RDD[Int]).print()
    },
    fails("fewer than no partitions")(in => pairs(in).reduceByKey(_ + _, -1).print()),
    fails("a transformed RDD persisted at two levels") { in =>
      in.map(_ + 1).cache().transform((rdd: RDD[Int]) => rdd)
        .persist(StorageLevel.MEMORY_AND_DISK).print()
    })

  private val functions = Seq(
    fails("map throws")(_.map(_ => boom: Int).print()),
    fails("flatMap throws")(_.flatMap(_ => boom: Seq[Int]).print()),
    fails("filter throws")(_.filter(_ => boom).print()),
    fails("mapPartitions throws")(_.mapPartitions(_ => boom: Iterator[Int]).print()),
    fails("mapValues throws")(in => pairs(in).mapValues(_ => boom: Int).print()),
    fails("flatMapValues throws")(in => pairs(in).flatMapValues(_ => boom: Seq[Int]).print()),
    failsLater("reduce throws", Seq(Seq(1, 2, 3)))(_.reduce((_, _) => boom).print()),
    failsLater("reduceByKey throws on the map side", Seq(Seq(7, 0, 0))) { in =>
      pairs(in).reduceByKey((_, _) => boom).print()
    },
    failsLater("reduceByKey throws on the reduce side", Seq(Seq(7, 7))) { in =>
      pairs(in).reduceByKey((_, _) => boom).print()
    },
    failsLater("combineByKey throws in its first function", Seq(Seq(7))) { in =>
      pairs(in).combineByKey[Int]((_: Int) => boom: Int, (c: Int, _: Int) => c,
        (c: Int, _: Int) => c, new HashPartitioner(2)).print()
    },
    failsLater("groupByKey and then mapValues throws", Seq(Seq(7))) { in =>
      pairs(in).groupByKey().mapValues(_ => boom: Int).print()
    },
    failsLater("updateStateByKey throws", Seq(Seq(7))) { in =>
      pairs(in).updateStateByKey[Int]((_: Seq[Int], _: Option[Int]) => boom: Option[Int]).print()
    },
    failsLater("updateStateByKey throws at a key without values", Seq(Seq(7), Seq[Int]())) { in =>
      pairs(in).updateStateByKey[Int]((ones: Seq[Int], _: Option[Int]) =>
        if (ones.isEmpty) boom else Some(1)).print()
    },
    failsLater("an inverse throws", Seq(Seq(7), Seq(7), Seq(7))) { in =>
      pairs(in).reduceByKeyAndWindow((a: Int, b: Int) => a + b, (_: Int, _: Int) => boom,
        Seconds(2), Seconds(1)).print()
    },
    failsLater("a window's filter throws", Seq(Seq(7))) { in =>
      pairs(in).reduceByKeyAndWindow((a: Int, b: Int) => a + b, (a: Int, b: Int) => a - b,
        Seconds(2), Seconds(1), 2, (_: (Int, Int)) => boom).print()
    },
    failsLater("an inverse window without the key that leaves it",
      Seq(Seq(1), Seq(1), Seq[Int]())) { in =>
      // A filter that hides a key leaves its batches without a window to be taken from.
      pairs(in).reduceByKeyAndWindow((a: Int, b: Int) => a + b, (a: Int, b: Int) => a - b,
        Seconds(2), Seconds(1), 2, (_: (Int, Int)) => false).print()
    },
    fails("transform throws")(_.transform((_: RDD[Int]) => boom: RDD[Int]).print()),
    fails("transformWith throws") { in =>
      in.transformWith(in, (_: RDD[Int], _: RDD[Int]) => boom: RDD[Int]).print()
    },
    fails("foreachRDD throws")(_.foreachRDD { _ => boom }),
    fails("an action of foreachRDD throws")(_.foreachRDD { rdd => rdd.foreach(_ => boom) }),
    failsLater("mapWithState throws", Seq(Seq(7))) { in =>
      pairs(in).mapWithState(StateSpec.function(
        (_: Int, _: Option[Int], _: State[Int]) => boom: Int)).print()
    },
    failsLater("State.get without a state", Seq(Seq(7))) { in =>
      pairs(in).mapWithState(StateSpec.function(
        (_: Int, _: Option[Int], state: State[Int]) => state.get())).print()
    },
    failsLater("State.get after remove", Seq(Seq(7))) { in =>
      pairs(in).mapWithState(StateSpec.function((_: Int, _: Option[Int], state: State[Int]) => {
        state.update(1)
        state.remove()
        state.get()
      })).print()
    },
    failsLater("State.update after remove", Seq(Seq(7))) { in =>
      pairs(in).mapWithState(StateSpec.function((_: Int, _: Option[Int], state: State[Int]) => {
        state.remove()
        state.update(1)
      })).print()
    },
    failsLater("State.remove twice", Seq(Seq(7))) { in =>
      pairs(in).mapWithState(StateSpec.function((_: Int, _: Option[Int], state: State[Int]) => {
        state.update(1)
        state.remove()
        state.remove()
      })).print()
    },
    failsLater("State.update while timing out", Seq(Seq(7), Seq[Int](), Seq[Int]())) { in =>
      pairs(in).mapWithState(StateSpec.function((_: Int, _: Option[Int], state: State[Int]) =>
        state.update(1)).timeout(Seconds(1))).checkpoint(Seconds(1)).print()
    },
    failsLater("State.remove while timing out", Seq(Seq(7), Seq[Int](), Seq[Int]())) { in =>
      pairs(in).mapWithState(StateSpec.function((_: Int, _: Option[Int], state: State[Int]) =>
        if (state.isTimingOut()) state.remove() else state.update(1))
        .timeout(Seconds(1))).checkpoint(Seconds(1)).print()
    })

  val all: Seq[SparkVector] = graphs ++ functions
}
