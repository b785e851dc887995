// Windows of every kind, over full and empty batches, with and without an inverse.
// test/vectors/programs/stream-windows.ts says each program again for our engine, by its name.
package streamscope.vectors

import org.apache.spark.HashPartitioner
import org.apache.spark.streaming.{Milliseconds, Seconds}
import org.apache.spark.streaming.vectors.{Seen, SparkVector}
import streamscope.vectors.Given._

object StreamWindows {
  private val gaps: Seq[Seq[String]] =
    Seq(Seq("a", "b", "a"), Seq(), Seq(), Seq(), Seq("b"), Seq("a", "c"), Seq(), Seq("c"))
  private val digits: Seq[Seq[Int]] = (1 to 9).map(n => Seq(n, n * 10))

  private val groups = Seq(
    program("streamWindows/groupByKeyAndWindow(3 s)", gaps) { in =>
      Seen.partitions(in.map(word => (word, word + "!")).groupByKeyAndWindow(Seconds(3)))
    },
    program("streamWindows/groupByKeyAndWindow(4 s, 2 s)", gaps) { in =>
      Seen.partitions(pairs(in).groupByKeyAndWindow(Seconds(4), Seconds(2)))
    },
    program("streamWindows/groupByKeyAndWindow(2 s, 2 s, 3)", gaps) { in =>
      Seen.partitions(pairs(in).groupByKeyAndWindow(Seconds(2), Seconds(2), 3))
    },
    program("streamWindows/groupByKeyAndWindow with a partitioner, its lineage", gaps) { in =>
      val grouped = pairs(in).groupByKeyAndWindow(Seconds(2), Seconds(1), new ByLength(2))
      Seen.partitions(grouped)
      Seen.value(grouped)(lineage)
    },
    program("streamWindows/groupByKeyAndWindow keeps the order of values", digits) { in =>
      Seen.partitions(in.map(n => (n % 2, n)).groupByKeyAndWindow(Seconds(4)))
    })

  private val reductions = Seq(
    program("streamWindows/countByWindow(2 s, 1 s)", gaps, checkpoints = true) { in =>
      Seen.partitions(in.countByWindow(Seconds(2), Seconds(1)))
    },
    program("streamWindows/countByWindow(3 s, 2 s)", gaps, checkpoints = true) { in =>
      Seen.partitions(in.countByWindow(Seconds(3), Seconds(2)))
    },
    program("streamWindows/countByWindow of nothing", Seq.fill(4)(Seq[Int]()),
      checkpoints = true) { in =>
      val counted = in.countByWindow(Seconds(2), Seconds(1))
      Seen.partitions(counted)
      counted.print()
    },
    program("streamWindows/countByValueAndWindow(2 s, 1 s)", gaps, checkpoints = true) { in =>
      Seen.partitions(in.countByValueAndWindow(Seconds(2), Seconds(1)))
    },
    program("streamWindows/countByValueAndWindow(4 s, 2 s, 3)", gaps, checkpoints = true) { in =>
      Seen.partitions(in.countByValueAndWindow(Seconds(4), Seconds(2), 3))
    },
    program("streamWindows/reduceByWindow(f, 2 s, 1 s)", gaps) { in =>
      Seen.partitions(in.reduceByWindow(_ + _, Seconds(2), Seconds(1)))
    },
    program("streamWindows/reduceByWindow(f, 4 s, 3 s)", digits) { in =>
      Seen.partitions(in.reduceByWindow(_ + _, Seconds(4), Seconds(3)))
    },
    program("streamWindows/reduceByWindow(f, inverse, 3 s, 1 s)", digits, checkpoints = true) {
      in => Seen.partitions(in.reduceByWindow(_ + _, _ - _, Seconds(3), Seconds(1)))
    },
    program("streamWindows/reduceByWindow(f, inverse, 4 s, 2 s) over gaps",
      Seq(Seq(1, 2), Seq(), Seq(), Seq(), Seq(), Seq(), Seq(5), Seq(6)), checkpoints = true) {
      in => Seen.partitions(in.reduceByWindow(_ + _, _ - _, Seconds(4), Seconds(2)))
    },
    program("streamWindows/lineages of counts and reductions", gaps.take(3), checkpoints = true) {
      in =>
        Seen.value(in.countByWindow(Seconds(2), Seconds(1)))(lineage)
        Seen.value(in.countByValueAndWindow(Seconds(2), Seconds(1)))(lineage)
        Seen.value(in.reduceByWindow(_ + _, Seconds(2), Seconds(1)))(lineage)
    })

