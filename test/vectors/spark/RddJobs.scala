// The jobs that an operation runs.
package org.apache.spark.streaming.vectors

import java.util.concurrent.ConcurrentLinkedQueue

import scala.jdk.CollectionConverters._

import org.apache.spark.SparkContext
import org.apache.spark.scheduler.{SparkListener, SparkListenerJobStart}

object RddJobs {
  /** What a body gives, and the number of tasks in the last stage of each job it runs. */
  def jobs(sc: SparkContext)(body: => Any): Seq[Any] = {
    val tasks = new ConcurrentLinkedQueue[Int]
    val listener = new SparkListener {
      override def onJobStart(job: SparkListenerJobStart): Unit =
        tasks.add(job.stageInfos.sortBy(_.stageId).lastOption.fold(0)(_.numTasks))
    }
    sc.addSparkListener(listener)
    try {
      val value = body
      sc.listenerBus.waitUntilEmpty()
      Seq(value, tasks.asScala.toSeq)
    } finally sc.removeSparkListener(listener)
  }
}
