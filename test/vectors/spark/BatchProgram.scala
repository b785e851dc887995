// Runs a program of streams on Spark itself, batch by batch, and writes down what each batch gave.
//
// The package lies inside Spark's so that the manual clock, the scheduler and the listener bus can
// be reached, as Spark's own TestSuiteBase does: time moves only when a batch is through.
package org.apache.spark.streaming.vectors

import java.io.{ByteArrayOutputStream, PrintStream}
import java.nio.file.Files
import java.util.concurrent.{Semaphore, TimeUnit}

import scala.collection.mutable.ArrayBuffer
import scala.reflect.ClassTag

import org.apache.spark.{SparkConf, SparkEnv}
import org.apache.spark.rdd.RDD
import org.apache.spark.scheduler._
import org.apache.spark.streaming._
import org.apache.spark.streaming.dstream.{DStream, InputDStream}
import org.apache.spark.streaming.scheduler.Job
import org.apache.spark.util.ManualClock

/** A program and its input: one sequence of records per batch, dealt over two partitions. */
final class BatchProgram[T: ClassTag](
    val name: String,
    val input: Seq[Seq[T]],
    val parallelism: Int,
    val checkpoints: Boolean,
    val fails: Boolean,
    val cached: Boolean,
    build: DStream[T] => Unit)
    extends SparkVector {

  def buildOn(ssc: StreamingContext): Unit = build(new DealtStream(ssc, input))

  override def run(): String = BatchRunner.run(this)
}

/** A batch of records per interval, as TestInputStream gives them. */
final class DealtStream[T: ClassTag](owner: StreamingContext, batches: Seq[Seq[T]])
    extends InputDStream[T](owner) {
  override def start(): Unit = {}
  override def stop(): Unit = {}
  override def compute(time: Time): Option[RDD[T]] = {
    val index = ((time - zeroTime) / slideDuration - 1).toInt
    if (index >= batches.size) Some(context.sparkContext.emptyRDD[T])
    else Some(context.sparkContext.makeRDD(batches(index), 2))
  }
}

/** The last output of each batch: makes no RDD, says that the batch is through. */
final class BatchEnd(owner: StreamingContext) extends DStream[Int](owner) {
  override def slideDuration: Duration = Seconds(1)
  override def dependencies: List[DStream[_]] = Nil
  override def compute(time: Time): Option[RDD[Int]] = None
  override def generateJob(time: Time): Option[Job] =
    Some(new Job(time, () => Seen.batchEnded.release()))
}

/** What a run was seen to do. One object, so that functions of the program that use it need not be
 *  serializable with it. */
object Seen {
  val batchEnded = new Semaphore(0)
  val values = new ArrayBuffer[Any]
  val stages = new ArrayBuffer[Int]
  var jobs = 0

  /** The records of each partition, in their order. */
  def partitions[T](stream: DStream[T]): Unit =
    stream.foreachRDD { rdd => values += rdd.glom().collect().map(_.toSeq).toSeq; () }

  /** Anything a function makes of each RDD. */
  def value[T](stream: DStream[T])(f: RDD[T] => Any): Unit =
    stream.foreachRDD { rdd => values += f(rdd); () }

  /** Spark keeps the class to itself. */
  def interval(fromMs: Long, toMs: Long): Interval = new Interval(Time(fromMs), Time(toMs))

  def clear(): Unit = {
    values.clear()
    stages.clear()
    jobs = 0
  }
}

/** Counts jobs and notes how many tasks each stage had. */
final class JobCounter extends SparkListener {
  override def onJobStart(job: SparkListenerJobStart): Unit = Seen.jobs += 1
  override def onStageSubmitted(stage: SparkListenerStageSubmitted): Unit =
    Seen.stages += stage.stageInfo.numTasks
}

object BatchRunner {
  private val printed = new ByteArrayOutputStream
  private val console = new PrintStream(printed, true, "UTF-8")

  /** Job threads inherit the console of the thread that starts them. */
  def run(program: BatchProgram[_]): String = Console.withOut(console)(vectorOf(program))

  private def vectorOf(program: BatchProgram[_]): String = {
    val conf = new SparkConf()
      .setMaster("local[2]")
      .setAppName(program.name)
      .set("spark.ui.enabled", "false")
      .set("spark.driver.host", "localhost")
      .set("spark.default.parallelism", program.parallelism.toString)
      .set("spark.streaming.clock", classOf[ManualClock].getName)
    val ssc = new StreamingContext(conf, Seconds(1))
    val head = Seq(
      "name" -> program.name,
      "kind" -> "batches",
      "spark" -> ssc.sparkContext.version,
      "parallelism" -> program.parallelism,
      "checkpoints" -> program.checkpoints,
      "input" -> program.input)
    try {
      val outcome =
        if (program.fails) "failure" -> failureOf(program, ssc)
        else "batches" -> batchesOf(program, ssc)
      Json.fields(head :+ outcome)
    } finally ssc.stop(stopSparkContext = true, stopGracefully = false)
  }

  private def start(program: BatchProgram[_], ssc: StreamingContext): ManualClock = {
    if (program.checkpoints) {
      ssc.checkpoint(Files.createTempDirectory("vectors").toString)
    }
    program.buildOn(ssc)
    if (!program.fails) new BatchEnd(ssc).register()
    ssc.start()
    ssc.scheduler.clock.asInstanceOf[ManualClock]
  }

  /** Without the stack, and without what is the machine's. */
  private def failureOf(program: BatchProgram[_], ssc: StreamingContext): String =
    try {
      val clock = start(program, ssc)
      for (_ <- program.input) {
        clock.advance(1000)
        ssc.awaitTerminationOrTimeout(if (program.input.size == 1) 1 else 300)
      }
      ssc.awaitTerminationOrTimeout(20000)
      sys.error(s"${program.name} did not fail")
    } catch {
      case error: Exception => error.getMessage.split("\n\tat ").head
        .replaceAll(" \\(TID \\d+\\) \\([^)]*\\)", "").replaceAll("@[0-9a-f]{5,}", "")
    }

  /** The RDDs with cached partitions, by number. */
  private def cachedRDDs(): Seq[Int] =
    SparkEnv.get.blockManager.getMatchingBlockIds(_.isRDD)
      .flatMap(_.asRDDId).map(_.rddId).distinct.sorted

  private def batchesOf(program: BatchProgram[_], ssc: StreamingContext): Seq[Any] = {
    ssc.sparkContext.addSparkListener(new JobCounter)
    val clock = start(program, ssc)
    program.input.indices.map { index =>
      Seen.clear()
      printed.reset()
      clock.advance(1000)
      while (!Seen.batchEnded.tryAcquire(100, TimeUnit.MILLISECONDS)) {
        ssc.awaitTerminationOrTimeout(1)
      }
      ssc.sparkContext.listenerBus.waitUntilEmpty()
      // Until the scheduler has let go of RDDs that are no longer remembered.
      Thread.sleep(if (program.cached) 300 else 60)
      Json.Fields(Seq(
        "timeMs" -> (index + 1) * 1000,
        "values" -> Seen.values.toList,
        "printed" -> printed.toString("UTF-8"),
        "jobs" -> Seen.jobs,
        "tasksByStage" -> Seen.stages.sorted.toList) ++
        (if (program.cached) Seq("cached" -> cachedRDDs()) else Seq()))
    }
  }
}
