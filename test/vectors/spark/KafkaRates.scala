// How Spark's own rate estimator and its limits per partition answer tables of numbers.
package org.apache.spark.streaming.vectors

import scala.jdk.CollectionConverters._
import scala.util.{Random, Try}

import org.apache.kafka.common.TopicPartition

import org.apache.spark.{SparkConf, SPARK_VERSION}
import org.apache.spark.streaming.{Milliseconds, StreamingContext}
import org.apache.spark.streaming.kafka010._
import org.apache.spark.streaming.scheduler.RateController
import org.apache.spark.streaming.scheduler.rate.{PIDRateEstimator, RateEstimator}

/** End of processing, records, processing delay, scheduling delay; in ms. */
final case class Completed(end: Long, records: Long, processing: Long, scheduling: Long)

/** A sequence of batches as the estimator hears of them, and what it answers to each. */
final case class PidVector(
    name: String,
    batches: Seq[Completed],
    interval: Long = 1000,
    proportional: Double = 1.0,
    integral: Double = 0.2,
    derived: Double = 0.0,
    minRate: Double = 100)
    extends SparkVector {

  override def run(): String = {
    val head = Seq(
      "name" -> name, "kind" -> "pid", "spark" -> SPARK_VERSION, "interval" -> interval,
      "terms" -> Seq(proportional, integral, derived, minRate))
    val outcome = Try {
      val pid = new PIDRateEstimator(interval, proportional, integral, derived, minRate)
      batches.map(b => pid.compute(b.end, b.records, b.processing, b.scheduling))
    }.fold(error => "failure" -> error.getMessage, rates => "rates" -> rates)
    Json.fields(head :+ ("batches" -> batches) :+ outcome)
  }
}

/** Where each partition stands when a batch is planned, the limits, and where the batch ends. */
final case class LimitVector(
    name: String,
    lags: Seq[(Long, Long)],
    interval: Long = 1000,
    maxRate: Long = 0,
    minRate: Long = 1,
    initialRate: Long = 0,
    rate: Option[Long] = None)
    extends SparkVector {

  override def run(): String = {
    val conf = new SparkConf()
      .setMaster("local[2]")
      .setAppName(name)
      .set("spark.ui.enabled", "false")
      .set("spark.driver.host", "localhost")
      .set("spark.streaming.kafka.maxRatePerPartition", maxRate.toString)
      .set("spark.streaming.kafka.minRatePerPartition", minRate.toString)
      .set("spark.streaming.backpressure.initialRate", initialRate.toString)
    val ssc = new StreamingContext(conf, Milliseconds(interval))
    try {
      val partitions = lags.indices.map(new TopicPartition("t", _))
      val stream = new LimitProbe(ssc, partitions.zip(lags.map(_._1)).toMap, rate)
      val latest = partitions.zip(lags.map(_._2)).toMap
      Json.fields(Seq(
        "name" -> name, "kind" -> "limits", "spark" -> SPARK_VERSION, "interval" -> interval,
        "maxRate" -> maxRate, "minRate" -> minRate, "initialRate" -> initialRate, "rate" -> rate,
        "lags" -> lags,
        "limits" -> stream.maxMessages(latest).map(limits => partitions.map(limits)),
        "ends" -> partitions.map(stream.clamped(latest))))
    } finally ssc.stop(stopSparkContext = true, stopGracefully = false)
  }
}

/** A direct stream that stands where it is told to, at a rate it is told. */
final class LimitProbe(
    owner: StreamingContext,
    current: Map[TopicPartition, Long],
    rate: Option[Long])
    extends DirectKafkaInputDStream[String, String](
      owner,
      LocationStrategies.PreferConsistent,
      ConsumerStrategies.Assign[String, String](current.keys, Map[String, Object]()),
      PerPartition.defaults(owner.sparkContext.getConf)) {
  currentOffsets = current

  override protected[streaming] val rateController: Option[RateController] = rate.map { known =>
    new RateController(id, null.asInstanceOf[RateEstimator]) {
      override def publish(rate: Long): Unit = ()
      override def getLatestRate(): Long = known
    }
  }

  def maxMessages(latest: Map[TopicPartition, Long]): Option[Map[TopicPartition, Long]] =
    maxMessagesPerPartition(latest)

  def clamped(latest: Map[TopicPartition, Long]): Map[TopicPartition, Long] = clamp(latest)
}

object KafkaRates {
  private def sequence(seed: Int, count: Int): Seq[Completed] = {
    val random = new Random(seed)
    var end = 1000L
    Seq.fill(count) {
      end += 1 + random.nextInt(3000)
      Completed(end, random.nextInt(5000), random.nextInt(2500), random.nextInt(4) * 700)
    }
  }

  private val steady = (1 to 6).map(n => Completed(n * 1000 + 800, 4000, 800, 0))
  private val slower = (1 to 8).map(n => Completed(n * 1500, 3000, 1500, (n - 1) * 500))

