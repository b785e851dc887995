// What becomes of jobs, stages, tasks, cached blocks, accumulators and broadcasts, on one core.
// test/vectors/programs/tasks.ts says each program again for our engine, by its name.
package streamscope.vectors

import org.apache.spark.rdd.RDD
import org.apache.spark.storage.StorageLevel
import org.apache.spark.streaming.vectors._
import org.apache.spark.util.AccumulatorV2

/** Keeps the greatest. */
final class Greatest extends AccumulatorV2[Int, Int] {
  private var greatest = Int.MinValue
  override def isZero: Boolean = greatest == Int.MinValue
  override def copy(): Greatest = { val one = new Greatest; one.greatest = greatest; one }
  override def reset(): Unit = greatest = Int.MinValue
  override def add(n: Int): Unit = greatest = math.max(greatest, n)
  override def merge(other: AccumulatorV2[Int, Int]): Unit = greatest = math.max(greatest, other.value)
  override def value: Int = greatest
}

object Tasks {
  private def program(name: String, maxFailures: Int = 4, memory: Option[Int] = None)(
      run: TaskPlay => Unit): SparkVector =
    TaskProgram(s"tasks/$name", maxFailures, memory)(run)

  private def pairs(play: TaskPlay): RDD[(Int, Int)] =
    play.sc.parallelize(1 to 4, 2).map(n => (n % 2, n))

  private val failures = Seq(
    program("a task that fails once is tried again") { play =>
      play.say(play.sc.parallelize(1 to 4, 2)
        .map { n => if (n == 3) Tries.failing("three", 1); n }.collect().mkString(" "))
    },
    program("a task that fails three times succeeds in the fourth") { play =>
      play.say(play.sc.parallelize(1 to 2, 2)
        .map { n => if (n == 1) Tries.failing("one", 3); n }.collect().mkString(" "))
    },
    program("a task that fails four times aborts its job") { play =>
      play.fails(play.sc.parallelize(1 to 3, 3)
        .map { n => if (n == 3) Tries.failing("three", 9); n }.collect())
    },
    program("failures are counted for each task by itself") { play =>
      play.say(play.sc.parallelize(1 to 3, 3)
        .map { n => Tries.failing(s"number $n", 2); n }.collect().mkString(" "))
    },
    program("spark.task.maxFailures is 2", maxFailures = 2) { play =>
      play.fails(play.sc.parallelize(1 to 2, 2)
        .map { n => if (n == 2) Tries.failing("two", 9); n }.collect())
    },
    program("spark.task.maxFailures is 1", maxFailures = 1) { play =>
      play.fails(play.sc.parallelize(1 to 2, 1)
        .map { n => Tries.failing("any", 9); n }.collect())
    },
    program("a task of a map stage fails: no result stage is submitted") { play =>
      play.fails(pairs(play).map { pair => if (pair._2 == 4) Tries.failing("map", 9); pair }
        .reduceByKey(_ + _).collect())
    },
    program("a task of the result stage fails: the map stage is not run again") { play =>
      play.say(pairs(play).reduceByKey(_ + _)
        .map { pair => if (pair._1 == 1) Tries.failing("one", 2); pair }.collect().sorted.mkString(" "))
    },
    program("a job after one that failed") { play =>
      play.fails(play.sc.parallelize(1 to 2, 1).map { n => Tries.failing("any", 4); n }.collect())
      play.say(play.sc.parallelize(1 to 2, 2).count())
    },
    program("the same RDD after its job failed") { play =>
      val rdd = pairs(play).map { pair => if (pair._2 == 4) Tries.failing("any", 4); pair }
        .reduceByKey(_ + _)
      play.fails(rdd.collect())
      play.say(rdd.count())
    },
    program("a task is named by its place in the stage, not by its partition") { play =>
      play.fails(play.sc.parallelize(1 to 6, 6)
        .map { n => if (n == 5) Tries.failing("five", 9); n }.take(5))
    },
    program("two of three tasks fail by turns") { play =>
      play.say(play.sc.parallelize(1 to 3, 3)
        .map { n => if (n != 2) Tries.failing(s"number $n", n); n }.collect().mkString(" "))
    })