  private val inverses = Seq(
    program("streamWindows/inverse(4 s, 2 s)", gaps ++ gaps, checkpoints = true) { in =>
      Seen.partitions(pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(4), Seconds(2)))
    },
    program("streamWindows/inverse(2 s, 3 s) slides past its window", gaps ++ gaps,
      checkpoints = true) { in =>
      Seen.partitions(pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2), Seconds(3)))
    },
    program("streamWindows/inverse(1 s) is a batch", gaps, checkpoints = true) { in =>
      Seen.partitions(pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(1)))
    },
    program("streamWindows/inverse keeps keys at 0 for ever", gaps, checkpoints = true) { in =>
      pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2)).print()
    },
    program("streamWindows/inverse with a filter forgets keys and meets them anew", gaps ++ gaps,
      checkpoints = true) { in =>
      Seen.partitions(pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(3), Seconds(1), 2,
        (pair: (String, Int)) => pair._2 > 0))
    },
    program("streamWindows/inverse with a partitioner", gaps, checkpoints = true) { in =>
      Seen.partitions(pairs(in).reduceByKeyAndWindow((a: Int, b: Int) => a + b,
        (a: Int, b: Int) => a - b, Seconds(2), Seconds(1), new ByLength(3), null))
    },
    program("streamWindows/inverse of nothing at all", Seq.fill(3)(Seq[String]()),
      checkpoints = true) { in =>
      Seen.partitions(pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2)))
      Seen.value(pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2)))(_.count())
    },
    program("streamWindows/inverse that does not undo", digits.take(5), checkpoints = true) { in =>
      // The person's mistake shows: a maximum cannot be taken away.
      Seen.partitions(in.map(n => ("max", n)).reduceByKeyAndWindow((a: Int, b: Int) => a max b,
        (a: Int, _: Int) => a, Seconds(2), Seconds(1)))
    },
    program("streamWindows/inverse(2 s) of 25 batches is checkpointed twice",
      (1 to 25).map(n => Seq("k" + n % 4, "all")), checkpoints = true, cached = true) { in =>
      val counted = pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2))
      Seen.partitions(counted)
      Seen.value(counted)(rdd => lineage(rdd).size)
    },
    program("streamWindows/inverse with checkpoint(4 s)", gaps, checkpoints = true,
      cached = true) { in =>
      val counted = pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2))
      counted.checkpoint(Seconds(4))
      Seen.value(counted)(rdd => lineage(rdd).size)
      Seen.partitions(counted)
    },
    program("streamWindows/persist of an inverse window is for its batches too", gaps.take(4),
      checkpoints = true, cached = true) { in =>
      import org.apache.spark.storage.StorageLevel
      val counted = pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2))
        .persist(StorageLevel.MEMORY_AND_DISK)
      Seen.value(counted)(lineage)
      Seen.value(counted.dependencies.head)(lineage)
      Seen.value(counted)(_.count())
    })

  private val others = Seq(
    program("streamWindows/reduceByKeyAndWindow(f, 3 s, 1 s, 3)", gaps) { in =>
      Seen.partitions(pairs(in).reduceByKeyAndWindow((a: Int, b: Int) => a + b, Seconds(3),
        Seconds(1), 3))
    },
    program("streamWindows/reduceByKeyAndWindow(f, 2 s, 2 s, partitioner)", gaps) { in =>
      val reduced = pairs(in).reduceByKeyAndWindow((a: Int, b: Int) => a + b, Seconds(2),
        Seconds(2), new ByLength(2))
      Seen.partitions(reduced)
      Seen.value(reduced)(lineage)
    },
    program("streamWindows/reduceByKeyAndWindow of text keeps the order", gaps) { in =>
      Seen.partitions(in.map(word => (1, word)).reduceByKeyAndWindow((a: String, b: String) => a + b,
        Seconds(4)))
    },
    program("streamWindows/window(3 s, 3 s) of reduceByKeyAndWindow(2 s)", digits) { in =>
      val reduced = in.map(n => (n % 3, n))
        .reduceByKeyAndWindow((a: Int, b: Int) => a + b, Seconds(2))
      Seen.partitions(reduced.window(Seconds(3), Seconds(3)))
    },
    program("streamWindows/inverse(4 s) of window(2 s, 2 s)", digits, checkpoints = true) { in =>
      Seen.partitions(in.window(Seconds(2), Seconds(2)).map(n => (n % 2, 1))
        .reduceByKeyAndWindow(_ + _, _ - _, Seconds(4)))
    },
    program("streamWindows/three windows of one stream", digits, cached = true) { in =>
      Seen.value(in.window(Seconds(1)))(_.collect().toSeq)
      Seen.value(in.window(Seconds(3)))(_.collect().toSeq)
      Seen.value(in.window(Seconds(6), Seconds(3)))(_.collect().toSeq)
    },
    program("streamWindows/window of a union", numbers ++ numbers) { in =>
      Seen.partitions(in.union(in.map(_ * 100)).window(Seconds(2), Seconds(2)))
    },
    program("streamWindows/union of windows of one slide", numbers ++ numbers) { in =>
      Seen.partitions(in.window(Seconds(1), Seconds(2)).union(in.window(Seconds(3), Seconds(2))))
    },
    program("streamWindows/window(4 s, 2 s).count() and countByValue()", digits) { in =>
      val windowed = in.map(_ % 3).window(Seconds(4), Seconds(2))
      Seen.partitions(windowed.count())
      Seen.partitions(windowed.countByValue())
    },
    program("streamWindows/window longer than the run", digits) { in =>
      Seen.value(in.window(Seconds(60)))(rdd => Seq(rdd.getNumPartitions, rdd.count()))
    },
    program("streamWindows/jobs of a slow slide", digits) { in =>
      in.window(Seconds(3), Seconds(3)).print(3)
      in.count().print()
    },
    program("streamWindows/updateStateByKey of a window", gaps, checkpoints = true) { in =>
      Seen.partitions(pairs(in.window(Seconds(2))).updateStateByKey[Int] {
        (ones: Seq[Int], count: Option[Int]) => Some(count.getOrElse(0) + ones.sum)
      })
    },
    program("streamWindows/lineage of a window of a window", digits.take(4)) { in =>
      Seen.value(in.map(_ + 1).window(Seconds(2)).window(Seconds(4), Seconds(2)))(lineage)
    })

  val all: Seq[SparkVector] = groups ++ reductions ++ inverses ++ others
}
