// Whether Spark has nothing left to do until its manual clock moves on: no guess by real time, so
// that a slow machine writes the same vectors as a fast one.
package org.apache.spark.streaming.vectors

import java.lang.management.ManagementFactory
import java.util.concurrent.ThreadPoolExecutor

import scala.util.Try

import org.apache.spark.scheduler.TaskSchedulerImpl
import org.apache.spark.streaming.StreamingContext
import org.apache.spark.streaming.scheduler.JobGenerator
import org.apache.spark.util.EventLoop

/** Every thread that could go on by itself waits: event loops for an event, the timer for a time
 *  that has not come, jobs for tasks, and tasks for the clock. */
final class Idle(ssc: StreamingContext) {
  private val threads = ManagementFactory.getThreadMXBean
  private val scheduler = ssc.scheduler
  private val generator = field[JobGenerator](scheduler, "jobGenerator")
  private val dag = ssc.sparkContext.dagScheduler

  /** What was seen, where nothing can move: seen twice alike, nothing has moved in between. */
  private def look(stopping: Option[Thread]): Option[Seq[Long]] = {
    Try(ssc.sparkContext.listenerBus.waitUntilEmpty())
    val loops = Seq(
      Option(field[EventLoop[_]](scheduler, "eventLoop")),
      Option(field[EventLoop[_]](generator, "eventLoop")),
      // A context that has stopped has none.
      Option(dag).map(field[EventLoop[_]](_, "eventProcessLoop"))).flatten
    val pools = Seq(field[ThreadPoolExecutor](scheduler, "jobExecutor")) ++ checkpointPool
    val isIdle = loops.forall(isDrained) && isTimerAhead && 
      checkpointPool.forall(_.getActiveCount == 0) && stopping.forall(isHeld) &&
      // What a stop cuts off is left to itself.
      (ssc.sparkContext.isStopped || pools.head.isShutdown || areJobsWaiting(loops, pools.head))
    if (!isIdle) None
    else Some(loops.map(loop => waits(threadOf(loop))) ++ pools.map(_.getCompletedTaskCount) ++
      Seq(Timeline.waitingStages.size.toLong, Timeline.lines.size.toLong))
  }

  /** Returns when nothing happens any more. */
  def await(stopping: Option[Thread]): Unit = {
    var before: Option[Seq[Long]] = None
    var same = 0
    // The thread that stops the context looks every 100 ms: two looks since all became idle.
    var polls = 0L
    while (same < 2) {
      Thread.sleep(5)
      val now = look(stopping)
      val isSame = now.isDefined && now == before
      if (!isSame) { same = 0; polls = stopping.fold(0L)(waits) }
      else if (stopping.forall(thread => !isAsleep(thread) || waits(thread) >= polls + 2)) same += 1
      before = now
    }
  }

  private def checkpointPool: Option[ThreadPoolExecutor] =
    Option(field[AnyRef](generator, "checkpointWriter")).map(field[ThreadPoolExecutor](_, "executor"))

  private def isDrained(loop: EventLoop[_]): Boolean =
    field[java.util.Collection[_]](loop, "eventQueue").isEmpty && {
      val thread = threadOf(loop)
      !thread.isAlive || isTaking(thread) || isWaiting(thread)
    }

  private def threadOf(loop: EventLoop[_]): Thread = field[Thread](loop, "eventThread")

  /** A timer that was stopped has none. */
  private def isTimerAhead: Boolean = {
    val timer = field[AnyRef](generator, "timer")
    val thread = field[Thread](timer, "thread")
    !thread.isAlive || field[Long](timer, "nextTime") > Timeline.nowMs
  }

  /** Each job that runs has a task that waits for the clock, and each thread that runs an output, or
   *  makes a batch, such a job; or it waits for the clock itself. */
  private def areJobsWaiting(loops: Seq[EventLoop[_]], jobs: ThreadPoolExecutor): Boolean = {
    val sc = ssc.sparkContext
    val tracker = sc.statusTracker
    val stages = Timeline.waitingStages
    val active = tracker.getActiveJobIds()
    val isEachHeld = active.forall { job =>
      tracker.getJobInfo(job).exists(_.stageIds().exists(stage => stages.contains(Some(stage))))
    }
    val running = sc.taskScheduler.asInstanceOf[TaskSchedulerImpl].runningTasksByExecutors.values.sum
    val callers = jobs.getActiveCount + loops.init.count { loop =>
      val thread = threadOf(loop)
      thread.isAlive && !isTaking(thread)
    }
    val onDriver = stages.count(_.isEmpty)
    isEachHeld && running == stages.size - onDriver && callers == active.length + onDriver
  }

  private def isHeld(thread: Thread): Boolean = !thread.isAlive || isWaiting(thread) || isAsleep(thread)

  private def isWaiting(thread: Thread): Boolean =
    thread.getState == Thread.State.WAITING || thread.getState == Thread.State.TIMED_WAITING

  private def isAsleep(thread: Thread): Boolean =
    thread.getStackTrace.headOption.exists(_.getMethodName.startsWith("sleep"))

  private def isTaking(thread: Thread): Boolean =
    isWaiting(thread) && thread.getStackTrace.exists(_.getMethodName.startsWith("takeFirst")) &&
      !thread.getStackTrace.exists(_.getMethodName == "onReceive")

  /** How often a thread has waited: whatever it does, it waits once more when it is done. */
  private def waits(thread: Thread): Long =
    Option(threads.getThreadInfo(thread.getId)).fold(-1L)(_.getWaitedCount)

  private def field[T](owner: AnyRef, name: String): T = {
    val declared = Iterator.iterate[Class[_]](owner.getClass)(_.getSuperclass).takeWhile(_ != null)
      .flatMap(_.getDeclaredFields).toSeq
    val found = declared.find(_.getName == name).orElse(declared.find(_.getName.endsWith("$" + name)))
      .getOrElse(sys.error(s"${owner.getClass} has no field $name"))
    found.setAccessible(true)
    found.get(owner).asInstanceOf[T]
  }
}