  private val stages = Seq(
    program("a stage for each shuffle") { play =>
      play.say(pairs(play).reduceByKey(_ + _).map(_.swap).groupByKey(1).count())
    },
    program("an action again: a map stage of its own, skipped") { play =>
      val counts = pairs(play).reduceByKey(_ + _)
      play.say(counts.count())
      play.say(counts.count())
    },
    program("two actions over one shuffle, then another shuffle of it") { play =>
      val counts = pairs(play).reduceByKey(_ + _)
      counts.count()
      counts.map(_.swap).reduceByKey(_ + _, 1).count()
      counts.map(_.swap).reduceByKey(_ + _, 1).count()
    },
    program("a join has two map stages") { play =>
      play.say(pairs(play).join(pairs(play), 2).count())
    },
    program("an RDD joined with itself shuffles once") { play =>
      val counts = pairs(play).reduceByKey(_ + _, 2)
      play.say(counts.join(counts).count())
    },
    program("a cached RDD cuts off what it came from") { play =>
      val counts = pairs(play).reduceByKey(_ + _).cache()
      counts.count()
      counts.map(_._2).collect()
    },
    program("a shuffle of a cached RDD, twice") { play =>
      val given = pairs(play).cache()
      given.reduceByKey(_ + _).count()
      given.groupByKey().count()
    },
    program("take runs jobs until it has enough") { play =>
      play.say(play.sc.parallelize(1 to 8, 8).take(7).mkString(" "))
    },
    program("an RDD without partitions has a job without stages") { play =>
      play.say(play.sc.emptyRDD[Int].count())
    },
    program("sortByKey samples with a job of its own") { play =>
      play.say(pairs(play).sortByKey().map(_._2).collect().mkString(" "))
    },
    program("a map output that was forgotten is computed again, alone") { play =>
      val counts = pairs(play).reduceByKey(_ + _)
      counts.count()
      play.forgetMapOutput(0, 1)
      counts.count()
    },
    program("a map output forgotten while its stage is read: fetch failed") { play =>
      val counts = pairs(play).reduceByKey(_ + _)
      play.say(counts.mapPartitions { all =>
        if (Tries.next("reduce") == 1) TaskProgram.forgetMapOutput(0, 1)
        all
      }.count())
    },
    program("a map output forgotten four times in a row aborts the job") { play =>
      val forgets = play.sc.parallelize(1 to 2, 2).mapPartitions { all =>
        TaskProgram.forgetMapOutput(0, 1)
        all
      }
      val counts = pairs(play).groupByKey(1)
      play.fails(forgets.coalesce(1).zipPartitions(counts)((_, read) => read).count())
    },
    program("three times in a row, and the job goes on") { play =>
      val forgets = play.sc.parallelize(1 to 2, 2).mapPartitions { all =>
        if (Tries.next("reduce") <= 3) TaskProgram.forgetMapOutput(0, 1)
        all
      }
      val counts = pairs(play).groupByKey(1)
      play.say(forgets.coalesce(1).zipPartitions(counts)((_, read) => read).count())
    })

  private val storage = Seq(
    program("blocks are cached as partitions are computed") { play =>
      val rdd = play.sc.parallelize(1 to 4, 4).setName("four").cache()
      play.storage()
      rdd.take(1)
      play.storage()
      rdd.count()
      play.storage()
      rdd.unpersist(blocking = true)
      play.storage()
    },
    program("getPersistentRDDs from persist to unpersist") { play =>
      val rdd = play.sc.parallelize(1 to 4, 2).map(_ + 1).persist(StorageLevel.DISK_ONLY)
      play.say(play.sc.getPersistentRDDs.keys.toSeq.sorted.mkString(" "))
      val other = rdd.map(_ + 1).cache()
      play.say(play.sc.getPersistentRDDs.keys.toSeq.sorted.mkString(" "))
      rdd.unpersist()
      play.say(play.sc.getPersistentRDDs.keys.toSeq.sorted.mkString(" "))
      other.count()
      play.storage()
    },
    program("a cached block of a failed attempt stays") { play =>
      val seen = play.sc.longAccumulator("seen")
      val rdd = play.sc.parallelize(1 to 2, 2).map { n => seen.add(1); n }.cache()
      rdd.map { n => if (n == 2) Tries.failing("two", 1); n }.count()
      play.say(seen.value)
      play.blocks(rdd)
    },
    program("a cached RDD counts its records once") { play =>
      val seen = play.sc.longAccumulator("seen")
      val rdd = play.sc.parallelize(1 to 4, 2).map { n => seen.add(1); n }.cache()
      rdd.count()
      rdd.count()
      play.say(seen.value)
      rdd.unpersist(blocking = true)
      rdd.count()
      play.say(seen.value)
    },
    program("the levels, as they are described") { play =>
      import StorageLevel._
      Seq(DISK_ONLY, DISK_ONLY_2, DISK_ONLY_3, MEMORY_ONLY, MEMORY_ONLY_2, MEMORY_ONLY_SER,
        MEMORY_ONLY_SER_2, MEMORY_AND_DISK, MEMORY_AND_DISK_2, MEMORY_AND_DISK_SER,
        MEMORY_AND_DISK_SER_2, OFF_HEAP).foreach { level =>
        val rdd = play.sc.parallelize(1 to 2, 2).persist(level)
        play.say(rdd.toDebugString.linesIterator.next().replaceAll(" at \\w+\\.scala:\\d+", ""))
      }
    },
    program("the level of an RDD cannot change") { play =>
      val rdd = play.sc.parallelize(1 to 2, 2).cache()
      play.fails(rdd.persist(StorageLevel.DISK_ONLY))
      rdd.unpersist()
      play.fails(rdd.persist(StorageLevel.DISK_ONLY))
    },
    program("DISK_ONLY keeps blocks on disk") { play =>
      val rdd = play.big(2, 1).persist(StorageLevel.DISK_ONLY)
      rdd.count()
      play.blocks(rdd)
    },
    program("OFF_HEAP without off-heap memory keeps blocks on disk") { play =>
      val rdd = play.big(2, 1).persist(StorageLevel.OFF_HEAP)
      rdd.count()
      play.blocks(rdd)
    })

