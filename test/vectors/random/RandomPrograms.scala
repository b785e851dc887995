// Runs random programs on one Spark, each in a streaming context of its own, and writes down what
// each batch gave: one line a program.
package org.apache.spark.streaming.vectors

import java.io.{ByteArrayOutputStream, File, PrintStream, PrintWriter}
import java.nio.file.Files
import java.util.concurrent.TimeUnit

import scala.collection.JavaConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}

import org.apache.hadoop.fs.{Path, RawLocalFileSystem}
import org.apache.hadoop.fs.permission.FsPermission

import org.apache.spark.{SparkConf, SparkContext}
import org.apache.spark.rdd.RDD
import org.apache.spark.streaming._
import org.apache.spark.streaming.dstream.InputDStream
import org.apache.spark.util.ManualClock

import streamscope.random.RandomProgram

/** A batch per interval, dealt over that many partitions; None for an RDD without partitions. */
final class SlicedStream(owner: StreamingContext, batches: Seq[Option[Seq[Any]]], slices: Int)
    extends InputDStream[Any](owner) {
  override def start(): Unit = {}
  override def stop(): Unit = {}
  override def compute(time: Time): Option[RDD[Any]] = {
    val index = ((time - zeroTime) / slideDuration - 1).toInt
    val records = if (index < batches.size) batches(index) else None
    Some(records.fold[RDD[Any]](context.sparkContext.emptyRDD[Any]) { known =>
      context.sparkContext.makeRDD(known, slices)
    })
  }
}

/** Local files without modes: without Hadoop's native library each mode is a process of its own. */
final class FilesWithoutModes extends RawLocalFileSystem {
  override def setPermission(path: Path, permission: FsPermission): Unit = {}
}

object RandomPrograms {
  private val printed = new ByteArrayOutputStream
  private val console = new PrintStream(printed, true, "UTF-8")
  private val checkpoints = Files.createTempDirectory("vectors").toString

  /** Arguments: a file of programs, one a line, and the file to write. */
  def main(args: Array[String]): Unit = {
    val lines = Files.readAllLines(new File(args(0)).toPath).asScala
    val programs = lines.map(new ObjectMapper().readTree)
    val out = new PrintWriter(args(1), "UTF-8")
    val sc = new SparkContext(new SparkConf()
      .setMaster("local[2]")
      .setAppName("random")
      .set("spark.ui.enabled", "false")
      .set("spark.driver.host", "localhost")
      .set("spark.default.parallelism", "2")
      .set("spark.hadoop.fs.file.impl", classOf[FilesWithoutModes].getName)
      .set("spark.streaming.clock", classOf[ManualClock].getName))
    sc.addSparkListener(new JobCounter)
    for ((program, index) <- programs.zipWithIndex) {
      if (index % 100 == 0) System.err.println(s"random program ${index + 1} of ${programs.size}")
      out.println(Console.withOut(console)(answerOf(sc, program)))
      out.flush()
    }
    out.close()
    System.exit(0)
  }

  private def answerOf(sc: SparkContext, program: JsonNode): String = {
    // The scheduler and the partitioners ask the context's own configuration each time.
    sc.conf.set("spark.default.parallelism", program.get("parallelism").asText)
    val ssc = new StreamingContext(sc, Seconds(1))
    try Json.fields(Seq("seed" -> program.get("seed").asInt, "batches" -> batches(ssc, program)))
    catch {
      case error: Exception =>
        throw new IllegalStateException(s"Spark refuses $program", error)
    } finally ssc.stop(stopSparkContext = false, stopGracefully = false)
  }

  private def batches(ssc: StreamingContext, program: JsonNode): Seq[Any] = {
    if (program.get("checkpoints").asBoolean) ssc.checkpoint(checkpoints)
    val inputs = program.get("inputs").asScala.toVector.map { input =>
      val records = input.get("batches").asScala.toVector.map { batch =>
        if (batch.isNull) None else Some(RandomProgram.records(batch))
      }
      new SlicedStream(ssc, records, input.get("slices").asInt)
    }
    RandomProgram.build(ssc, inputs, program)
    new BatchEnd(ssc).register()
    Seen.batchEnded.drainPermits()
    ssc.start()
    val clock = ssc.scheduler.clock.asInstanceOf[ManualClock]
    (1 to program.get("batches").asInt).map(index => batch(ssc, clock, index))
  }

  private def batch(ssc: StreamingContext, clock: ManualClock, index: Int): Any = {
    Seen.clear()
    printed.reset()
    clock.advance(1000)
    while (!Seen.batchEnded.tryAcquire(100, TimeUnit.MILLISECONDS)) {
      ssc.awaitTerminationOrTimeout(1)
    }
    ssc.sparkContext.listenerBus.waitUntilEmpty()
    // The scheduler then asks for what is no longer remembered to be cleared.
    while (ssc.scheduler.getPendingTimes().nonEmpty) Thread.sleep(1)
    ssc.awaitTerminationOrTimeout(1)
    Json.Fields(Seq(
      "timeMs" -> index * 1000,
      "values" -> Seen.values.toList,
      "printed" -> printed.toString("UTF-8"),
      "jobs" -> Seen.jobs,
      "tasksByStage" -> Seen.stages.sorted.toList))
  }
}