  private val pid: Seq[SparkVector] = Seq(
    PidVector("kafkaRates/a steady stream", steady),
    PidVector("kafkaRates/batches that take longer than the interval", slower),
    PidVector("kafkaRates/nothing but the proportional term", slower, integral = 0),
    PidVector("kafkaRates/with a derivative", slower, derived = 0.7),
    PidVector("kafkaRates/a minimum that holds", slower.map(_.copy(records = 20))),
    PidVector("kafkaRates/a minimum below one", slower.map(_.copy(records = 2)), minRate = 0.3),
    PidVector("kafkaRates/empty batches teach nothing",
      steady.zipWithIndex.map { case (b, n) => if (n % 2 == 0) b.copy(records = 0) else b }),
    PidVector("kafkaRates/batches of no time teach nothing",
      steady.zipWithIndex.map { case (b, n) => if (n == 2) b.copy(processing = 0) else b }),
    PidVector("kafkaRates/batches out of order teach nothing", steady.take(3) ++ steady),
    PidVector("kafkaRates/a proportional term below zero", Nil, proportional = -1),
    PidVector("kafkaRates/an integral term below zero", Nil, integral = -0.5),
    PidVector("kafkaRates/a derivative term below zero", Nil, derived = -2),
    PidVector("kafkaRates/a minimum of zero", Nil, minRate = 0)) ++
    (1 to 8).map { seed =>
      PidVector(s"kafkaRates/random batches $seed", sequence(seed, 30),
        interval = Seq(1000L, 500L, 2000L, 300L)(seed % 4), proportional = Seq(1.0, 0.7)(seed % 2),
        integral = Seq(0.2, 0.1, 0.0)(seed % 3), derived = Seq(0.0, 0.3)(seed % 2),
        minRate = Seq(100.0, 10.5)(seed % 2))
    }

  private val lags = Seq((0L, 5000L), (100L, 1100L), (50L, 50L))
  private val limits: Seq[SparkVector] = Seq(
    LimitVector("kafkaRates/no limit", lags),
    LimitVector("kafkaRates/a rate per partition", lags, maxRate = 700),
    LimitVector("kafkaRates/a rate per partition and half a second", lags, 500, maxRate = 701),
    LimitVector("kafkaRates/a rate per partition and 3 s", lags, 3000, maxRate = 333),
    LimitVector("kafkaRates/less than one record a batch", lags, 100, maxRate = 5),
    LimitVector("kafkaRates/a minimum above the rate", lags, maxRate = 5, minRate = 40),
    LimitVector("kafkaRates/a minimum alone is no limit", lags, minRate = 40),
    LimitVector("kafkaRates/before an estimate, without initial rate", lags, rate = Some(-1)),
    LimitVector("kafkaRates/before an estimate, with a rate per partition", lags, maxRate = 30,
      rate = Some(-1)),
    LimitVector("kafkaRates/an initial rate", lags, initialRate = 600, rate = Some(-1)),
    LimitVector("kafkaRates/an initial rate without back-pressure", lags, initialRate = 600),
    LimitVector("kafkaRates/an estimate wins over the initial rate", lags, initialRate = 600,
      rate = Some(120)),
    LimitVector("kafkaRates/an estimated rate is shared by lag", lags, rate = Some(1000)),
    LimitVector("kafkaRates/shares are rounded down", Seq((0, 10), (0, 20), (0, 31)),
      rate = Some(17)),
    LimitVector("kafkaRates/a share of less than one record is one",
      Seq((0, 1), (0, 1000000)), rate = Some(10)),
    LimitVector("kafkaRates/a share of less than the minimum is the minimum",
      Seq((0, 9), (0, 1000000)), minRate = 5, rate = Some(10)),
    LimitVector("kafkaRates/shares above the rate per partition", lags, maxRate = 300,
      rate = Some(1000)),
    LimitVector("kafkaRates/shares over 2.5 s", lags, 2500, rate = Some(777)),
    LimitVector("kafkaRates/no lag at all", lags.map(lag => (lag._1, lag._1)), rate = Some(10)),
    LimitVector("kafkaRates/no lag at all, with a rate per partition",
      lags.map(lag => (lag._1, lag._1)), maxRate = 5, rate = Some(10)),
    LimitVector("kafkaRates/a log that ends before the position", Seq((100, 20), (0, 500)),
      rate = Some(60)),
    LimitVector("kafkaRates/a log that ends before the position, limited", Seq((100, 20), (0, 500)),
      maxRate = 50),
    LimitVector("kafkaRates/no partitions", Nil, maxRate = 50))

  private val random: Seq[SparkVector] = (1 to 6).map { seed =>
    val draw = new Random(seed)
    val table = Seq.fill(1 + draw.nextInt(7)) {
      val current = draw.nextInt(1000000).toLong
      (current, current + draw.nextInt(100000))
    }
    LimitVector(s"kafkaRates/random lags $seed", table, 100L * (1 + draw.nextInt(50)),
      maxRate = draw.nextInt(2) * draw.nextInt(20000), minRate = 1 + draw.nextInt(5),
      rate = Some(1L + draw.nextInt(30000)))
  }

  val all: Seq[SparkVector] = pid ++ limits ++ random
}
