// Runs a direct stream of Spark's on a real Kafka, step by step, and writes down what each gave.
package org.apache.spark.streaming.vectors

import java.{util => ju}
import java.util.Properties
import java.util.regex.Pattern

import scala.collection.mutable.ArrayBuffer
import scala.jdk.CollectionConverters._
import scala.util.Try

import org.apache.kafka.clients.admin.{Admin, NewPartitions, NewTopic, RecordsToDelete}
import org.apache.kafka.clients.consumer.{OffsetAndMetadata, OffsetCommitCallback}
import org.apache.kafka.clients.producer.{KafkaProducer, ProducerRecord}
import org.apache.kafka.common.{KafkaException, TopicPartition}
import org.apache.kafka.common.serialization.{StringDeserializer, StringSerializer}

import org.apache.spark.{SparkConf, SparkException, SPARK_VERSION}
import org.apache.spark.streaming.{Seconds, StreamingContext, Time}
import org.apache.spark.streaming.kafka010._
import org.apache.spark.streaming.scheduler._

/** One thing that happens to a direct stream or to its topics. */
sealed trait KafkaStep extends Product
object KafkaStep {
  final case class CreateTopic(topic: String, partitions: Int) extends KafkaStep
  final case class AddPartitions(topic: String, partitions: Int) extends KafkaStep
  /** The log now starts at an offset. */
  final case class DeleteRecords(topic: String, partition: Int, before: Long) extends KafkaStep
  final case class Produce(topic: String, partition: Int, count: Int) extends KafkaStep
  /** What a consumer of the group commits before the stream starts. */
  final case class Committed(topic: String, partition: Int, offset: Long) extends KafkaStep
  case object Start extends KafkaStep
  /** Plans a batch: its ranges, what the group has committed then, and the callbacks so far. */
  case object Batch extends KafkaStep
  /** The stream is asked to commit; the callback is told apart by its name. */
  final case class Commit(ranges: Seq[(String, Int, Long, Long)], callback: String = "")
      extends KafkaStep
  /** The batch planned last is asked to be committed. */
  final case class CommitBatch(callback: String = "") extends KafkaStep
  /** The batch planned last has been processed: end, processing and scheduling delay in ms. */
  final case class Processed(end: Long, processing: Long, scheduling: Long) extends KafkaStep
  /** Long enough for a consumer to look at its topics again. */
  case object RefreshMetadata extends KafkaStep
  /** The records of the batch planned last, or why they cannot be read. */
  case object Read extends KafkaStep
  /** The stream stops, and its driver with it. Another starts afresh. */
  case object Stop extends KafkaStep
}

sealed trait KafkaSubscription extends Product
object KafkaSubscription {
  final case class Topics(topics: Seq[String]) extends KafkaSubscription
  final case class ByPattern(pattern: String) extends KafkaSubscription
  final case class Partitions(partitions: Seq[(String, Int)]) extends KafkaSubscription
}

final case class KafkaScript(
    name: String,
    steps: Seq[KafkaStep],
    subscription: KafkaSubscription = KafkaSubscription.Topics(Seq("t")),
    offsets: Seq[(String, Int, Long)] = Nil,
    params: Seq[(String, Any)] = Seq("auto.offset.reset" -> "earliest"),
    settings: Seq[(String, String)] = Nil,
    topics: Seq[(String, Int)] = Seq("t" -> 2),
    group: Boolean = true)
    extends SparkVector {

  override def run(): String = {
    val script = steps.map { step =>
      Json.Fields(Seq("step" -> step.productPrefix, "args" -> step.productIterator.toSeq))
    }
    val run = new KafkaScriptRun(this)
    try {
      Json.fields(Seq(
        "name" -> name, "kind" -> "kafka", "spark" -> SPARK_VERSION,
        "topics" -> topics,
        "subscription" -> Json.Fields(Seq("kind" -> subscription.productPrefix, "of" -> of)),
        "offsets" -> offsets, "group" -> group,
        "params" -> Json.Fields(params), "settings" -> Json.Fields(settings),
        "steps" -> script, "outcomes" -> run.outcomes()))
    } finally run.close()
  }

  private def of: Any = subscription match {
    case KafkaSubscription.Topics(topics) => topics
    case KafkaSubscription.ByPattern(pattern) => pattern
    case KafkaSubscription.Partitions(partitions) => partitions
  }
}

