// Runs a function of a SparkContext on Spark itself, and writes down what its listeners are told of
// jobs, stages and tasks, and what the program says in between.
package org.apache.spark.streaming.vectors

import java.util.concurrent.{ConcurrentHashMap, ConcurrentLinkedQueue}
import java.util.concurrent.atomic.AtomicInteger

import scala.collection.JavaConverters._

import org.apache.spark._
import org.apache.spark.rdd.RDD
import org.apache.spark.scheduler._
import org.apache.spark.storage.RDDBlockId

/** How often things were tried: functions of tasks find it, in whichever thread they run. */
object Tries {
  private val counts = new ConcurrentHashMap[String, AtomicInteger]
  def next(key: String): Int =
    counts.computeIfAbsent(key, _ => new AtomicInteger).incrementAndGet()
  /** Throws as many times as is said. */
  def failing(key: String, times: Int): Unit =
    if (next(key) <= times) throw new RuntimeException(key)
  def clear(): Unit = counts.clear()
}

final class TaskPlay(val sc: SparkContext) {
  private val lines = new ConcurrentLinkedQueue[String]

  /** After all that was told so far. */
  def say(line: Any): Unit = {
    sc.listenerBus.waitUntilEmpty()
    lines.add(s"$line")
  }

  /** The first line of why it fails. */
  def fails(body: => Any): Unit =
    try { body; say("did not fail") }
    catch { case error: Exception =>
      // The end of the job is told a moment after its caller has been thrown the error.
      Thread.sleep(100)
      say(TaskPlay.masked(error.toString))
    }

  /** Cached partitions: in memory, on disk. */
  def blocks(rdd: RDD[_]): Unit = {
    val where = (0 until rdd.getNumPartitions).map { partition =>
      sc.env.blockManager.getStatus(RDDBlockId(rdd.id, partition)) match {
        case Some(status) if status.memSize > 0 => "memory"
        case Some(status) if status.diskSize > 0 => "disk"
        case _ => "none"
      }
    }
    say(s"blocks: ${where.mkString(" ")}")
  }

  /** What the page of storage shows. */
  def storage(): Unit = say(sc.getRDDStorageInfo.sortBy(_.id).map { info =>
    s"${info.id} ${info.name} [${info.storageLevel.description}] ${info.numCachedPartitions}/${info.numPartitions}"
  }.mkString("; "))

  def forgetMapOutput(shuffle: Int, map: Int): Unit = TaskProgram.forgetMapOutput(shuffle, map)

  /** Each partition holds as many records of a size that is known. */
  def big(partitions: Int, records: Int): RDD[Array[Byte]] =
    sc.parallelize(0 until partitions, partitions)
      .flatMap(_ => Iterator.fill(records)(new Array[Byte](TaskProgram.recordBytes - 4096)))

  private[vectors] def note(line: String): Unit = lines.add(line)
  private[vectors] def all: Seq[String] = lines.asScala.toList
}

object TaskPlay {
  /** Names of the JVM's exceptions, and of hosts, are not ours. */
  def masked(text: String): String = text.linesIterator.next()
    .replaceAll("java\\.lang\\.RuntimeException", "Error")
    .replaceAll("\\(\\S+ executor driver\\)", "(executor 1)")
    .replaceAll(" at \\w+\\.scala:\\d+", "")
}

/** One thing at a time, or the order of what is told would be Spark's accident. */
final class TaskWitness(play: TaskPlay) extends SparkListener {
  override def onJobStart(event: SparkListenerJobStart): Unit =
    play.note(s"job ${event.jobId} started: stages ${event.stageIds.sorted.mkString(" ")}")
  override def onJobEnd(event: SparkListenerJobEnd): Unit = play.note(event.jobResult match {
    case JobSucceeded => s"job ${event.jobId} succeeded"
    case JobFailed(error) => s"job ${event.jobId} failed: ${TaskPlay.masked(error.getMessage)}"
  })
  override def onStageSubmitted(event: SparkListenerStageSubmitted): Unit =
    play.note(s"stage ${id(event.stageInfo)} submitted: ${event.stageInfo.numTasks} tasks")
  override def onStageCompleted(event: SparkListenerStageCompleted): Unit = play.note(
    s"stage ${id(event.stageInfo)} " +
      event.stageInfo.failureReason.fold("completed")(why => s"failed: ${TaskPlay.masked(why)}"))
  override def onTaskEnd(event: SparkListenerTaskEnd): Unit = {
    val reason = event.reason match {
      case Success => "success"
      case _: ExceptionFailure => "exception"
      case _: FetchFailed => "fetch failed"
      case Resubmitted => "resubmitted"
      case TaskKilled(why, _, _, _) => s"killed: $why"
      case _: ExecutorLostFailure => "executor lost"
      case other => other.toString
    }
    val accumulated = event.taskInfo.accumulables
      .filter(one => one.name.exists(name => !name.startsWith("internal.")))
      .sortBy(_.name.get)
      .map(one => s", ${one.name.get} ${one.update.get} of ${one.value.get}").mkString
    play.note(s"task ${event.taskInfo.id} in stage ${event.stageId}.${event.stageAttemptId} " +
      s"(TID ${event.taskInfo.taskId}): $reason$accumulated")
  }
  private def id(info: StageInfo): String = s"${info.stageId}.${info.attemptNumber}"
}

/** With one core, tasks run one after the other. `memoryRecords` is how many records of
 *  `TaskProgram.recordBytes` the storage can hold. */
final case class TaskProgram(
    name: String,
    maxFailures: Int = 4,
    memoryRecords: Option[Int] = None,
    conf: Seq[(String, String)] = Nil)(
    program: TaskPlay => Unit)
    extends SparkVector {

  override def run(): String = {
    val memory = memoryRecords.toSeq.flatMap { records =>
      val bytes = records.toLong * TaskProgram.recordBytes + TaskProgram.recordBytes / 2
      Seq("spark.testing.memory" -> bytes, "spark.testing.reservedMemory" -> 0,
        "spark.memory.fraction" -> 1.0, "spark.memory.storageFraction" -> 0.99,
        "spark.storage.unrollMemoryThreshold" -> 1024).map { case (key, value) => key -> value.toString }
    }
    val sc = new SparkContext(new SparkConf()
      .setMaster(s"local[1,$maxFailures]")
      .setAppName(name)
      .set("spark.ui.enabled", "false")
      .set("spark.driver.host", "localhost")
      .set("spark.default.parallelism", "2")
      .set("spark.resultGetter.threads", "1")
      .setAll(memory)
      .setAll(conf))
    Tries.clear()
    val play = new TaskPlay(sc)
    try {
      sc.addSparkListener(new TaskWitness(play))
      program(play)
      sc.listenerBus.waitUntilEmpty()
      Json.fields(Seq("name" -> name, "kind" -> "tasks", "spark" -> sc.version,
        "maxFailures" -> maxFailures, "memoryRecords" -> memoryRecords, "lines" -> play.all))
    } finally sc.stop()
  }
}

object TaskProgram {
  val recordBytes: Int = 1 << 20

  /** As if the executor that holds it were gone. */
  def forgetMapOutput(shuffle: Int, map: Int): Unit = {
    val tracker = SparkEnv.get.mapOutputTracker.asInstanceOf[MapOutputTrackerMaster]
    tracker.unregisterMapOutput(shuffle, map, SparkEnv.get.blockManager.blockManagerId)
  }
}
