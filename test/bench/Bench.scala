// The programs of spark.ts on Spark in local mode: for each the milliseconds that its batches took,
// round by round. Time moves on when a batch is through, so that nothing waits for a clock.
package org.apache.spark.streaming.bench

import java.nio.file.Files
import java.util.concurrent.Semaphore

import org.apache.spark.{SparkConf, SparkContext}
import org.apache.spark.rdd.RDD
import org.apache.spark.streaming._
import org.apache.spark.streaming.dstream.{DStream, InputDStream}
import org.apache.spark.util.ManualClock

object Bench {
  final case class Plan(
      cores: Int, partitions: Int, lines: Int, warmUp: Int, batches: Int, rounds: Int)

  /** The lines of some batches, which follow each other in turn. */
  var batchesOfLines: Array[Array[String]] = Array()
  val done = new Semaphore(0)

  /** The lines that word-count.ts makes. */
  def makeLines(count: Int): Array[String] = {
    var state = 12345
    def draw(bound: Int): Int = {
      state = (state * 1103515245 + 12345) & 0x7fffffff
      state % bound
    }
    Array.fill(count)(Array.fill(8)(s"word${draw(draw(10000) + 1)}").mkString(" "))
  }

  /** Tasks find their lines in this process: none is serialised, as none is on our side. */
  final class Lines(owner: StreamingContext, partitions: Int) extends InputDStream[String](owner) {
    override def start(): Unit = {}
    override def stop(): Unit = {}
    override def compute(time: Time): Option[RDD[String]] = {
      val batch = ((time - zeroTime) / slideDuration - 1).toInt
      val count = partitions
      Some(context.sparkContext.makeRDD(0 until count, count).flatMap { partition =>
        val lines = batchesOfLines(batch % batchesOfLines.length)
        val from = partition.toLong * lines.length / count
        val until = (partition + 1L) * lines.length / count
        lines.iterator.slice(from.toInt, until.toInt)
      })
    }
  }

  private def programs(n: Int): Seq[(String, DStream[(String, Int)] => DStream[_])] = Seq(
    "word count" -> (_.reduceByKey(_ + _, n)),
    "windowed count" -> (_.reduceByKeyAndWindow((a: Int, b: Int) => a + b,
      Seconds(5), Seconds(1), n)),
    "stateful count" -> (_.updateStateByKey[Int](
      (ones: Seq[Int], count: Option[Int]) => Some(count.getOrElse(0) + ones.sum), n)))

  /** Milliseconds of the batches after the first ones. */
  private def millis(
      sc: SparkContext, plan: Plan, build: DStream[(String, Int)] => DStream[_]): Double = {
    val ssc = new StreamingContext(sc, Seconds(1))
    ssc.checkpoint(Files.createTempDirectory("bench").toString)
    val words = new Lines(ssc, plan.partitions).flatMap(_.split(" ")).map(word => (word, 1))
    build(words).foreachRDD { rdd =>
      rdd.count()
      done.release()
    }
    ssc.start()
    val clock = ssc.scheduler.clock.asInstanceOf[ManualClock]
    var from = System.nanoTime()
    for (batch <- 1 to plan.warmUp + plan.batches) {
      if (batch == plan.warmUp + 1) from = System.nanoTime()
      clock.advance(1000)
      done.acquire()
    }
    val nanos = System.nanoTime() - from
    ssc.stop(stopSparkContext = false, stopGracefully = false)
    nanos / 1e6
  }

  /** Arguments: cores, partitions, lines a batch, batches to warm up, batches to measure, rounds. */
  def main(args: Array[String]): Unit = {
    val Array(cores, partitions, lines, warmUp, batches, rounds) = args.map(_.toInt)
    val plan = Plan(cores, partitions, lines, warmUp, batches, rounds)
    val sc = new SparkContext(new SparkConf()
      .setMaster(s"local[$cores]")
      .setAppName("bench")
      .set("spark.ui.enabled", "false")
      .set("spark.driver.host", "localhost")
      .set("spark.default.parallelism", partitions.toString)
      .set("spark.streaming.clock", classOf[ManualClock].getName))
    batchesOfLines = makeLines(5 * lines).grouped(lines).toArray
    val results = for ((name, build) <- programs(partitions)) yield {
      val rounded = (1 to rounds).map(_ => millis(sc, plan, build))
      s"""{"name": "$name", "millis": [${rounded.mkString(", ")}]}"""
    }
    println(results.mkString("[", ", ", "]"))
    System.exit(0)
  }
}