final class KafkaScriptRun(script: KafkaScript) {
  import KafkaStep._

  private val servers = sys.props("vectors.kafka")
  private val properties = new Properties
  properties.put("bootstrap.servers", servers)
  private val admin = Admin.create(properties)
  private val producer = {
    val own = new Properties
    own.put("bootstrap.servers", servers)
    new KafkaProducer[String, String](own, new StringSerializer, new StringSerializer)
  }
  private val group = "vector " + script.name
  private val callbacks = new ArrayBuffer[Any]
  private var made = Set.empty[String]
  private var stream: DirectKafkaInputDStream[String, String] = _
  private var context: StreamingContext = _
  private var batch = 0
  private var rdd: KafkaRDD[String, String] = _

  private def newDriver(): Unit = {
    val conf = new SparkConf()
      .setMaster("local[2]")
      .setAppName(script.name)
      .set("spark.ui.enabled", "false")
      .set("spark.driver.host", "localhost")
      .set("spark.streaming.kafka.consumer.poll.ms", "2000")
      .set("spark.task.maxFailures", "1")
      .setAll(script.settings)
    context = new StreamingContext(conf, Seconds(1))
    context.scheduler.inputInfoTracker = new InputInfoTracker(context)
    stream = KafkaUtils.createDirectStream[String, String](
      context, LocationStrategies.PreferConsistent, strategy)
      .asInstanceOf[DirectKafkaInputDStream[String, String]]
    batch = 0
  }

  private def strategy: ConsumerStrategy[String, String] = {
    val own = Map[String, Object](
      "bootstrap.servers" -> servers,
      "key.deserializer" -> classOf[StringDeserializer],
      "value.deserializer" -> classOf[StringDeserializer]) ++
      (if (script.group) Map("group.id" -> group) else Map()) ++
      script.params.map { case (name, value) => name -> value.asInstanceOf[Object] }
    val offsets = script.offsets.map { case (t, p, o) => new TopicPartition(t, p) -> o }.toMap
    script.subscription match {
      case KafkaSubscription.Topics(topics) => ConsumerStrategies.Subscribe(topics, own, offsets)
      case KafkaSubscription.ByPattern(pattern) =>
        ConsumerStrategies.SubscribePattern(Pattern.compile(pattern), own, offsets)
      case KafkaSubscription.Partitions(partitions) =>
        ConsumerStrategies.Assign(
          partitions.map { case (t, p) => new TopicPartition(t, p) }, own, offsets)
    }
  }

  /** Ends with the first step that fails. */
  def outcomes(): Seq[Any] = {
    script.topics.foreach { case (topic, partitions) => perform(CreateTopic(topic, partitions)) }
    val done = new ArrayBuffer[Any]
    val steps = script.steps.iterator
    var failed = false
    while (steps.hasNext && !failed) {
      val step = steps.next()
      try done += perform(step)
      catch {
        case error: Exception if Set[Any](Start, Batch, Read).contains(step) =>
          done += Json.Fields(Seq("failure" -> messageOf(error)))
          failed = true
      }
    }
    done.toSeq
  }

  /** As the JVM prints it: of a failed job, what its task threw; the cause of one that only says
   *  that something failed. */
  private def messageOf(error: Throwable): String = {
    val own = error match {
      case _: SparkException if error.getCause != null => error.getCause.toString
      case _ if error.getClass == classOf[KafkaException] => s"$error: ${error.getCause}"
      case _ => error.toString
    }
    own.replace(group, "GROUP").split("\n").head
      .replaceAll("""FetchPosition\{offset=(\d+),.*?\}\}""", "FetchPosition{offset=$1}")
  }

