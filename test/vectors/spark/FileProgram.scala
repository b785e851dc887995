// Runs a stream of files on Spark itself: each file is there from the start, with a modification time
// of the manual clock's, so that a batch sees it as one that appeared then.
package org.apache.spark.streaming.vectors

import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Files
import java.nio.file.attribute.FileTime
import java.util.concurrent.TimeUnit

import org.apache.spark.{SPARK_VERSION, SparkConf}
import org.apache.spark.streaming._
import org.apache.spark.util.ManualClock

/** Files by time and name, each with the line that is its name. */
final case class FileProgram(name: String, batches: Int, files: Seq[(Int, String)])
    extends SparkVector {

  override def run(): String = {
    val directory = Files.createTempDirectory("files")
    val conf = new SparkConf()
      .setMaster("local[2]")
      .setAppName(name)
      .set("spark.ui.enabled", "false")
      .set("spark.driver.host", "localhost")
      .set("spark.streaming.clock", classOf[ManualClock].getName)
    val head = Seq(
      "name" -> name, "kind" -> "files", "spark" -> SPARK_VERSION, "batches" -> batches,
      "files" -> files)
    val ssc = new StreamingContext(conf, Seconds(1))
    try {
      val batchEnd = new BatchEnd(ssc)
      Seen.clear()
      Seen.value(ssc.textFileStream(directory.toString)) { rdd =>
        Seq(rdd.getNumPartitions, rdd.collect().toSeq.sorted)
      }
      batchEnd.register()
      for ((atMs, name) <- files) {
        val file = Files.write(directory.resolve(name), s"$name\n".getBytes(UTF_8))
        Files.setLastModifiedTime(file, FileTime.fromMillis(atMs.toLong))
      }
      ssc.start()
      val clock = ssc.scheduler.clock.asInstanceOf[ManualClock]
      for (_ <- 1 to batches) {
        clock.advance(1000)
        while (!Seen.batchEnded.tryAcquire(100, TimeUnit.MILLISECONDS)) {
          ssc.awaitTerminationOrTimeout(1)
        }
      }
      Json.fields(head :+ ("values" -> Seen.values.toList))
    } catch {
      // Files are named by where they lie on this machine.
      case error: Exception =>
        Json.fields(head :+ ("failure" -> error.getMessage.replaceAll("file:\\S*/", "")))
    } finally ssc.stop(stopSparkContext = true, stopGracefully = false)
  }
}
