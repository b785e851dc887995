// Executors that are lost, and tasks that are slow, on two executors of one core each.
// test/vectors/programs/cluster.ts says each program again for our engine, by its name.
package streamscope.vectors

import org.apache.spark.TaskContext
import org.apache.spark.rdd.RDD
import org.apache.spark.storage.StorageLevel
import org.apache.spark.streaming.vectors._

object Cluster {
  private def program(name: String, conf: (String, String)*)(run: ClusterPlay => Unit): SparkVector =
    ClusterProgram(name, conf)(run)

  private def numbers(play: ClusterPlay, partitions: Int): RDD[Int] =
    play.sc.parallelize(1 to partitions, partitions)

  private def pairs(play: ClusterPlay): RDD[(Int, Int)] = numbers(play, 2).map(n => (n % 2, n))

  /** The executor that runs a number ends, so many times. */
  private def ending(play: ClusterPlay, rdd: RDD[Int], number: Int, times: Int): RDD[Int] = {
    val folder = play.folder
    rdd.map { n => if (n == number) Harm.exit(folder, "exit", times); n }
  }

  /** The first attempt at a number takes very long; a copy of it does not. */
  private def slow(play: ClusterPlay, rdd: RDD[Int], number: Int): RDD[Int] = {
    val folder = play.folder
    rdd.map { n =>
      if (n == number && TaskContext.get().attemptNumber() == 0) Harm.await(folder, "never")
      n
    }
  }

  private val speculation = Seq("spark.speculation" -> "true",
    "spark.speculation.minTaskRuntime" -> "500ms")

  val all: Seq[SparkVector] = Seq(
    program("an executor that ends fails its task, which runs again") { play =>
      play.say(ending(play, numbers(play, 2), 2, 1).collect().mkString(" "))
    },
    program("an executor that ends at the fourth attempt aborts the job") { play =>
      play.fails(ending(play, numbers(play, 1), 1, 4).collect())
    },
    program("three executors that end, and the fourth attempt succeeds") { play =>
      play.say(ending(play, numbers(play, 1), 1, 3).collect().mkString(" "))
    },
    program("spark.task.maxFailures is 2, and two executors end", "spark.task.maxFailures" -> "2") {
      play => play.fails(ending(play, numbers(play, 1), 1, 2).collect())
    },
    program("map outputs of an executor that was killed are computed again") { play =>
      val counts = pairs(play).reduceByKey(_ + _)
      play.say(counts.count())
      play.killExecutorOf(0)
      play.say(counts.count())
    },
    program("cached partitions of an executor that was killed are computed again") { play =>
      val rdd = numbers(play, 2).cache()
      play.say(rdd.count())
      play.cached(rdd)
      play.killExecutorOf(0)
      play.cached(rdd)
      play.say(rdd.count())
      play.cached(rdd)
    },
    program("a copy of each cached partition outlives an executor") { play =>
      val rdd = numbers(play, 2).persist(StorageLevel.MEMORY_ONLY_2)
      play.say(rdd.count())
      play.cached(rdd)
      play.killExecutorOf(0)
      play.cached(rdd)
      play.say(rdd.count())
    },
    program("a map task that is through runs again when its executor is killed") { play =>
      val folder = play.folder
      val slow = numbers(play, 2).map { n => if (n == 2) Harm.await(folder, "go"); (n % 2, n) }
      val killer = new Thread(() => {
        while (!play.sc.statusTracker.getStageInfo(0).exists(_.numCompletedTasks() == 1)) {
          Thread.sleep(50)
        }
        play.killExecutorOf(0)
        Harm.mark(folder, "go")
      })
      killer.start()
      val count = slow.reduceByKey(_ + _).count()
      killer.join()
      play.say(count)
    },
    program("a task of an executor that is killed runs again, and does not count as failed",
      "spark.task.maxFailures" -> "1") { play =>
      val folder = play.folder
      val slow = numbers(play, 1).map { n => Harm.mark(folder, "runs"); Harm.await(folder, "go"); n }
      val killer = new Thread(() => {
        Harm.await(folder, "runs")
        play.killExecutorOf(0)
        Harm.mark(folder, "go")
      })
      killer.start()
      val all = slow.collect().mkString(" ")
      killer.join()
      play.say(all)
    },
    program("speculation: a copy of the slow task ends first", speculation: _*) { play =>
      play.say(slow(play, numbers(play, 4), 4).collect().mkString(" "))
    },
    program("speculation: the slow task of a map stage", speculation: _*) { play =>
      play.say(slow(play, numbers(play, 4), 4).map(n => (n % 2, n)).reduceByKey(_ + _).count())
    },
    program("speculation: a stage of one task has no copies",
      speculation :+ ("spark.speculation.quantile" -> "0.1"): _*) { play =>
      val folder = play.folder
      val waits = new Thread(() => { Thread.sleep(3000); Harm.mark(folder, "never") })
      waits.start()
      play.say(slow(play, numbers(play, 1), 1).collect().mkString(" "))
    },
    program("speculation: a quarter of the tasks is enough when it is said to be",
      speculation :+ ("spark.speculation.quantile" -> "0.25"): _*) { play =>
      play.say(slow(play, numbers(play, 2), 2).collect().mkString(" "))
    })
}
