// What Spark reads from the texts of a configuration, and the defaults of its streaming settings.
package org.apache.spark.streaming.vectors

import scala.util.{Failure, Success, Try}

import org.apache.spark.SparkConf
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

/** Of settings given at the first start, at a restart, or at both: what the restart has. */
object SettingsRestored extends SparkVector {
  override def name: String = "settings/restored"

  private val names = Seq("spark.app.name", "spark.yarn.app.id", "spark.yarn.app.attemptId",
    "spark.driver.host", "spark.driver.bindAddress", "spark.driver.port", "spark.master",
    "spark.ui.port", "spark.blockManager.port", "spark.kubernetes.driver.pod.name",
    "spark.kubernetes.executor.podNamePrefix", "spark.yarn.jars", "spark.yarn.keytab",
    "spark.yarn.principal", "spark.kerberos.keytab", "spark.kerberos.principal", "spark.ui.filters",
    "spark.org.apache.hadoop.yarn.server.webproxy.amfilter.AmIpFilter.param.PROXY_HOSTS",
    "spark.default.parallelism", "spark.task.maxFailures", "spark.speculation",
    "spark.executor.memory", "spark.streaming.blockInterval", "spark.streaming.concurrentJobs",
    "spark.streaming.backpressure.enabled", "spark.streaming.receiver.maxRate",
    "spark.streaming.kafka.maxRatePerPartition", "spark.streaming.stopGracefullyOnShutdown",
    "spark.scheduler.mode", "spark.locality.wait", "of.no.prefix")

  override def run(): String = {
    val ssc = new StreamingContext(
      new SparkConf().setMaster("local[1]").setAppName(name).set("spark.ui.enabled", "false")
        .set("spark.driver.host", "localhost"), Seconds(1))
    val facts = try {
      new TimedStream(ssc, Seq(1)).print()
      for (name <- names; atFirst <- Seq(true, false); atRestart <- Seq(true, false)) yield {
        // A checkpoint holds what its context's configuration says.
        val conf = new SparkConf(false)
        if (atFirst) conf.set(name, "first")
        val checkpoint = new Checkpoint(ssc, Time(1000))
        val pairs = classOf[Checkpoint].getDeclaredField("sparkConfPairs")
        pairs.setAccessible(true)
        pairs.set(checkpoint, conf.getAll)
        if (atRestart) System.setProperty(name, "restart")
        val restored = try checkpoint.createSparkConf() finally System.clearProperty(name)
        Seq(name, atFirst, atRestart, restored.getOption(name).getOrElse("none"))
      }
    } finally ssc.stop(stopSparkContext = true, stopGracefully = false)
    Json.fields(Seq("name" -> name, "kind" -> "restored", "settings" -> facts))
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
    SettingDefaults,
    SettingsRestored)
}