  private val levels = Seq(
    "MEMORY_ONLY" -> StorageLevel.MEMORY_ONLY,
    "MEMORY_ONLY_SER" -> StorageLevel.MEMORY_ONLY_SER,
    "MEMORY_AND_DISK" -> StorageLevel.MEMORY_AND_DISK,
    "MEMORY_AND_DISK_SER" -> StorageLevel.MEMORY_AND_DISK_SER)

  private val memory = levels.flatMap { case (name, level) => Seq(
    program(s"$name that does not fit: blocks of one RDD do not evict each other", memory = Some(3)) { play =>
      val rdd = play.big(5, 1).persist(level)
      rdd.count()
      play.blocks(rdd)
      rdd.count()
      play.blocks(rdd)
    },
    program(s"$name evicts what was used longest ago of another RDD", memory = Some(4)) { play =>
      val old = play.big(3, 1).persist(level)
      old.count()
      val next = play.big(3, 1).persist(level)
      next.count()
      play.blocks(old)
      play.blocks(next)
      old.count()
      play.blocks(old)
      play.blocks(next)
    },
    program(s"$name: what is used again stays longer", memory = Some(4)) { play =>
      val first = play.big(2, 1).persist(level)
      first.count()
      val second = play.big(2, 1).persist(level)
      second.count()
      first.count()
      val third = play.big(2, 1).persist(level)
      third.count()
      play.blocks(first)
      play.blocks(second)
      play.blocks(third)
    },
    program(s"$name: a block greater than the memory evicts nothing", memory = Some(3)) { play =>
      val small = play.big(2, 1).persist(level)
      small.count()
      val great = play.big(1, 4).persist(level)
      great.count()
      play.blocks(small)
      play.blocks(great)
    },
    program(s"$name: all of another RDD has to go", memory = Some(3)) { play =>
      val small = play.big(3, 1).persist(level)
      small.count()
      val great = play.big(1, 3).persist(level)
      great.count()
      play.blocks(small)
      play.blocks(great)
    })
  }

