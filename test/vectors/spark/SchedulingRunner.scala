// Runs a program of streams on Spark itself along a line of time: batches come when their time has
// come, jobs take time, the context is stopped, dies and starts again; and writes down all that
// Spark's listeners are told, what its outputs saw, and what lies in the checkpoint directory.
//
// Time is the manual clock. A job that takes time waits on it; the runner goes from one time at
// which something is due to the next, and waits there until nothing happens any more.
package org.apache.spark.streaming.vectors

import java.nio.file.{Files, Path, Paths}
import java.util.concurrent.{ConcurrentHashMap, ConcurrentLinkedQueue}

import scala.collection.JavaConverters._
import scala.reflect.ClassTag
import scala.util.Try

import org.apache.commons.io.FileUtils
import org.apache.hadoop.conf.Configuration
import org.apache.spark.{SparkConf, SparkContext, TaskContext}
import org.apache.spark.rdd.RDD
import org.apache.spark.streaming._
import org.apache.spark.streaming.dstream.{DStream, InputDStream}
import org.apache.spark.streaming.scheduler._
import org.apache.spark.util.ManualClock

/** What the runner does, one after the other. */
sealed trait Step extends Product

object Step {
  /** Lets time pass. */
  final case class Until(timeMs: Long) extends Step
  final case class Stop(gracefully: Boolean) extends Step
  /** The driver is gone; what lies in the checkpoint directory stays as it is. */
  final case class Crash() extends Step
  /** What the next driver is given as its configuration. */
  final case class Reconfigure(conf: Seq[(String, String)]) extends Step
  /** A new driver, from the checkpoint directory. */
  final case class Restart(timeMs: Long) extends Step
  /** Writes down what lies in the checkpoint directory. */
  final case class LookAtFiles() extends Step
  /** Cuts a file in half, or takes it away. */
  final case class Tear(file: String) extends Step
  final case class Remove(file: String) extends Step
}

/** What a program is built on. */
final case class Play(ssc: StreamingContext, in: DStream[Int])

/** `input` is the number of records of each batch: 1, 2, 3... over the whole stream, in one
 *  partition. */
final case class SchedulingProgram(
    name: String,
    input: Seq[Int],
    steps: Seq[Step],
    conf: Seq[(String, String)] = Nil,
    checkpoints: Boolean = false)(
    val build: Play => Unit)
    extends SparkVector {
  override def run(): String = new SchedulingRunner(this).run()
}

/** Where jobs take their time, and what has happened so far. One object, so that functions that
 *  come back from a checkpoint find it. */
object Timeline {
  @volatile var clock: ManualClock = _
  private val log = new ConcurrentLinkedQueue[String]
  private val waits = new ConcurrentHashMap[Object, Wait]

  /** A task's stage; none on the driver. */
  private final case class Wait(untilMs: Long, stage: Option[Int])

  def nowMs: Long = clock.getTimeMillis()

  def say(line: String): Unit = log.add(line)

  def work(ms: Long): Unit = if (ms > 0) {
    val key = new Object
    waits.put(key, Wait(nowMs + ms, Option(TaskContext.get()).map(_.stageId())))
    try clock.waitTillTime(nowMs + ms) finally waits.remove(key)
  }

  /** Each record takes its time, as the whole of its task. */
  def slow[T: ClassTag](stream: DStream[T], recordMs: Long = 700): DStream[T] =
    stream.mapPartitions { records =>
      val all = records.toList
      work(all.size * recordMs)
      all.iterator
    }

  def see[T](stream: DStream[T], label: String = "saw"): Unit = stream.foreachRDD { (rdd, time) =>
    val records = rdd.collect().map(_.toString).sorted.mkString(" ")
    say(s"$label ${time.milliseconds}: $records".trim)
  }

  def nextMs: Option[Long] =
    waits.values.asScala.map(_.untilMs).filter(_ > nowMs).toSeq.sorted.headOption
  def waitingStages: Seq[Option[Int]] =
    waits.values.asScala.filter(_.untilMs > nowMs).map(_.stage).toSeq
  def lines: Seq[String] = log.asScala.toList
  /** Jobs of a context that has stopped wait for nothing. */
  def forget(): Unit = waits.clear()
  def clear(): Unit = { log.clear(); forget() }
}

final class TimedStream(owner: StreamingContext, counts: Seq[Int])
    extends InputDStream[Int](owner) {
  override def start(): Unit = {}
  override def stop(): Unit = {}
  override def compute(time: Time): Option[RDD[Int]] = {
    val index = ((time - zeroTime) / slideDuration - 1).toInt
    val before = counts.take(index).sum
    val count = if (index < counts.size) counts(index) else 0
    Some(context.sparkContext.makeRDD(before + 1 to before + count, 1))
  }
}

/** Writes down what listeners are told, in lines. */
final class Witness extends StreamingListener {
  /** What `see` makes is a foreachRDD. */
  private def operation(info: OutputOperationInfo): String =
    info.name.takeWhile(_ != ' ').replace("see", "foreachRDD")

