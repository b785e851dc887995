// Every operation of a stream that is no window, join or state; how its RDDs are kept.
// test/vectors/programs/stream-operators.ts says each program again for our engine, by its name.
package streamscope.vectors

import org.apache.spark.{HashPartitioner, Partitioner}
import org.apache.spark.rdd.RDD
import org.apache.spark.storage.StorageLevel
import org.apache.spark.streaming.{Seconds, Time}
import org.apache.spark.streaming.vectors.{Seen, SparkVector}
import streamscope.vectors.Given._

/** By the length of the key. */
final class ByLength(override val numPartitions: Int) extends Partitioner {
  override def getPartition(key: Any): Int = key.toString.length % numPartitions
}

object StreamOperators {
  private val operations = Seq(
    program("streamOperators/mapPartitions", numbers) { in =>
      Seen.partitions(in.mapPartitions(records => Iterator(records.sum)))
      Seen.partitions(in.mapPartitions(_.toSeq.reverse.iterator))
    },
    program("streamOperators/mapPartitions keeps the partitioning or not", words) { in =>
      val kept = counts(in).mapPartitions(identity, preservePartitioning = true).reduceByKey(_ + _)
      val lost = counts(in).mapPartitions(identity).reduceByKey(_ + _)
      Seen.value(kept)(lineage)
      Seen.value(lost)(lineage)
      Seen.partitions(kept)
      Seen.partitions(lost)
    },
    program("streamOperators/glom", numbers) { in =>
      Seen.value(in.glom())(_.collect().map(_.toSeq).toSeq)
      Seen.value(in.glom())(lineage)
    },
    program("streamOperators/flatMapValues", words) { in =>
      Seen.partitions(pairs(in).mapValues(_ + 1).flatMapValues(n => 0 until n))
      Seen.partitions(counts(in).flatMapValues(n => Seq.fill(n - 1)("again")))
      Seen.value(counts(in).flatMapValues(n => Seq(n)))(lineage)
    },
    program("streamOperators/countByValue over 3 partitions", words)(in =>
      Seen.partitions(in.countByValue(3))),
    program("streamOperators/combineByKey keeps sum and count", numbers) { in =>
      val keyed = in.map(n => (n % 2 == 0, n))
      Seen.partitions(keyed.combineByKey[(Int, Int)]((n: Int) => (n, 1),
        (c: (Int, Int), n: Int) => (c._1 + n, c._2 + 1),
        (a: (Int, Int), b: (Int, Int)) => (a._1 + b._1, a._2 + b._2), new HashPartitioner(3)))
    },
    program("streamOperators/combineByKey on the map side or not", words) { in =>
      for (mapSide <- Seq(true, false)) {
        val joined = in.map(word => (word.length, word)).combineByKey[String](
          (word: String) => s"<$word", (c: String, word: String) => s"$c $word",
          (a: String, b: String) => s"$a|$b", new HashPartitioner(2), mapSide)
        Seen.partitions(joined)
        Seen.value(joined)(lineage)
      }
    },
    program("streamOperators/groupByKey with a partitioner", words) { in =>
      Seen.partitions(pairs(in).groupByKey(new ByLength(4)))
      Seen.partitions(pairs(in).groupByKey(new ByLength(4)).mapValues(_.sum).groupByKey(3))
    },
    program("streamOperators/reduceByKey with a partitioner", words) { in =>
      val once = pairs(in).reduceByKey(_ + _, new ByLength(3))
      Seen.partitions(once)
      Seen.value(once.reduceByKey(_ + _, new ByLength(3)))(lineage)
      Seen.value(once.reduceByKey(_ + _, new HashPartitioner(3)))(lineage)
    },
    program("streamOperators/reduce of text keeps the order", words)(in =>
      Seen.partitions(in.reduce(_ + " " + _))),
    program("streamOperators/count of an empty and of a filtered batch", numbers) { in =>
      Seen.partitions(in.filter(_ > 100).count())
      Seen.value(in.filter(_ > 3).count())(_.collect().toSeq)
    },
    program("streamOperators/repartition", Seq((1 to 20).toSeq, Seq(), Seq(7))) { in =>
      Seen.value(in.repartition(3))(rdd => rdd.collect().sorted.toSeq)
      Seen.value(in.repartition(3))(_.getNumPartitions)
      Seen.value(in.repartition(1))(lineage)
    })

