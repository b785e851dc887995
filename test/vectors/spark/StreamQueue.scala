// Streams over a queue of RDDs. test/vectors/programs/stream-queue.ts says each program again.
package streamscope.vectors

import scala.collection.mutable.Queue

import org.apache.spark.SparkContext
import org.apache.spark.rdd.RDD
import org.apache.spark.streaming.{Seconds, StreamingContext}
import org.apache.spark.streaming.vectors.{Seen, SparkVector}
import streamscope.vectors.Given._

object StreamQueue {
  private def queued(name: String, batches: Int)(build: StreamingContext => Unit): SparkVector =
    program(s"streamQueue/$name", Seq.fill(batches)(Seq[Int]()))(in => build(in.context))

  private def three(sc: SparkContext): Queue[RDD[Int]] =
    Queue(sc.makeRDD(Seq(1, 2), 1), sc.makeRDD(Seq(3), 3), sc.makeRDD(4 to 8, 2))

  val all: Seq[SparkVector] = Seq(
    queued("one RDD a batch, then empty ones", 5) { ssc =>
      val stream = ssc.queueStream(three(ssc.sparkContext))
      Seen.partitions(stream)
      Seen.value(stream)(lineage)
    },
    queued("all RDDs at once", 3) { ssc =>
      val stream = ssc.queueStream(three(ssc.sparkContext), oneAtATime = false)
      Seen.partitions(stream)
      Seen.value(stream)(lineage)
    },
    queued("a default RDD for the batches after the last", 5) { ssc =>
      val sc = ssc.sparkContext
      Seen.partitions(ssc.queueStream(three(sc), true, sc.makeRDD(Seq(-1, -2), 2)))
    },
    queued("a default RDD with all at once", 3) { ssc =>
      val sc = ssc.sparkContext
      Seen.partitions(ssc.queueStream(three(sc), false, sc.makeRDD(Seq(-1), 1)))
    },
    queued("no default RDD: one without partitions after the last", 5) { ssc =>
      val stream = ssc.queueStream(three(ssc.sparkContext), true, null)
      Seen.partitions(stream)
      Seen.value(stream)(lineage)
      stream.map(_ + 1).print()
    },
    queued("no default RDD: a window holds what there was", 6) { ssc =>
      val stream = ssc.queueStream(three(ssc.sparkContext), true, null)
      Seen.partitions(stream.window(Seconds(2)))
      Seen.partitions(stream.map(n => (n % 2, n)).groupByKeyAndWindow(Seconds(3)))
    },
    queued("no default RDD: a union and a count", 5) { ssc =>
      val stream = ssc.queueStream(three(ssc.sparkContext), true, null)
      Seen.partitions(stream.union(stream))
      stream.count().print()
    },
    queued("RDDs pushed while the streams run", 6) { ssc =>
      val sc = ssc.sparkContext
      val queue = Queue(sc.makeRDD(Seq(1), 1))
      val stream = ssc.queueStream(queue)
      stream.foreachRDD { (rdd, time) =>
        Seen.values += rdd.collect().toSeq
        if (time.milliseconds % 3000 == 0) queue += sc.makeRDD(Seq(time.milliseconds.toInt), 1)
        ()
      }
    },
    queued("RDDs pushed, all at once", 6) { ssc =>
      val sc = ssc.sparkContext
      val queue = Queue(sc.makeRDD(Seq(1), 1))
      val stream = ssc.queueStream(queue, oneAtATime = false)
      stream.foreachRDD { (rdd, time) =>
        Seen.values += rdd.collect().toSeq
        if (time.milliseconds % 3000 == 0) {
          queue += sc.makeRDD(Seq(time.milliseconds.toInt), 1) += sc.makeRDD(Seq(0), 1)
        }
        ()
      }
    },
    queued("an empty queue", 2) { ssc =>
      val stream = ssc.queueStream(Queue[RDD[Int]]())
      Seen.partitions(stream)
      stream.count().print()
    },
    queued("the same RDD again and again is cached once", 4) { ssc =>
      val rdd = ssc.sparkContext.makeRDD(Seq(1, 2, 3), 2)
      val stream = ssc.queueStream(Queue(rdd, rdd, rdd))
      Seen.value(stream.cache())(lineage)
      Seen.value(stream)(_.count())
    },
    queued("two queues side by side", 4) { ssc =>
      val sc = ssc.sparkContext
      val both = ssc.queueStream(three(sc)).union(ssc.queueStream(three(sc), oneAtATime = false))
      Seen.partitions(both)
      Seen.value(both)(lineage)
    })
}
