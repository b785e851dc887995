// Two streams of pairs side by side. test/vectors/programs/stream-joins.ts says each program again.
package streamscope.vectors

import org.apache.spark.streaming.Seconds
import org.apache.spark.streaming.dstream.DStream
import org.apache.spark.streaming.vectors.{Seen, SparkVector}
import streamscope.vectors.Given._

object StreamJoins {
  private val sides: Seq[Seq[(String, Int)]] = Seq(
    Seq(("a", 1), ("b", 2), ("a", 3), ("c", 4), ("z", 26)), Seq(), Seq(("b", 7)), Seq(("q", 0)))

  /** Values below four. */
  private def left(in: DStream[(String, Int)]): DStream[(String, Int)] = in.filter(_._2 < 4)

  /** Values from two on, as text. */
  private def right(in: DStream[(String, Int)]): DStream[(String, String)] =
    in.filter(_._2 > 1).mapValues("v" + _)

  val all: Seq[SparkVector] = Seq(
    program("streamJoins/cogroup", sides)(in => Seen.partitions(left(in).cogroup(right(in)))),
    program("streamJoins/cogroup over 3 partitions", sides) { in =>
      Seen.partitions(left(in).cogroup(right(in), 3))
    },
    program("streamJoins/cogroup with a partitioner", sides) { in =>
      Seen.partitions(left(in).cogroup(right(in), new ByLength(2)))
    },
    program("streamJoins/join over 3 partitions", sides) { in =>
      Seen.partitions(left(in).join(right(in), 3))
    },
    program("streamJoins/join with a partitioner", sides) { in =>
      Seen.partitions(left(in).join(right(in), new ByLength(2)))
    },
    program("streamJoins/join of many with many", Seq(Seq(("a", 1), ("a", 2), ("a", 3)))) { in =>
      Seen.partitions(in.join(in.mapValues(_ * 10)))
    },
    program("streamJoins/leftOuterJoin", sides) { in =>
      Seen.partitions(left(in).leftOuterJoin(right(in)))
      Seen.partitions(left(in).leftOuterJoin(right(in), 3))
    },
    program("streamJoins/rightOuterJoin", sides) { in =>
      Seen.partitions(left(in).rightOuterJoin(right(in)))
      Seen.partitions(left(in).rightOuterJoin(right(in), 3))
    },
    program("streamJoins/fullOuterJoin", sides) { in =>
      Seen.partitions(left(in).fullOuterJoin(right(in)))
      Seen.partitions(left(in).fullOuterJoin(right(in), new ByLength(3)))
    },
    program("streamJoins/outer joins as print writes them", sides) { in =>
      left(in).leftOuterJoin(right(in)).print()
      left(in).rightOuterJoin(right(in)).print()
      left(in).fullOuterJoin(right(in)).print()
      left(in).cogroup(right(in)).print()
    },
    program("streamJoins/outer joins told apart", sides) { in =>
      Seen.partitions(left(in).fullOuterJoin(right(in)).map { case (key, (ours, theirs)) =>
        (key, ours.isDefined, theirs.map(_.length).getOrElse(-1))
      })
    },
    program("streamJoins/lineages", sides.take(2)) { in =>
      Seen.value(left(in).cogroup(right(in)))(lineage)
      Seen.value(left(in).leftOuterJoin(right(in)))(lineage)
      Seen.value(left(in).rightOuterJoin(right(in)))(lineage)
      Seen.value(left(in).fullOuterJoin(right(in)))(lineage)
    },
    program("streamJoins/join of sides partitioned alike shuffles nothing", sides) { in =>
      val joined = left(in).reduceByKey(_ + _).join(right(in).reduceByKey(_ + _))
      Seen.partitions(joined)
      Seen.value(joined)(lineage)
    },
    program("streamJoins/join of windows of different lengths", sides ++ sides) { in =>
      Seen.partitions(left(in).window(Seconds(1)).join(right(in).window(Seconds(3))))
    },
    program("streamJoins/join of windows of different lengths and one slide", sides ++ sides) {
      in => Seen.partitions(left(in).window(Seconds(2), Seconds(2))
        .join(right(in).window(Seconds(4), Seconds(2))))
    },
    program("streamJoins/leftOuterJoin of a batch with a window", sides ++ sides) { in =>
      left(in).leftOuterJoin(right(in).window(Seconds(3))).print()
    },
    program("streamJoins/join of a stream with its own state", sides ++ sides,
      checkpoints = true) { in =>
      val total = in.updateStateByKey[Int] { (values: Seq[Int], state: Option[Int]) =>
        Some(state.getOrElse(0) + values.sum)
      }
      Seen.partitions(in.join(total))
    },
    program("streamJoins/leftOuterJoin with a static RDD", sides) { in =>
      val names = in.context.sparkContext.makeRDD(Seq(("a", "ant"), ("b", "bee")), 2)
      Seen.partitions(in.transform(_.leftOuterJoin(names)))
    },
    program("streamJoins/cogroup of three by cogroup of two", sides) { in =>
      Seen.partitions(left(in).cogroup(right(in)).cogroup(in))
    })
}
