// What goes wrong in tasks, and checkpoints of RDDs; test/vectors/programs/rdd-failures.ts says
// each again.
package streamscope.vectors

import org.apache.spark.SparkContext
import org.apache.spark.rdd.RDD
import org.apache.spark.streaming.vectors.{RddProgram, SparkVector}
import org.apache.spark.streaming.vectors.RddJobs.jobs
import RddElements.{cells, lineage, ten}

object RddFailures {
  private def value(name: String)(program: SparkContext => Any) =
    RddProgram(s"rddFailures/$name")(program)
  private def failure(name: String, maxFailures: Int = 4)(program: SparkContext => Any) =
    RddProgram(s"rddFailures/$name", fails = true, maxFailures = maxFailures)(program)

  /** Fails at the number 5. */
  private def broken(rdd: RDD[Int]): RDD[Int] =
    rdd.map(n => if (n == 5) throw new IllegalStateException("five") else n)

  private val failures = Seq(
    failure("a function of map throws")(sc => broken(ten(sc)).count()),
    failure("a function throws before a shuffle")(sc =>
      broken(ten(sc)).map(n => (n, n)).reduceByKey(_ + _).collect()),
    failure("a function throws after a shuffle")(sc =>
      broken(ten(sc).map(n => (n, n)).reduceByKey(_ + _, 2).keys).collect()),
    failure("foreach throws")(sc =>
      ten(sc, 1).foreach(n => if (n == 2) throw new RuntimeException("two"))),
    failure("zip of unequal partitions")(sc =>
      ten(sc, 2).zip(ten(sc, 2).filter(_ > 1)).collect()),
    failure("the function of reduce throws in a task")(sc =>
      ten(sc, 1).reduce((_, _) => throw new RuntimeException("never"))),
    failure("takeOrdered of less than none")(sc => ten(sc, 1).takeOrdered(-1)),
    value("the first job that does not reach the failure") { sc =>
      jobs(sc)(broken(ten(sc, 5)).take(2).toSeq)
    },
    value("a task that fails at first is tried again", 3) { sc =>
      val attempts = ten(sc, 2).mapPartitionsWithIndex { (index, _) =>
        val attempt = org.apache.spark.TaskContext.get().attemptNumber()
        if (index == 1 && attempt < 2) throw new RuntimeException("not yet")
        Iterator(attempt)
      }
      attempts.collect().toSeq
    })

  private def value(name: String, maxFailures: Int)(program: SparkContext => Any) =
    RddProgram(s"rddFailures/$name", maxFailures = maxFailures)(program)

  private def directory(): String =
    java.nio.file.Files.createTempDirectory("checkpoints").toString

  private val checkpoints = Seq(
    value("a checkpoint cuts the lineage after the first job") { sc =>
      sc.setCheckpointDir(directory())
      val rdd = ten(sc).map(_ + 1)
      rdd.checkpoint()
      val before = Seq(rdd.isCheckpointed, rdd.getCheckpointFile.isDefined,
        rdd.dependencies.map(_.rdd.id))
      val counted = jobs(sc)(rdd.count())
      Seq(before, counted, rdd.isCheckpointed, rdd.getCheckpointFile.isDefined,
        rdd.dependencies.map(_.rdd.id), jobs(sc)(rdd.collect().toSeq))
    },
    value("a checkpoint keeps the partitioner") { sc =>
      sc.setCheckpointDir(directory())
      val rdd = ten(sc).map(n => (n % 3, n)).reduceByKey(_ + _)
      rdd.checkpoint()
      val before = cells(rdd)
      Seq(before, cells(rdd), rdd.partitioner.isDefined, jobs(sc)(rdd.reduceByKey(_ + _).count()))
    },
    value("a checkpoint of a parent") { sc =>
      sc.setCheckpointDir(directory())
      val parent = ten(sc).map(_ + 1)
      val child = parent.map(_ * 2)
      parent.checkpoint()
      val counted = jobs(sc)(child.count())
      Seq(counted, parent.isCheckpointed, child.isCheckpointed, cells(child))
    },
    value("the lineage of checkpoints") { sc =>
      sc.setCheckpointDir(directory())
      val rdd = ten(sc).map(_ + 1)
      val local = ten(sc).map(_ + 1)
      rdd.checkpoint()
      local.localCheckpoint()
      rdd.take(1)
      local.map(_ * 2).countByValue()
      Seq(lineage(rdd.map(_ * 2)), lineage(local))
    },
    value("a local checkpoint") { sc =>
      val rdd = ten(sc).map(_ + 1)
      rdd.localCheckpoint()
      val counted = jobs(sc)(rdd.count())
      Seq(counted, rdd.isCheckpointed, rdd.getCheckpointFile, rdd.dependencies.map(_.rdd.id),
        jobs(sc)(rdd.collect().toSeq))
    },
    value("a local checkpoint of an RDD that is partly computed") { sc =>
      val rdd = ten(sc, 4).map(_ + 1)
      rdd.localCheckpoint()
      Seq(jobs(sc)(rdd.first()), rdd.isCheckpointed, jobs(sc)(rdd.collect().toSeq))
    })

  val all: Seq[SparkVector] = failures ++ checkpoints
}