  private val transforms = Seq(
    program("streamOperators/transform is told the batch time", numbers) { in =>
      Seen.partitions(in.transform((rdd: RDD[Int], time: Time) =>
        rdd.map(n => (time.milliseconds, n))))
    },
    program("streamOperators/transform gives an RDD of its own", numbers) { in =>
      val sc = in.context.sparkContext
      Seen.partitions(in.transform((rdd: RDD[Int], time: Time) =>
        if (time.milliseconds == 2000) sc.makeRDD(Seq(-1, -2), 2) else rdd))
    },
    program("streamOperators/transform runs an action while the batch is made", numbers) { in =>
      Seen.partitions(in.transform { rdd =>
        val many = rdd.count()
        rdd.map(n => (n, many))
      })
    },
    program("streamOperators/transformWith unites two streams", numbers) { in =>
      val other = in.map(_ * 10)
      val both = in.transformWith(other, (a: RDD[Int], b: RDD[Int]) => a.union(b))
      Seen.partitions(both)
      Seen.value(both)(lineage)
    },
    program("streamOperators/transformWith is told the batch time", words) { in =>
      val other = in.map(word => (word, word.length))
      Seen.partitions(pairs(in).transformWith(other,
        (a: RDD[(String, Int)], b: RDD[(String, Int)], time: Time) =>
          a.join(b).mapValues(both => (both, time.milliseconds))))
    },
    program("streamOperators/StreamingContext.transform of three streams", numbers) { in =>
      val streams = Seq(in, in.map(_ + 100), in.filter(_ > 2))
      val all = in.context.transform[Int](streams, (rdds: Seq[RDD[_]], time: Time) =>
        rdds.map(_.asInstanceOf[RDD[Int]]).reduce(_ union _).map(_ + time.milliseconds.toInt))
      Seen.partitions(all)
      Seen.value(all)(lineage)
    },
    program("streamOperators/StreamingContext.union of three streams", numbers) { in =>
      val all = in.context.union(Seq(in, in.map(_ + 100), in.filter(_ > 2)))
      Seen.partitions(all)
      Seen.value(all)(lineage)
    },
    program("streamOperators/foreachRDD is told the batch time", numbers) { in =>
      in.foreachRDD { (rdd: RDD[Int], time: Time) =>
        Seen.values += Seq(rdd.count(), time.milliseconds)
        ()
      }
    })

  private def numbersOf(rdds: Seq[RDD[Int]]): Seq[Seq[Int]] = rdds.map(_.collect().toSeq)

