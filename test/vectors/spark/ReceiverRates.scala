// Back-pressure of a receiver: the limit it has after each batch, by how long the batches took.
// test/vectors/receivers.test.ts plays the same on our engine.
package org.apache.spark.streaming.vectors

import scala.collection.mutable.ArrayBuffer
import scala.util.Try

import org.apache.spark.{SparkConf, SparkContext}
import org.apache.spark.streaming.{Seconds, StreamingContext}
import org.apache.spark.util.ManualClock

/** A block of so many records comes 50 ms before each batch, whose job takes `taskMs` and `recordMs`
 *  for each record, all within the interval. */
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
    @volatile var batches = 0
    ssc.receiverStream(new ScriptedReceiver).foreachRDD { rdd =>
      val count = rdd.count()
      clockOf(ssc).advance(taskMs + recordMs * count)
      batches += 1
    }
    ssc.start()
    until(Stage.receivers.size == 1)
    for ((count, index) <- counts.zipWithIndex) yield {
      clockOf(ssc).setTime(index * 1000 + 950)
      Stage.receivers.get(0).store(ArrayBuffer.fill(count)(0))
      clockOf(ssc).setTime(index * 1000 + 1000)
      until(batches == index + 1)
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

  private def clockOf(ssc: StreamingContext): ManualClock =
    ssc.scheduler.clock.asInstanceOf[ManualClock]

  private def until(condition: => Boolean): Unit = while (!condition) Thread.sleep(20)
}