  private def perform(step: KafkaStep): Any = step match {
    case CreateTopic(topic, partitions) =>
      made += topic
      admin.createTopics(Seq(new NewTopic(topic, partitions, 1.toShort)).asJava).all.get
      settle()
    case AddPartitions(topic, partitions) =>
      admin.createPartitions(Map(topic -> NewPartitions.increaseTo(partitions)).asJava).all.get
      settle()
    case DeleteRecords(topic, partition, before) =>
      val partitions = Map(
        new TopicPartition(topic, partition) -> RecordsToDelete.beforeOffset(before))
      admin.deleteRecords(partitions.asJava).all.get
      null
    case Produce(topic, partition, count) =>
      (1 to count).foreach { n =>
        producer.send(new ProducerRecord(topic, partition, null: String, s"v$n"))
      }
      producer.flush()
      null
    case Committed(topic, partition, offset) =>
      admin.alterConsumerGroupOffsets(group, Map(
        new TopicPartition(topic, partition) -> new OffsetAndMetadata(offset)).asJava).all.get
      null
    case Start =>
      newDriver()
      stream.start()
      null
    case Batch => plan()
    case Commit(ranges, callback) =>
      val asked = ranges.map { case (t, p, from, until) => OffsetRange(t, p, from, until) }
      commit(asked.toArray, callback)
    case CommitBatch(callback) => commit(rdd.offsetRanges, callback)
    case Processed(end, processing, scheduling) => processed(end, processing, scheduling)
    case RefreshMetadata =>
      Thread.sleep(1500)
      null
    case Read =>
      rdd.map(r => (r.topic, r.partition, r.offset)).collect().sorted.toSeq
    case Stop =>
      stop()
      Json.Fields(Seq("committed" -> committed))
  }

  private def settle(): Any = {
    Thread.sleep(400)
    null
  }

  private def plan(): Any = {
    batch += 1
    rdd = stream.compute(Time(batch * 1000L)).get
    Thread.sleep(250)
    Json.Fields(Seq(
      "ranges" -> rdd.offsetRanges.sortBy(r => (r.topic, r.partition))
        .map(r => (r.topic, r.partition, r.fromOffset, r.untilOffset)).toSeq,
      "committed" -> committed,
      "callbacks" -> callbacks.toList))
  }

  private def committed: Seq[Any] =
    if (!script.group) Nil
    else {
      admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata.get.asScala.toSeq
        .map { case (tp, at) => (tp.topic, tp.partition, at.offset) }
        .sortBy(one => (one._1, one._2))
    }

  private def commit(ranges: Array[OffsetRange], callback: String): Any = {
    if (callback.isEmpty) stream.commitAsync(ranges)
    else stream.commitAsync(ranges, new OffsetCommitCallback {
      override def onComplete(
          offsets: ju.Map[TopicPartition, OffsetAndMetadata], error: Exception): Unit =
        callbacks += ((callback,
          offsets.asScala.toSeq.map { case (tp, at) => (tp.topic, tp.partition, at.offset) }
            .sortBy(one => (one._1, one._2)),
          Option(error).map(messageOf).orNull))
    })
    null
  }

  /** What the rate controller hears of a completed batch; the estimate it then has. */
  private def processed(end: Long, processing: Long, scheduling: Long): Any = {
    val controller = stream.rateController.get
    val time = Time(batch * 1000L)
    val submitted = end - processing - scheduling
    val info = BatchInfo(time, context.scheduler.inputInfoTracker.getInfo(time),
      submitted, Some(submitted + scheduling), Some(end), Map())
    controller.onBatchCompleted(StreamingListenerBatchCompleted(info))
    Thread.sleep(100)
    Json.Fields(Seq("rate" -> controller.getLatestRate()))
  }

  private def stop(): Unit = if (context != null) {
    Try(stream.stop())
    context.stop(stopSparkContext = true, stopGracefully = false)
    context = null
    Thread.sleep(250)
  }

  def close(): Unit = {
    stop()
    val topics = admin.listTopics.names.get.asScala.filter(name => made.contains(name))
    admin.deleteTopics(topics.asJava).all.get
    while (admin.listTopics.names.get.asScala.exists(made.contains)) Thread.sleep(50)
    Try(admin.deleteConsumerGroups(Seq(group).asJava).all.get)
    producer.close()
    admin.close()
    settle()
  }
}