  private val slices = Seq(
    program("streamOperators/slice from time to time", numbers ++ numbers) { in =>
      in.context.remember(Seconds(10))
      val doubled = in.map(_ * 2)
      Seen.value(doubled)(_ => numbersOf(doubled.slice(Time(1000), Time(2000))))
      Seen.value(doubled)(_ => numbersOf(doubled.slice(Seen.interval(0, 3000))))
      Seen.value(doubled)(_ => numbersOf(doubled.slice(Time(-5000), Time(1000))))
      Seen.value(doubled)(_ => numbersOf(doubled.slice(Time(3000), Time(2000))))
    },
    program("streamOperators/slice between two batch times", numbers ++ numbers) { in =>
      in.context.remember(Seconds(20))
      val windowed = in.window(Seconds(2), Seconds(2))
      Seen.value(windowed)(_ => numbersOf(windowed.slice(Time(2000), Time(2999))))
      Seen.value(windowed)(_ => numbersOf(windowed.slice(Time(3999), Time(5000))))
      Seen.value(windowed)(_ => numbersOf(in.slice(Time(1500), Time(2500))))
    },
    program("streamOperators/slice before the start", oneBatch) { in =>
      val message = try {
        in.slice(Time(0), Time(1000)).toString
      } catch {
        case error: Exception => error.getMessage.replaceAll("[\\w.]*\\.(\\w+)@[0-9a-f]+", "$1")
      }
      Seen.value(in)(_ => message.replace("DealtStream", "QueueInputDStream"))
    },
    program("streamOperators/slice of a stream no output needs", oneBatch) { in =>
      val idle = in.map(_ + 1)
      Seen.value(in)(_ => try {
        idle.slice(Time(0), Time(1000)).toString
      } catch {
        case error: Exception => error.getMessage.replaceAll("[\\w.]*\\.(\\w+)@[0-9a-f]+", "$1")
      })
    },
    program("streamOperators/Interval", oneBatch) { in =>
      val interval = Seen.interval(1000, 4000)
      Seen.value(in)(_ => Seq(interval.toString, interval.duration.milliseconds,
        interval.beginTime.milliseconds, interval.endTime.milliseconds))
    },
    program("streamOperators/slideDuration, dependencies and class names", oneBatch,
      checkpoints = true) { in =>
      val windowed = pairs(in).window(Seconds(4), Seconds(2))
      val streams = Seq(in.map(_ + 1), in.flatMap(n => Seq(n)), in.filter(_ > 0), in.glom(),
        in.mapPartitions(identity), in.union(in), in.transform(rdd => rdd), windowed,
        windowed.reduceByKey(_ + _), windowed.mapValues(_ + 1), windowed.flatMapValues(n => Seq(n)),
        pairs(in).join(pairs(in)), pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(3)),
        in.reduce(_ + _), in.count(),
        pairs(in).updateStateByKey[Int]((_: Seq[Int], state: Option[Int]) => state))
      val told = streams.map(stream => Seq(stream.getClass.getSimpleName,
        stream.slideDuration.milliseconds,
        stream.dependencies.map(_.getClass.getSimpleName).filter(_ != "DealtStream")))
      Seen.value(in)(_ => told)
    })

  private val kept = Seq(
    program("streamOperators/persist keeps the RDDs of a batch for one batch", numbers,
      cached = true) { in =>
      val mapped = in.map(_ + 1).persist()
      Seen.partitions(mapped)
      Seen.value(mapped.filter(_ > 3))(lineage)
    },
    program("streamOperators/persist(MEMORY_AND_DISK)", numbers, cached = true) { in =>
      val mapped = in.map(_ + 1).persist(StorageLevel.MEMORY_AND_DISK)
      Seen.value(mapped)(lineage)
      Seen.value(mapped)(_.count())
    },
    program("streamOperators/cache is MEMORY_ONLY_SER", numbers, cached = true) { in =>
      Seen.value(in.map(_ + 1).cache())(lineage)
    },
    program("streamOperators/persisted streams are computed once", numbers, cached = true) { in =>
      val counted = pairs(in).reduceByKey(_ + _).cache()
      Seen.partitions(counted)
      Seen.partitions(counted.map(_.swap))
    },
    program("streamOperators/remember keeps RDDs longer", numbers ++ numbers, cached = true) {
      in =>
        in.context.remember(Seconds(3))
        Seen.value(in.map(_ + 1).cache())(_.count())
    },
    program("streamOperators/a window makes its parent persist", numbers ++ numbers,
      cached = true) { in =>
      val mapped = in.map(_ + 1)
      Seen.value(mapped.window(Seconds(2)))(lineage)
      Seen.value(mapped)(lineage)
      Seen.value(mapped.window(Seconds(2)))(_.count())
    },
    program("streamOperators/a window persists its parent anew", numbers, cached = true) { in =>
      val mapped = in.map(_ + 1).persist(StorageLevel.MEMORY_ONLY)
      Seen.value(mapped.window(Seconds(2)))(_.count())
      Seen.value(mapped)(lineage)
    },
    program("streamOperators/persist of a window is persist of its parent", numbers,
      cached = true) { in =>
      val mapped = in.map(_ + 1)
      val windowed = mapped.window(Seconds(2)).persist(StorageLevel.MEMORY_ONLY)
      Seen.value(windowed)(lineage)
      Seen.value(mapped)(lineage)
      Seen.value(windowed)(_.count())
    },
    program("streamOperators/a window of a window persists the first parent", numbers ++ numbers,
      cached = true) { in =>
      val mapped = in.map(_ + 1)
      val outer = mapped.window(Seconds(2)).window(Seconds(2))
      Seen.value(outer)(lineage)
      Seen.value(mapped)(lineage)
      Seen.value(outer)(_.count())
    },
    program("streamOperators/checkpoint(2 s) cuts every second lineage", numbers ++ numbers,
      checkpoints = true, cached = true) { in =>
      val mapped = in.map(_ + 1).checkpoint(Seconds(2))
      Seen.value(mapped)(_.collect().toSeq)
      Seen.value(mapped.filter(_ > 3))(lineage)
    },
    program("streamOperators/persist(level) and then checkpoint persists anew", numbers,
      checkpoints = true, cached = true) { in =>
      val mapped = in.map(_ + 1).persist(StorageLevel.MEMORY_AND_DISK).checkpoint(Seconds(2))
      Seen.value(mapped)(lineage)
      Seen.value(mapped)(_.count())
    },
    program("streamOperators/checkpoint and then persist(level)", numbers, checkpoints = true,
      cached = true) { in =>
      val mapped = in.map(_ + 1).checkpoint(Seconds(2)).persist(StorageLevel.MEMORY_AND_DISK)
      Seen.value(mapped)(_.count())
      Seen.value(mapped.map(_ + 1))(lineage)
    })

  val all: Seq[SparkVector] = operations ++ transforms ++ slices ++ kept
}
