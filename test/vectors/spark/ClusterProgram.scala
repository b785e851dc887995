// Runs a function of a SparkContext on a cluster of executors that are processes of their own, and
// writes down what its listeners are told of them, of stages and of tasks.
package org.apache.spark.streaming.vectors

import java.nio.file.{Files, Path}
import java.util.concurrent.ConcurrentLinkedQueue

import scala.collection.JavaConverters._

import org.apache.spark._
import org.apache.spark.deploy.vectors.StandaloneCluster
import org.apache.spark.rdd.RDD
import org.apache.spark.scheduler._

/** What functions of tasks do to the process they run in. */
object Harm {
  /** Ends the executor, as many times as is said for the mark. */
  def exit(folder: String, mark: String, times: Int): Unit =
    if ((1 to times).exists(n => isFirst(folder, s"$mark-$n"))) Runtime.getRuntime.halt(52)

  /** Waits until the mark is there, or a minute is over. */
  def await(folder: String, mark: String): Unit = {
    val path = Path.of(folder, mark)
    var left = 1200
    while (!Files.exists(path) && left > 0) { Thread.sleep(50); left -= 1 }
  }

  def mark(folder: String, mark: String): Unit = isFirst(folder, mark)

  private def isFirst(folder: String, mark: String): Boolean =
    try { Files.createFile(Path.of(folder, mark)); true }
    catch { case _: java.nio.file.FileAlreadyExistsException => false }
}

final class ClusterPlay(val sc: SparkContext, val folder: String) {
  private val lines = new ConcurrentLinkedQueue[String]
  @volatile private var executors = Set.empty[String]

  def say(line: Any): Unit = { sc.listenerBus.waitUntilEmpty(); lines.add(s"$line") }

  def fails(body: => Any): Unit =
    try { body; say("did not fail") }
    catch { case error: Exception =>
      Thread.sleep(300)
      say(ClusterPlay.masked(error.toString))
    }

  /** Cached partitions of an RDD, wherever they are. */
  def cached(rdd: RDD[_]): Unit =
    say(s"cached: ${sc.getRDDStorageInfo.find(_.id == rdd.id).map(_.numCachedPartitions).getOrElse(0)}")

  /** What was killed is told after its job. */
  private[vectors] def awaitTasks(): Unit = until(ended == ranOn.size)
  @volatile private[vectors] var ended = 0

  def awaitExecutors(count: Int): Unit = until(executors.size == count)

  /** The driver kills the executor that ran a task; none comes in its place. */
  def killExecutorOf(task: Long): Unit = {
    val executor = ranOn(task)
    sc.killExecutor(executor)
    until(!executors(executor))
    say("killed")
  }

  private[vectors] def note(line: String): Unit = lines.add(line)
  private[vectors] def all: Seq[String] = lines.asScala.toList
  private[vectors] val ranOn = new java.util.concurrent.ConcurrentHashMap[Long, String]().asScala
  private[vectors] def added(id: String): Unit = executors += id
  private[vectors] def removed(id: String): Unit = executors -= id

  private def until(condition: => Boolean): Unit = {
    var left = 1200
    while (!condition && left > 0) { Thread.sleep(50); left -= 1 }
    if (left == 0) sys.error("the cluster is not as it should be")
  }
}

object ClusterPlay {
  def masked(text: String): String = TaskPlay.masked(text)
    .replaceAll("\\(\\d+\\.\\d+\\.\\d+\\.\\d+ executor \\d+\\)", "(executor N)")
    .replaceAll("executor \\d+", "executor N")
}

/** Which executor runs what is drawn by Spark, and when its end is known is a race: left out. */
final class ClusterWitness(play: ClusterPlay) extends SparkListener {
  override def onExecutorAdded(event: SparkListenerExecutorAdded): Unit = play.added(event.executorId)
  override def onExecutorRemoved(event: SparkListenerExecutorRemoved): Unit =
    play.removed(event.executorId)
  override def onJobEnd(event: SparkListenerJobEnd): Unit = play.note(event.jobResult match {
    case JobSucceeded => s"job ${event.jobId} succeeded"
    case JobFailed(error) => s"job ${event.jobId} failed: ${ClusterPlay.masked(error.getMessage)}"
  })
  override def onStageSubmitted(event: SparkListenerStageSubmitted): Unit =
    play.note(s"stage ${id(event.stageInfo)} submitted: ${event.stageInfo.numTasks} tasks")
  override def onStageCompleted(event: SparkListenerStageCompleted): Unit = play.note(
    s"stage ${id(event.stageInfo)} " +
      event.stageInfo.failureReason.fold("completed")(why => s"failed: ${ClusterPlay.masked(why)}"))
  override def onTaskStart(event: SparkListenerTaskStart): Unit =
    play.ranOn(event.taskInfo.taskId) = event.taskInfo.executorId
  override def onTaskEnd(event: SparkListenerTaskEnd): Unit = {
    val info = event.taskInfo
    if (event.reason != Resubmitted) play.ended += 1
    val reason = event.reason match {
      case Success => "success"
      case Resubmitted => "resubmitted"
      case TaskKilled(why, _, _, _) => s"killed: $why"
      case lost: ExecutorLostFailure => ClusterPlay.masked(lost.toErrorString)
      case _: FetchFailed => "fetch failed"
      case _: ExceptionFailure => "exception"
      case other => other.toString
    }
    play.note(s"task ${info.id} in stage ${event.stageId}.${event.stageAttemptId}" +
      s"${if (info.speculative) ", a copy" else ""}: $reason")
  }
  private def id(info: StageInfo): String = s"${info.stageId}.${info.attemptNumber}"
}

final case class ClusterProgram(what: String, conf: Seq[(String, String)] = Nil)(
    program: ClusterPlay => Unit)
    extends SparkVector {
  override def name: String = s"cluster/$what"

  /** One executor each on two hosts: a copy of a slow task never runs on the same host. Both are
   *  this machine. */
  override def run(): String = {
    val cluster = new StandaloneCluster(Seq("127.0.0.1", "127.0.0.2"))
    try runOn(cluster.url) finally cluster.stop()
  }

  private def runOn(cluster: String): String = {
    val sc = new SparkContext(new SparkConf()
      .setMaster(cluster)
      .setAppName(name)
      .set("spark.ui.enabled", "false")
      .set("spark.driver.host", "127.0.0.1")
      .set("spark.default.parallelism", "2")
      .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
      .set("spark.locality.wait", "0s")
      .setAll(conf))
    val folder = Files.createTempDirectory("cluster").toString
    val play = new ClusterPlay(sc, folder)
    try {
      sc.addSparkListener(new ClusterWitness(play))
      for (id <- sc.getExecutorIds()) play.added(id)
      play.awaitExecutors(2)
      program(play)
      play.awaitTasks()
      sc.listenerBus.waitUntilEmpty()
      Json.fields(Seq("name" -> name, "kind" -> "cluster", "spark" -> sc.version,
        "conf" -> conf.map { case (key, value) => Seq(key, value) }, "lines" -> play.all))
    } finally sc.stop()
  }
}
