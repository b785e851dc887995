// What a context says when it is started, stopped and awaited, in its order and out of it.
// test/vectors/programs/lifecycle.ts says each program again for our engine, by its name.
package org.apache.spark.streaming.vectors

import scala.util.{Failure, Success, Try}

import org.apache.spark.SparkConf
import org.apache.spark.streaming.{Duration, Seconds, StreamingContext, Time}
import org.apache.spark.streaming.dstream.DStream
import org.apache.spark.streaming.scheduler._
import org.apache.spark.util.ManualClock

/** Each step of a program says a line: what it gave, or the message of what it threw. */
final case class LifecycleProgram(what: String)(
    val steps: (StreamingContext, DStream[Int]) => Seq[() => Any])
    extends SparkVector {
  override def name: String = s"lifecycle/$what"

  override def run(): String = {
    val ssc = new StreamingContext(
      new SparkConf().setMaster("local[2]").setAppName(name)
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "localhost")
        .set("spark.streaming.clock", classOf[ManualClock].getName),
      Seconds(1))
    try {
      val lines = steps(ssc, new TimedStream(ssc, Seq(1, 1, 1))).map { step =>
        Try(step()) match {
          case Success(()) => "done"
          case Success(value) => value.toString
          case Failure(error) => error.getMessage.linesIterator.next()
        }
      }
      Json.fields(Seq("name" -> name, "kind" -> "lifecycle", "lines" -> lines))
    } finally Try(ssc.stop(stopSparkContext = true, stopGracefully = false))
  }
}

object Lifecycle {
  private def advance(ssc: StreamingContext): Unit = {
    ssc.scheduler.clock.asInstanceOf[ManualClock].advance(1000)
    Thread.sleep(700)
  }

  val all: Seq[SparkVector] = Seq(
    LifecycleProgram("states") { (ssc, in) =>
      in.print()
      Seq(() => ssc.getState(), () => ssc.start(), () => ssc.getState(),
        () => ssc.stop(false, false), () => ssc.getState())
    },
    LifecycleProgram("start twice changes nothing") { (ssc, in) =>
      in.print()
      Seq(() => ssc.start(), () => ssc.start(), () => ssc.getState())
    },
    LifecycleProgram("start after stop") { (ssc, in) =>
      in.print()
      Seq(() => ssc.start(), () => ssc.stop(false, false), () => ssc.start(), () => ssc.getState())
    },
    LifecycleProgram("stop before start") { (ssc, in) =>
      in.print()
      Seq(() => ssc.stop(false, false), () => ssc.getState(), () => ssc.start())
    },
    LifecycleProgram("stop twice") { (ssc, in) =>
      in.print()
      Seq(() => ssc.start(), () => ssc.stop(false, false), () => ssc.stop(false, false),
        () => ssc.getState())
    },
    LifecycleProgram("start without outputs") { (ssc, in) =>
      Seq(() => ssc.start(), () => ssc.getState(), () => ssc.start())
    },
    LifecycleProgram("a transformation after start") { (ssc, in) =>
      in.print()
      Seq(() => ssc.start(), () => in.map(_ + 1))
    },
    LifecycleProgram("an output after start") { (ssc, in) =>
      in.print()
      Seq(() => ssc.start(), () => in.print())
    },
    LifecycleProgram("a transformation after stop") { (ssc, in) =>
      in.print()
      Seq(() => ssc.start(), () => ssc.stop(false, false), () => in.map(_ + 1))
    },
    LifecycleProgram("await with a timeout") { (ssc, in) =>
      in.print()
      Seq(() => ssc.start(), () => ssc.awaitTerminationOrTimeout(1),
        () => ssc.stop(false, false), () => ssc.awaitTerminationOrTimeout(1))
    },
    LifecycleProgram("await an output that failed") { (ssc, in) =>
      in.foreachRDD { rdd => throw new RuntimeException(s"refused") }
      Seq(() => ssc.start(), () => { advance(ssc); ssc.awaitTerminationOrTimeout(1000) },
        () => ssc.getState())
    },
    LifecycleProgram("await a batch that could not be made") { (ssc, in) =>
      in.transform((rdd, time) => if (time > Time(0)) sys.error("not now") else rdd).print()
      Seq(() => ssc.start(), () => { advance(ssc); ssc.awaitTerminationOrTimeout(1000) })
    },
    LifecycleProgram("a listener that throws is left alone") { (ssc, in) =>
      in.print()
      var told = 0
      ssc.addStreamingListener(new StreamingListener {
        override def onBatchCompleted(event: StreamingListenerBatchCompleted): Unit = {
          told += 1
          sys.error("listener")
        }
      })
      Seq(() => ssc.start(), () => { advance(ssc); told }, () => { advance(ssc); told },
        () => ssc.awaitTerminationOrTimeout(1))
    },
    LifecycleProgram("remember twice") { (ssc, in) =>
      Seq(() => ssc.remember(Seconds(5)), () => ssc.remember(Seconds(6)))
    })
}
