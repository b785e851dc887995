// What Spark reads from the texts of a configuration, the defaults of its streaming settings, and
// which of them a restart takes anew.
package org.apache.spark.streaming.vectors

import scala.util.{Failure, Success, Try}

import org.apache.spark.{SparkConf, SparkContext}
import org.apache.spark.internal.config.ConfigEntry
import org.apache.spark.streaming.{Checkpoint, Seconds, StreamingConf, StreamingContext, Time}

/** Texts given for one setting, each with the value read or the message. */
final case class SettingTexts(entry: String, kind: String, texts: Seq[String])(
    read: SparkConf => Any)
    extends SparkVector {
  override def name: String = s"settings/$kind $entry"

  override def run(): String = Json.fields(Seq(
    "name" -> name,
    "kind" -> "setting",
    "setting" -> entry,
    "type" -> kind,
    "texts" -> texts.map { text =>
      Try(read(new SparkConf(false).set(entry, text))) match {
        case Success(Some(value)) => Seq(text, value)
        case Success(value) => Seq(text, value)
        case Failure(error) => Seq(text, error.getMessage)
      }
    }))
}

/** The default of each entry of StreamingConf, as text. */
object SettingDefaults extends SparkVector {
  override def name: String = "settings/defaults"

  override def run(): String = {
    val entries = StreamingConf.getClass.getDeclaredMethods.toSeq
      .filter(method => classOf[ConfigEntry[_]].isAssignableFrom(method.getReturnType))
      .map(_.invoke(StreamingConf).asInstanceOf[ConfigEntry[_]])
      .sortBy(_.key)
    Json.fields(Seq(
      "name" -> name,
      "kind" -> "defaults",
      "defaults" -> entries.map(entry => Seq(entry.key, entry.defaultValueString))))
  }
}

/** Which settings a driver that restarts takes from its surroundings, not from the checkpoint. */
object ReloadedSettings extends SparkVector {
  override def name: String = "settings/reloaded"

  override def run(): String = {
    val candidates = SettingDefaults.run().split("\"").filter(_.startsWith("spark.")).toSeq ++ Seq(
      "spark.app.name", "spark.default.parallelism", "spark.driver.host", "spark.driver.port",
      "spark.driver.bindAddress", "spark.executor.cores", "spark.executor.memory", "spark.master",
      "spark.task.maxFailures", "spark.ui.port", "spark.yarn.app.id", "spark.yarn.jars",
      "spark.kerberos.keytab", "spark.kerberos.principal", "spark.streaming.kafka.maxRatePerPartition",
      "spark.cleaner.ttl", "spark.locality.wait")
    val kept = candidates.map(_ -> "7").toMap + ("spark.master" -> "local[2]") +
      ("spark.driver.host" -> "localhost") + ("spark.driver.bindAddress" -> "localhost")
    val ssc = new StreamingContext(
      new SparkConf(false).setMaster("local[2]").setAppName("reloaded").set("spark.ui.enabled", "false"),
      Seconds(1))
    try {
      ssc.checkpoint(java.nio.file.Files.createTempDirectory("reloaded").toString)
      kept.foreach { case (key, value) => ssc.sparkContext.conf.set(key, value) }
      val checkpoint = new Checkpoint(ssc, Time(1000))
      candidates.foreach(System.setProperty(_, "8"))
      val restored = checkpoint.createSparkConf()
      Json.fields(Seq(
        "name" -> name,
        "kind" -> "reloaded",
        "kept" -> candidates.filter(key => restored.get(key, "") == kept(key)).sorted,
        "reloaded" -> candidates.filter(key => restored.get(key, "") == "8").sorted))
    } finally {
      candidates.foreach(System.clearProperty)
      ssc.stop(stopSparkContext = true, stopGracefully = false)
    }
  }
}

object SettingsVectors {
  private val times =
    Seq("100", "100ms", "10s", "2m", "2min", "1h", "1d", "1500us", "999us", "-5s", " 7S ", "10x", "s",
      "1.5s", "", "10 s", "0")
  private val wholes = Seq("1", "12", "+3", "-4", " 5 ", "1.0", "1e3", "abc", "", "2147483647",
    "2147483648", "0")
  private val numbers = Seq("1", "0.2", "-1.5", "1e3", ".5", "abc", "", " 2.0 ")
  private val booleans = Seq("true", "false", "TRUE", " false ", "yes", "1", "")

  val all: Seq[SparkVector] = Seq(
    SettingTexts("spark.streaming.blockInterval", "timeMs", times)(_.get(StreamingConf.BLOCK_INTERVAL)),
    SettingTexts("spark.streaming.gracefulStopTimeout", "timeMs", times)(
      _.get(StreamingConf.GRACEFUL_STOP_TIMEOUT)),
    SettingTexts("spark.streaming.concurrentJobs", "int", wholes)(_.get(StreamingConf.CONCURRENT_JOBS)),
    SettingTexts("spark.streaming.ui.retainedBatches", "int", wholes)(
      _.get(StreamingConf.UI_RETAINED_BATCHES)),
    SettingTexts("spark.streaming.receiver.maxRate", "long", wholes)(
      _.get(StreamingConf.RECEIVER_MAX_RATE)),
    SettingTexts("spark.streaming.backpressure.pid.integral", "double", numbers)(
      _.get(StreamingConf.BACKPRESSURE_PID_INTEGRAL)),
    SettingTexts("spark.streaming.stopGracefullyOnShutdown", "boolean", booleans)(
      _.get(StreamingConf.STOP_GRACEFULLY_ON_SHUTDOWN)),
    SettingTexts("spark.streaming.backpressure.enabled", "boolean", booleans)(
      _.get(StreamingConf.BACKPRESSURE_ENABLED)),
    SettingDefaults,
    ReloadedSettings)
}