  private def times(info: OutputOperationInfo): String = {
    val from = info.startTime.map(_.toString).getOrElse("-")
    val to = info.endTime.map(_.toString).getOrElse("-")
    val why = info.failureReason.map(reason => s" ${Witness.messageOf(reason)}").getOrElse("")
    s"${info.id} ${operation(info)} $from..$to$why"
  }

  private def nameOf(info: OutputOperationInfo): String =
    s"${info.id} ${operation(info)}"

  private def batch(what: String, info: BatchInfo): Unit = {
    val known = Seq(
      info.schedulingDelay.map(_ => "scheduling"),
      info.processingDelay.map(_ => "processing"),
      info.totalDelay.map(_ => "total")).flatten.mkString(" ")
    // While jobs run, what is said of them may be of now or of later.
    val of: OutputOperationInfo => String = if (info.processingEndTime.isDefined) times else nameOf
    val outputs = info.outputOperationInfos.values.toSeq.sortBy(_.id).map(of).mkString(", ")
    Timeline.say(s"$what ${info.batchTime.milliseconds}: [$outputs] $known".trim)
  }

  override def onStreamingStarted(event: StreamingListenerStreamingStarted): Unit =
    Timeline.say("streaming started")
  override def onBatchSubmitted(event: StreamingListenerBatchSubmitted): Unit =
    batch("batch submitted", event.batchInfo)
  override def onBatchStarted(event: StreamingListenerBatchStarted): Unit =
    batch("batch started", event.batchInfo)
  override def onBatchCompleted(event: StreamingListenerBatchCompleted): Unit =
    batch("batch completed", event.batchInfo)
  override def onOutputOperationStarted(event: StreamingListenerOutputOperationStarted): Unit =
    started(event.outputOperationInfo)
  override def onOutputOperationCompleted(event: StreamingListenerOutputOperationCompleted): Unit =
    completed(event.outputOperationInfo)

  private def started(info: OutputOperationInfo): Unit =
    Timeline.say(s"output started ${of(info)} at ${info.startTime.get}")

  private def completed(info: OutputOperationInfo): Unit =
    Timeline.say(s"output completed ${info.batchTime.milliseconds}: ${times(info)}")

  private def of(info: OutputOperationInfo): String =
    s"${info.batchTime.milliseconds}: ${nameOf(info)}"
}

object Witness {
  /** Of an exception's text, its message: the class is the JVM's. */
  def messageOf(text: String): String = {
    val message = text.linesIterator.next().replaceFirst("^[\\w.$]+: ", "")
    // A job that was aborted: the message of the task's exception.
    message.replaceFirst("^Job aborted.* \\(TID.*?\\): ", "").replaceFirst("^[\\w.$]+: ", "")
  }
}

final class SchedulingRunner(program: SchedulingProgram) {
  import Step._

  private val directory = Files.createTempDirectory("scheduling")
  private var ssc: StreamingContext = _
  private var stopping: Option[Thread] = None
  private var isFailed = false
  private var given = program.conf

  def run(): String = {
    Timeline.clear()
    try {
      start(new StreamingContext(conf(0), Seconds(1)), isNew = true)
      program.steps.foreach(take)
      settle()
      Json.fields(Seq(
        "name" -> program.name,
        "kind" -> "scheduling",
        "input" -> program.input,
        "conf" -> program.conf.map { case (name, value) => Seq(name, value) },
        "checkpoints" -> program.checkpoints,
        "steps" -> program.steps.map(describe),
        "lines" -> Timeline.lines))
    } finally {
      Try(ssc.stop(stopSparkContext = true, stopGracefully = false))
      SparkContext.getActive.foreach(_.stop())
      FileUtils.deleteQuietly(directory.toFile)
    }
  }

  private def conf(jumpMs: Long): SparkConf = new SparkConf()
    .setMaster("local[4]")
    .setAppName(program.name)
    .set("spark.ui.enabled", "false")
    .set("spark.driver.host", "localhost")
    .set("spark.default.parallelism", "2")
    .set("spark.streaming.clock", classOf[ManualClock].getName)
    .set("spark.streaming.manualClock.jump", jumpMs.toString)
    .setAll(given)

  private def start(context: StreamingContext, isNew: Boolean): Unit = {
    ssc = context
    isFailed = false
    Timeline.clock = ssc.scheduler.clock.asInstanceOf[ManualClock]
    if (isNew) {
      if (program.checkpoints) ssc.checkpoint(directory.toString)
      program.build(Play(ssc, new TimedStream(ssc, program.input)))
    }
    ssc.addStreamingListener(new Witness)
    try ssc.start() catch {
      case error: Exception => Timeline.say(s"start failed: ${Witness.messageOf(error.toString)}")
    }
    settle()
  }

