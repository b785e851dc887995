// Runs the parts of Spark that receivers are made of: the block generator on a manual clock, the
// rate limiter on a clock by hand, and whole contexts with receivers that do what a script says.
package org.sparkproject.guava.util.concurrent {
  /** The rate limiter's clock is package private. */
  object RateLimiterByHand {
    /** The microseconds each call at its time would wait; `changes` sets the rate before a call. */
    def waits(rate: Double, callsUs: Seq[Long], changes: Map[Int, Double]): Seq[Long] = {
      var nowUs = 0L
      var sleptUs = 0L
      val ticker = new RateLimiter.SleepingTicker {
        override def read(): Long = nowUs * 1000
        override def sleepMicrosUninterruptibly(micros: Long): Unit = sleptUs = micros
      }
      val limiter = RateLimiter.create(ticker, rate)
      callsUs.zipWithIndex.map { case (atUs, index) =>
        nowUs = atUs
        changes.get(index).foreach(limiter.setRate)
        sleptUs = 0
        limiter.acquire(1)
        sleptUs
      }
    }
  }
}

package org.apache.spark.streaming.vectors {

import java.nio.file.Files
import java.util.concurrent.{ConcurrentHashMap, ConcurrentLinkedQueue}

import scala.collection.JavaConverters._
import scala.collection.mutable.ArrayBuffer
import scala.util.Try

import org.apache.commons.io.FileUtils
import org.apache.spark.{SparkConf, SparkContext, SparkEnv}
import org.apache.spark.storage.{BlockId, StorageLevel, StreamBlockId}
import org.apache.spark.streaming._
import org.apache.spark.streaming.receiver.{BlockGenerator, BlockGeneratorListener, Receiver}
import org.apache.spark.streaming.scheduler._
import org.apache.spark.util.ManualClock
import org.sparkproject.guava.util.concurrent.RateLimiterByHand

/** `records` says how many come at which time; the generator is stopped at the end. */
final case class BlockCuts(
    name: String, intervalMs: Int, endMs: Int, records: Seq[(Int, Int)], startMs: Int = 0)
    extends SparkVector {
  override def run(): String = {
    val clock = new ManualClock(startMs)
    val pushed = new ConcurrentLinkedQueue[Seq[Any]]
    val conf = new SparkConf().set("spark.streaming.blockInterval", s"${intervalMs}ms")
    val listener = new BlockGeneratorListener {
      override def onAddData(data: Any, metadata: Any): Unit = {}
      override def onGenerateBlock(blockId: StreamBlockId): Unit = {}
      override def onPushBlock(blockId: StreamBlockId, buffer: ArrayBuffer[_]): Unit =
        pushed.add(Seq(blockId.name, buffer.toList))
      override def onError(message: String, throwable: Throwable): Unit = throw throwable
    }
    val generator = new BlockGenerator(listener, 0, conf, clock)
    generator.start()
    var next = 0
    val ticks = (startMs to endMs).filter(_ % intervalMs == 0).map(_ -> 0)
    for ((timeMs, count) <- (records ++ ticks).sorted) {
      clock.setTime(timeMs)
      if (count == 0) Thread.sleep(200)
      for (_ <- 1 to count) { generator.addData(next); next += 1 }
    }
    clock.setTime(endMs)
    val thread = new Thread(() => generator.stop())
    thread.start()
    // The timer still fires for the time it waits for and, as its loop is written, once more.
    var nextMs = endMs / intervalMs * intervalMs
    while (thread.isAlive) {
      Thread.sleep(40)
      nextMs += intervalMs
      clock.setTime(nextMs)
    }
    Json.fields(Seq("name" -> name, "kind" -> "cuts", "intervalMs" -> intervalMs,
      "startMs" -> startMs, "endMs" -> endMs,
      "records" -> records.map { case (timeMs, count) => Seq(timeMs, count) },
      "blocks" -> pushed.asScala.toList))
  }
}

final case class RateWaits(
    name: String, rate: Int, callsUs: Seq[Long], changes: Seq[(Int, Int)] = Nil)
    extends SparkVector {
  override def run(): String = {
    val waits = RateLimiterByHand.waits(rate, callsUs,
      changes.map { case (index, to) => index -> to.toDouble }.toMap)
    Json.fields(Seq("name" -> name, "kind" -> "waits", "rate" -> rate, "callsUs" -> callsUs,
      "changes" -> changes.map { case (index, to) => Seq(index, to) }, "waitsUs" -> waits))
  }
}

sealed trait ReceiverStep extends Product
final case class Store(timeMs: Int, stream: Int, records: Seq[Int]) extends ReceiverStep
final case class Again(timeMs: Int, stream: Int, message: String, withError: Boolean)
    extends ReceiverStep
final case class Halt(timeMs: Int, stream: Int, message: String, withError: Boolean)
    extends ReceiverStep
final case class Complain(timeMs: Int, stream: Int, message: String, withError: Boolean)
    extends ReceiverStep
/** Every block that receivers have stored so far is gone from memory. */
final case class Lose(timeMs: Int) extends ReceiverStep
final case class CrashAndRestart(timeMs: Int, backMs: Int) extends ReceiverStep
final case class UntilMs(timeMs: Int) extends ReceiverStep

/** Receivers that run in this process, and what was seen. */
object Stage {
  val receivers = new ConcurrentHashMap[Int, ScriptedReceiver]
  val lines = new ConcurrentLinkedQueue[String]
}

final class ScriptedReceiver extends Receiver[Int](StorageLevel.MEMORY_ONLY) {
  override def onStart(): Unit = Stage.receivers.put(streamId, this)
  override def onStop(): Unit = Stage.receivers.remove(streamId)
}

final class ReceiverWitness extends StreamingListener {
  private def say(what: String, info: ReceiverInfo): Unit = {
    val error = Option(info.lastError).getOrElse("").split("\n").head
    Stage.lines.add(s"receiver ${info.streamId} $what: ${info.lastErrorMessage} | $error")
  }
  override def onReceiverStarted(event: StreamingListenerReceiverStarted): Unit =
    Stage.lines.add(s"receiver ${event.receiverInfo.streamId} started: ${event.receiverInfo.name}")
  override def onReceiverStopped(event: StreamingListenerReceiverStopped): Unit =
    say("stopped", event.receiverInfo)
  override def onReceiverError(event: StreamingListenerReceiverError): Unit =
    say("error", event.receiverInfo)
  override def onBatchCompleted(event: StreamingListenerBatchCompleted): Unit =
    Stage.lines.add(s"batch ${event.batchInfo.batchTime.milliseconds} completed: " +
      s"${event.batchInfo.numRecords} records")
}

object ReceiverPrograms {
  /** A window is computed every two seconds, of batches that nobody has computed. */
  def see(ssc: StreamingContext, streams: Int, isWindowed: Boolean): Unit =
    for (stream <- 0 until streams) {
      val received = ssc.receiverStream(new ScriptedReceiver)
      // The RDD of each batch is made, and not computed.
      if (isWindowed) received.foreachRDD { rdd => () }
      val seen = if (isWindowed) received.window(Seconds(2), Seconds(2)) else received
      seen.foreachRDD { (rdd, time) =>
        val records =
          try rdd.glom().collect().map(_.mkString("[", " ", "]")).mkString(" ")
          catch { case error: Exception =>
            "Could not compute split.* not found".r.findFirstIn(error.getMessage).get
              .replaceAll("input-(\\d+)-\\d+", "input-$1").replaceAll("RDD \\d+", "RDD")
          }
        val kind = rdd.getClass.getSimpleName
        Stage.lines.add(s"batch ${time.milliseconds} stream $stream: $kind" +
          s"[${rdd.id}] of ${rdd.getNumPartitions}: $records".stripSuffix(" "))
      }
    }
}

final case class ReceiverScript(
    name: String,
    steps: Seq[ReceiverStep],
    conf: Seq[(String, String)],
    streams: Int,
    checkpoints: Boolean,
    isWindowed: Boolean)
    extends SparkVector {
  private val directory = Files.createTempDirectory("receivers")
  private var ssc: StreamingContext = _

  override def run(): String = {
    Stage.receivers.clear()
    Stage.lines.clear()
    try {
      ssc = new StreamingContext(sparkConf(0), Seconds(1))
      if (checkpoints) ssc.checkpoint(directory.toString)
      ReceiverPrograms.see(ssc, streams, isWindowed)
      start()
      steps.foreach(take)
      Json.fields(Seq("name" -> name, "kind" -> "receivers",
        "conf" -> conf.map { case (key, value) => Seq(key, value) }, "streams" -> streams,
        "checkpoints" -> checkpoints, "isWindowed" -> isWindowed,
        "steps" -> steps.map(step => step.productPrefix +: step.productIterator.toSeq),
        "lines" -> told(Stage.lines.asScala.toList)))
    } finally {
      Try(ssc.stop(stopSparkContext = true, stopGracefully = false))
      SparkContext.getActive.foreach(_.stop())
      FileUtils.deleteQuietly(directory.toFile)
    }
  }

  /** After a crash a receiver's start and the batches that run again race. */
  private def told(lines: Seq[String]): Seq[String] = {
    val (before, after) = lines.span(_ != "crashed")
    before ++ after.take(1) ++ after.drop(1).map(_.replaceAll("RDD\\[\\d+\\]", "RDD")).sorted
  }

  private def sparkConf(jumpMs: Long): SparkConf = new SparkConf()
    .setMaster("local[6]")
    .setAppName(name)
    .set("spark.ui.enabled", "false")
    .set("spark.driver.host", "localhost")
    .set("spark.streaming.clock", classOf[ManualClock].getName)
    .set("spark.streaming.manualClock.jump", jumpMs.toString)
    .setAll(conf)

  private def clock: ManualClock = ssc.scheduler.clock.asInstanceOf[ManualClock]

  private def start(): Unit = {
    ssc.addStreamingListener(new ReceiverWitness)
    ssc.start()
    settle()
  }

  private def advance(untilMs: Long): Unit = while (clock.getTimeMillis() < untilMs) {
    val grid = (clock.getTimeMillis() / 1000 + 1) * 1000
    clock.setTime(math.min(grid, untilMs))
    settle()
  }

  private def settle(): Unit = {
    var same = 0
    var before: Any = null
    while (same < 6) {
      Thread.sleep(50)
      val now = (Stage.lines.size, Stage.receivers.size)
      same = if (now == before && Stage.receivers.size == streams) same + 1 else 0
      before = now
    }
  }

  private def error(withError: Boolean): Throwable =
    if (withError) new RuntimeException("no reason") else null

  private def take(step: ReceiverStep): Unit = step match {
    case UntilMs(timeMs) => advance(timeMs)
    case Store(timeMs, stream, records) =>
      advance(timeMs)
      Stage.receivers.get(stream).store(ArrayBuffer(records: _*))
    case Again(timeMs, stream, message, withError) =>
      advance(timeMs)
      val receiver = Stage.receivers.get(stream)
      if (withError) receiver.restart(message, error(withError)) else receiver.restart(message)
      Thread.sleep(300)
      settle()
    case Halt(timeMs, stream, message, withError) =>
      advance(timeMs)
      val receiver = Stage.receivers.get(stream)
      if (withError) receiver.stop(message, error(withError)) else receiver.stop(message)
      Thread.sleep(300)
      settle()
    case Complain(timeMs, stream, message, withError) =>
      advance(timeMs)
      Stage.receivers.get(stream).reportError(message, error(withError))
      settle()
    case Lose(timeMs) =>
      advance(timeMs)
      val manager = SparkEnv.get.blockManager
      manager.getMatchingBlockIds(_.isInstanceOf[StreamBlockId])
        .foreach((id: BlockId) => manager.removeBlock(id, tellMaster = true))
    case CrashAndRestart(timeMs, backMs) => advance(timeMs); crash(backMs)
  }

  private def crash(backMs: Long): Unit = {
    val kept = Files.createTempDirectory("receivers-kept")
    settle()
    FileUtils.copyDirectory(directory.toFile, kept.toFile)
    val lines = Stage.lines.asScala.toList
    ssc.stop(stopSparkContext = true, stopGracefully = false)
    Stage.lines.clear()
    Stage.receivers.clear()
    lines.foreach(Stage.lines.add)
    Stage.lines.add("crashed")
    FileUtils.cleanDirectory(directory.toFile)
    FileUtils.copyDirectory(kept.toFile, directory.toFile)
    FileUtils.deleteQuietly(kept.toFile)
    val sc = new SparkContext(sparkConf(0))
    val read = CheckpointReader.read(directory.toString, sc.getConf, sc.hadoopConfiguration)
    val jumpMs = backMs - read.map(_.checkpointTime.milliseconds).getOrElse(0L)
    sc.conf.set("spark.streaming.manualClock.jump", jumpMs.toString)
    ssc = new StreamingContext(directory.toString, sc)
    start()
  }
}
}
