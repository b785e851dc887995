// Back-pressure of a receiver: the limit it has after each batch, by how long the batches took.
// test/vectors/receivers.test.ts plays the same on our engine.
package org.apache.spark.streaming.vectors

import scala.util.Try

import org.apache.spark.{SparkConf, SparkContext}
import org.apache.spark.streaming.{Seconds, StreamingContext, Time}
import org.apache.spark.streaming.scheduler.{BatchInfo, StreamInputInfo, StreamingListenerBatchCompleted}
import org.apache.spark.util.ManualClock

/** Batches of so many records complete, each `taskMs` after its time and `recordMs` for each record:
 *  within the interval. */
final case class ReceiverRates(
    what: String, counts: Seq[Int], taskMs: Int, recordMs: Int, conf: Seq[(String, String)])
    extends SparkVector {
  override def name: String = s"receivers/back-pressure: $what"

  override def run(): String = {
    Stage.receivers.clear()
    val ssc = new StreamingContext(new SparkConf()
      .setMaster("local[2]")
      .setAppName(name)
      .set("spark.ui.enabled", "false")
      .set("spark.driver.host", "localhost")
      .set("spark.streaming.clock", classOf[ManualClock].getName)
      .set("spark.streaming.backpressure.enabled", "true")
      .setAll(conf), Seconds(1))
    try Json.fields(Seq("name" -> name, "kind" -> "receiverRates", "counts" -> counts,
      "taskMs" -> taskMs, "recordMs" -> recordMs,
      "conf" -> conf.map { case (key, value) => Seq(key, value) }, "limits" -> limits(ssc)))
    finally {
      Try(ssc.stop(stopSparkContext = true, stopGracefully = false))
      SparkContext.getActive.foreach(_.stop())
    }
  }

  private def limits(ssc: StreamingContext): Seq[Long] = {
    ssc.receiverStream(new ScriptedReceiver).print()
    ssc.start()
    until(Stage.receivers.size == 1)
    for ((count, index) <- counts.zipWithIndex) yield {
      // Spark takes the times of jobs from the machine's clock, manual clock or not.
      val startMs = index * 1000L + 1000
      ssc.scheduler.listenerBus.post(StreamingListenerBatchCompleted(BatchInfo(Time(startMs),
        Map(0 -> StreamInputInfo(0, count)), startMs, Some(startMs),
        Some(startMs + taskMs + recordMs * count), Map.empty)))
      ssc.sparkContext.listenerBus.waitUntilEmpty()
      // The estimate is made, and sent, by threads that nobody can wait for.
      var (same, before) = (0, -1L)
      while (same < 10) {
        Thread.sleep(50)
        val now = Stage.receivers.get(0).supervisor.getCurrentRateLimit
        same = if (now == before) same + 1 else 0
        before = now
      }
      before
    }
  }

  private def until(condition: => Boolean): Unit = while (!condition) Thread.sleep(20)
}