  private def take(step: Step): Unit = step match {
    case Until(timeMs) => advance(timeMs)
    case Stop(gracefully) => stop(gracefully)
    case Crash() => crash()
    case Reconfigure(conf) => given = conf
    case Restart(timeMs) => restart(timeMs)
    case LookAtFiles() => settle(); files().foreach(Timeline.say)
    case Tear(file) =>
      val path = directory.resolve(file)
      val bytes = Files.readAllBytes(path)
      Files.write(path, bytes.take(bytes.length / 2))
    case Remove(file) => FileUtils.forceDelete(directory.resolve(file).toFile)
  }

  private def advance(untilMs: Long): Unit = while (Timeline.nowMs < untilMs) {
    val grid = (Timeline.nowMs / 1000 + 1) * 1000
    val next = (Timeline.nextMs.toSeq :+ grid :+ untilMs).min
    Timeline.clock.setTime(next)
    settle()
  }

  /** Waits until nothing happens any more. */
  private def settle(): Unit = {
    new Idle(ssc).await(stopping)
    noteError()
  }

  /** What a program that awaits the end would be thrown. */
  private def noteError(): Unit = if (!isFailed) awaited().foreach { error =>
    isFailed = true
    Timeline.say(s"awaitTermination throws: $error")
  }

  private def stop(gracefully: Boolean): Unit = {
    val atMs = Timeline.nowMs
    val context = ssc
    val thread = new Thread(() => {
      context.stop(stopSparkContext = true, stopGracefully = gracefully)
      Timeline.say(s"stopped, now ${context.getState()}")
    })
    thread.start()
    stopping = Some(thread)
    settle()
    if (!gracefully) { advance(atMs + 2000); thread.join() }
  }

  private def crash(): Unit = {
    val kept = Files.createTempDirectory("scheduling-kept")
    settle()
    FileUtils.copyDirectory(directory.toFile, kept.toFile)
    val lines = Timeline.lines
    ssc.stop(stopSparkContext = true, stopGracefully = false)
    Timeline.clear()
    lines.foreach(Timeline.say)
    FileUtils.cleanDirectory(directory.toFile)
    FileUtils.copyDirectory(kept.toFile, directory.toFile)
    FileUtils.deleteQuietly(kept.toFile)
    Timeline.say("crashed")
  }

  private def restart(atMs: Long): Unit = {
    stopping = None
    Timeline.forget()
    val context = try {
      val read = CheckpointReader.read(directory.toString, conf(0), new Configuration)
      read match {
        case Some(found) => Timeline.say(s"restored ${found.checkpointTime.milliseconds}")
        case None =>
          Timeline.say("nothing to restore")
          startAfresh(new StreamingContext(new SparkContext(conf(0)), Seconds(1)), atMs)
          return
      }
      val restored = restoredConf(read.get)
        .set("spark.streaming.manualClock.jump", s"${atMs - read.get.checkpointTime.milliseconds}")
      new StreamingContext(directory.toString, new SparkContext(restored))
    } catch {
      case error: Exception =>
        val message = Witness.messageOf(error.toString).replace(directory.toString, "DIR")
        Timeline.say(s"restart failed: $message")
        return
    }
    start(context, isNew = false)
  }

  /** The new configuration is what `spark-submit` would give: system properties. */
  private def restoredConf(checkpoint: Checkpoint): SparkConf = {
    val names = conf(0).getAll.map { case (name, value) => System.setProperty(name, value); name }
    try checkpoint.createSparkConf() finally names.foreach(System.clearProperty)
  }

  private def startAfresh(context: StreamingContext, atMs: Long): Unit = {
    context.scheduler.clock.asInstanceOf[ManualClock].setTime(atMs)
    start(context, isNew = true)
  }

  private def awaited(): Option[String] =
    try { ssc.awaitTerminationOrTimeout(1); None }
    catch { case error: Throwable => Some(Witness.messageOf(error.toString)) }

  private def metadata(): Seq[Path] =
    directory.toFile.listFiles().toSeq.map(_.toPath)
      .filter(_.getFileName.toString.matches("checkpoint-\\d+(\\.bk)?"))
      .sortBy { path =>
        val name = path.getFileName.toString
        (name.replaceAll("\\D", "").toLong, !name.endsWith(".bk"))
      }

  private def files(): Seq[String] = {
    val rdds = directory.toFile.listFiles().toSeq.filter(_.isDirectory)
      .flatMap(_.listFiles().toSeq).count(_.getName.matches("rdd-\\d+"))
    metadata().map { path =>
      val read = Try(Checkpoint.deserialize(Files.newInputStream(path), new SparkConf()))
      val holds = read.map { found =>
        val pending = found.pendingTimes.map(_.milliseconds).sorted.mkString(" ")
        s"of ${found.checkpointTime.milliseconds}, pending [$pending]"
      }.getOrElse("cannot be read")
      s"file ${path.getFileName}: $holds"
    } :+ s"rdds with files: $rdds"
  }

  private def describe(step: Step): Seq[Any] = step.productPrefix +: step.productIterator.toSeq
}
