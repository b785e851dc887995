// What Spark reads from the texts of a configuration, and the defaults of its streaming settings.
package org.apache.spark.streaming.vectors

import scala.util.{Failure, Success, Try}

import org.apache.spark.SparkConf
import org.apache.spark.internal.config.ConfigEntry
import org.apache.spark.streaming.StreamingConf

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

object SettingsVectors {
  private val times =
    Seq("100", "100ms", "10s", "2m", "2min", "1h", "1d", "1500us", "999us", "-5s", " 7S ", "10x",
      "s", "1.5s", "", "10 s", "0")
  private val wholes = Seq("1", "12", "+3", "-4", " 5 ", "1.0", "1e3", "abc", "", "2147483647",
    "2147483648", "0")
  private val numbers = Seq("1", "0.2", "-1.5", "1e3", ".5", "abc", "", " 2.0 ")
  private val booleans = Seq("true", "false", "TRUE", " false ", "yes", "1", "")

  val all: Seq[SparkVector] = Seq(
    SettingTexts("spark.streaming.blockInterval", "timeMs", times)(
      _.get(StreamingConf.BLOCK_INTERVAL)),
    SettingTexts("spark.streaming.gracefulStopTimeout", "timeMs", times)(
      _.get(StreamingConf.GRACEFUL_STOP_TIMEOUT)),
    SettingTexts("spark.streaming.concurrentJobs", "int", wholes)(
      _.get(StreamingConf.CONCURRENT_JOBS)),
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
    SettingDefaults)
}