  private val accumulators = Seq(
    program("a long accumulator: sum, count, average") { play =>
      val seen = play.sc.longAccumulator("seen")
      play.say(seen.isZero)
      play.sc.parallelize(1 to 4, 2).foreach(n => seen.add(n))
      play.say(s"${seen.value} ${seen.sum} ${seen.count} ${seen.avg} ${seen.isZero}")
      seen.reset()
      play.say(s"${seen.value} ${seen.count} ${seen.isZero}")
    },
    program("a double accumulator") { play =>
      val sum = play.sc.doubleAccumulator("sum")
      play.sc.parallelize(Seq(0.5, 1.25, 2.5), 2).foreach(n => sum.add(n))
      play.say(s"${sum.value} ${sum.count} ${sum.avg == 4.25 / 3}")
    },
    program("a collection accumulator") { play =>
      val all = play.sc.collectionAccumulator[Int]("all")
      play.sc.parallelize(1 to 4, 2).foreach(n => all.add(n))
      play.say(all.value)
    },
    program("an accumulator without a name is not shown with its tasks") { play =>
      val seen = play.sc.longAccumulator
      play.sc.parallelize(1 to 4, 2).foreach(_ => seen.add(1))
      play.say(seen.value)
    },
    program("a task that adds nothing is not shown with the accumulator") { play =>
      val seen = play.sc.longAccumulator("seen")
      play.sc.parallelize(1 to 4, 2).foreach(n => if (n > 2) seen.add(1))
      play.say(seen.value)
    },
    program("what a failed attempt added is dropped") { play =>
      val seen = play.sc.longAccumulator("seen")
      play.sc.parallelize(1 to 4, 2).foreach { n =>
        seen.add(1)
        if (n == 4) Tries.failing("four", 2)
      }
      play.say(seen.value)
    },
    program("a transformation that is computed twice adds twice") { play =>
      val seen = play.sc.longAccumulator("seen")
      val rdd = play.sc.parallelize(1 to 4, 2).map { n => seen.add(1); n }
      rdd.count()
      rdd.count()
      play.say(seen.value)
    },
    program("a map stage that is skipped adds nothing") { play =>
      val seen = play.sc.longAccumulator("seen")
      val rdd = pairs(play).map { pair => seen.add(1); pair }.reduceByKey(_ + _)
      rdd.count()
      rdd.count()
      play.say(seen.value)
    },
    program("take adds for the partitions it looks at") { play =>
      val seen = play.sc.longAccumulator("seen")
      play.sc.parallelize(1 to 8, 4).map { n => seen.add(1); n }.take(4)
      play.say(seen.value)
    },
    program("a job that fails keeps what its finished tasks added") { play =>
      val seen = play.sc.longAccumulator("seen")
      play.fails(play.sc.parallelize(1 to 4, 2).foreach { n =>
        seen.add(1)
        if (n == 4) Tries.failing("four", 9)
      })
      play.say(seen.value)
    },
    program("the value in a task is the task's own") { play =>
      val seen = play.sc.longAccumulator("seen")
      seen.add(10)
      play.say(play.sc.parallelize(1 to 4, 2)
        .map { n => seen.add(1); seen.value.longValue }.collect().mkString(" "))
      play.say(seen.value)
    },
    program("an accumulator of one's own") { play =>
      val greatest = new Greatest
      play.sc.register(greatest, "greatest")
      play.sc.parallelize(Seq(3, 9, 2, 7), 2).foreach(n => greatest.add(n))
      play.say(greatest.value)
    },
    program("two accumulators in one task") { play =>
      val odd = play.sc.longAccumulator("odd")
      val even = play.sc.longAccumulator("even")
      play.sc.parallelize(1 to 5, 2).foreach(n => if (n % 2 == 0) even.add(n) else odd.add(n))
      play.say(s"${odd.value} ${even.value}")
    },
    program("a map output computed again adds again") { play =>
      val seen = play.sc.longAccumulator("seen")
      val counts = pairs(play).map { pair => seen.add(1); pair }.reduceByKey(_ + _)
      counts.count()
      play.forgetMapOutput(0, 1)
      counts.count()
      play.say(seen.value)
    })

  private val broadcasts = Seq(
    program("a broadcast is seen by tasks") { play =>
      val names = play.sc.broadcast(Seq("zero", "one", "two"))
      play.say(names)
      play.say(play.sc.parallelize(0 to 2, 2).map(n => names.value(n)).collect().mkString(" "))
    },
    program("each stage attempt takes a number of the broadcasts") { play =>
      play.say(play.sc.broadcast(1))
      pairs(play).reduceByKey(_ + _).count()
      play.say(play.sc.broadcast(2))
      play.sc.parallelize(1 to 2, 2).count()
      play.say(play.sc.broadcast(3))
      play.say(play.sc.broadcast(3).id)
    },
    program("a broadcast that was unpersisted is sent again") { play =>
      val factor = play.sc.broadcast(3)
      factor.unpersist(blocking = true)
      play.say(play.sc.parallelize(1 to 2, 2).map(_ * factor.value).collect().mkString(" "))
    },
    program("a broadcast that was destroyed cannot be used") { play =>
      val factor = play.sc.broadcast(3)
      factor.destroy()
      play.fails(factor.value)
      play.fails(factor.unpersist())
      play.fails(factor.destroy())
    },
    program("an RDD cannot be broadcast") { play =>
      play.fails(play.sc.broadcast(play.sc.parallelize(1 to 2, 2)))
    })

  val all: Seq[SparkVector] = failures ++ stages ++ storage ++ memory ++ accumulators ++ broadcasts
}
