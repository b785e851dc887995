// Keyed RDDs side by side; test/vectors/programs/rdd-pair-join.ts says each program again.
package streamscope.vectors

import org.apache.spark.HashPartitioner
import org.apache.spark.streaming.vectors.SparkVector
import streamscope.vectors.Given.lineage
import streamscope.vectors.RddPairs._

object RddPairJoin {
  private val groups = Seq(
    program("rddPairJoin/cogroup of two") { sc =>
      val grouped = left(sc).cogroup(right(sc))
      Seq(parts(grouped), lineage(grouped))
    },
    program("rddPairJoin/cogroup of three") { sc =>
      val grouped = left(sc).cogroup(right(sc), words(sc).filter(_._1.length == 2))
      Seq(parts(grouped), lineage(grouped))
    },
    program("rddPairJoin/cogroup of four") { sc =>
      val grouped = left(sc).cogroup(right(sc), left(sc).mapValues(_ + 10), right(sc))
      Seq(parts(grouped), lineage(grouped))
    },
    program("rddPairJoin/cogroup(other, 4) and (other, partitioner)") { sc =>
      val four = left(sc).cogroup(right(sc), 4)
      val one = left(sc).cogroup(right(sc), new Everything(1, 2))
      Seq(parts(four), lineage(four), parts(one), lineage(one))
    },
    program("rddPairJoin/cogroup of three and of four over 3 partitions") { sc =>
      Seq(parts(left(sc).cogroup(right(sc), left(sc), 3)),
        parts(left(sc).cogroup(right(sc), left(sc), right(sc), 3)))
    },
    program("rddPairJoin/cogroup of three and of four by a partitioner") { sc =>
      Seq(parts(left(sc).cogroup(right(sc), left(sc), new BySize(1))),
        parts(left(sc).cogroup(right(sc), left(sc), right(sc), new BySize(1))))
    },
    program("rddPairJoin/groupWith one, two and three") { sc =>
      val one = left(sc).groupWith(right(sc))
      val two = left(sc).groupWith(right(sc), right(sc))
      val three = left(sc).groupWith(right(sc), right(sc), left(sc))
      Seq(one, two, three).flatMap(grouped => Seq(parts(grouped), lineage(grouped)))
    },
    program("rddPairJoin/cogroup of itself") { sc =>
      val pairs = left(sc)
      val grouped = pairs.cogroup(pairs)
      Seq(parts(grouped), lineage(grouped))
    },
    program("rddPairJoin/cogroup with null keys and null values") { sc =>
      val some = sc.parallelize(Seq((null, "n"), ("a", null)): Seq[(String, String)], 2)
      val others = sc.parallelize(Seq((null, 1), ("b", 2), (null, 3)): Seq[(String, Int)], 2)
      parts(some.cogroup(others))
    },
    program("rddPairJoin/cogroup with no records on a side") { sc =>
      val none = right(sc).filter(_ => false)
      val nowhere = sc.emptyRDD[(String, String)]
      Seq(parts(left(sc).cogroup(none)), parts(none.cogroup(left(sc))), parts(none.cogroup(none)),
        parts(left(sc).cogroup(nowhere)), lineage(left(sc).cogroup(nowhere)))
    },
    program("rddPairJoin/cogroup of 150 keys") { sc =>
      val some = sc.parallelize(0 until 150, 3).map(n => (s"k$n", n))
      val others = sc.parallelize(100 until 250, 2).map(n => (s"k$n", -n))
      parts(some.cogroup(others, 2))
    })

  private val placed = Seq(
    program("rddPairJoin/join of RDDs partitioned alike needs no shuffle of its own") { sc =>
      val both = new HashPartitioner(3)
      val joined = left(sc).partitionBy(both).join(right(sc).partitionBy(both))
      Seq(parts(joined), lineage(joined))
    },
    program("rddPairJoin/join shuffles only the side that lies elsewhere") { sc =>
      val joined = left(sc).reduceByKey(_ + _, 3).join(right(sc))
      val swapped = right(sc).join(left(sc).reduceByKey(_ + _, 3))
      Seq(parts(joined), lineage(joined), parts(swapped), lineage(swapped))
    },
    program("rddPairJoin/join over another number of partitions shuffles both") { sc =>
      val both = new HashPartitioner(3)
      val joined = left(sc).partitionBy(both).join(right(sc).partitionBy(both), 2)
      Seq(parts(joined), lineage(joined))
    },
    program("rddPairJoin/join takes the partitioner of more partitions") { sc =>
      val joined = left(sc).reduceByKey(_ + _, 3).join(right(sc).groupByKey(5))
      Seq(parts(joined), lineage(joined))
    },
    program("rddPairJoin/join leaves a partitioner of far fewer partitions") { sc =>
      val many = sc.parallelize(Seq(("a", 1)), 25)
      Seq(3, 2, 1).map(n => lineage(many.join(right(sc).groupByKey(n))).head)
    },
    program("rddPairJoin/join keeps a partitioner no worse than the parallelism", 3) { sc =>
      val many = sc.parallelize(Seq(("a", 1)), 50)
      Seq(4, 3, 2).map(n => lineage(many.join(right(sc).groupByKey(n))).head)
    },
    program("rddPairJoin/join by equal and by unequal partitioners of one's own") { sc =>
      val equal = left(sc).partitionBy(new BySize(2)).join(right(sc).partitionBy(new BySize(2)))
      val unequal = left(sc).partitionBy(new Everything(1, 2))
        .join(right(sc).partitionBy(new Everything(1, 2)))
      Seq(parts(equal), lineage(equal), parts(unequal), lineage(unequal))
    },
    program("rddPairJoin/mapValues and filter keep the partitioner and map loses it") { sc =>
      val placed = left(sc).partitionBy(new HashPartitioner(2))
      val kept = placed.mapValues(_ + 1).flatMapValues(n => Seq(n, -n)).filter(_._2 > 0)
      Seq(lineage(kept.join(placed)), lineage(placed.map(identity).join(placed)))
    })

  private val joins = Seq(
    program("rddPairJoin/join pairs each value with each") { sc =>
      val joined = left(sc).join(right(sc))
      Seq(parts(joined), lineage(joined))
    },
    program("rddPairJoin/join(other, 4) and (other, partitioner)") { sc =>
      val four = left(sc).join(right(sc), 4)
      val one = left(sc).join(right(sc), new Everything(0, 1))
      Seq(parts(four), lineage(four), parts(one), lineage(one))
    },
    program("rddPairJoin/join of itself") { sc =>
      val pairs = words(sc).filter(_._1.length == 2)
      val joined = pairs.join(pairs)
      Seq(parts(joined), lineage(joined))
    },
    program("rddPairJoin/leftOuterJoin") { sc =>
      val joined = left(sc).leftOuterJoin(right(sc))
      Seq(parts(joined), lineage(joined))
    },
    program("rddPairJoin/rightOuterJoin") { sc =>
      val joined = left(sc).rightOuterJoin(right(sc))
      Seq(parts(joined), lineage(joined))
    },
    program("rddPairJoin/fullOuterJoin") { sc =>
      val joined = left(sc).fullOuterJoin(right(sc))
      Seq(parts(joined), lineage(joined))
    },
    program("rddPairJoin/outer joins over 4 partitions") { sc =>
      Seq(parts(left(sc).leftOuterJoin(right(sc), 4)), parts(left(sc).rightOuterJoin(right(sc), 4)),
        parts(left(sc).fullOuterJoin(right(sc), 4)))
    },
    program("rddPairJoin/outer joins by a partitioner") { sc =>
      val by = new Everything(1, 2)
      Seq(parts(left(sc).leftOuterJoin(right(sc), by)),
        parts(left(sc).rightOuterJoin(right(sc), by)),
        parts(left(sc).fullOuterJoin(right(sc), by)))
    },
    program("rddPairJoin/outer joins tell a null from nothing") { sc =>
      val ours: Seq[(String, String)] = Seq((null, null), ("a", null), ("b", "1"))
      val theirs: Seq[(String, String)] = Seq(("a", null), (null, "2"), ("c", null))
      val (some, others) = (sc.parallelize(ours, 2), sc.parallelize(theirs, 2))
      Seq(parts(some.leftOuterJoin(others)), parts(some.rightOuterJoin(others)),
        parts(some.fullOuterJoin(others)), parts(some.join(others)))
    },
    program("rddPairJoin/joins with no records on a side") { sc =>
      val none = right(sc).filter(_ => false)
      Seq(parts(left(sc).join(none)), parts(left(sc).leftOuterJoin(none)),
        parts(left(sc).rightOuterJoin(none)), parts(left(sc).fullOuterJoin(none)),
        parts(none.fullOuterJoin(left(sc))), parts(none.fullOuterJoin(none)))
    },
    program("rddPairJoin/outer joins of RDDs partitioned alike") { sc =>
      val both = new HashPartitioner(2)
      val (one, other) = (left(sc).partitionBy(both), right(sc).partitionBy(both))
      Seq(one.leftOuterJoin(other), one.rightOuterJoin(other), one.fullOuterJoin(other))
        .map(lineage)
    },
    program("rddPairJoin/what an outer join's options are used for") { sc =>
      val joined = left(sc).leftOuterJoin(right(sc))
      Seq(parts(joined.mapValues { case (n, text) => s"$n ${text.getOrElse("-")}" }),
        parts(joined.filter(_._2._2.isEmpty)), parts(joined.mapValues(_._2.map(_.toUpperCase))))
    },
    program("rddPairJoin/an outer join counted by its options") { sc =>
      val both = left(sc).fullOuterJoin(right(sc)).map { case (_, sides) => (sides, 1) }
      parts(both.reduceByKey(_ + _))
    })

  private val subtracts = Seq(
    program("rddPairJoin/subtractByKey keeps what is there more than once") { sc =>
      val kept = words(sc).subtractByKey(sc.parallelize(Seq(("be", 1), ("or", 2)), 2))
      Seq(parts(kept), lineage(kept))
    },
    program("rddPairJoin/subtractByKey(other, 4) and (other, partitioner)") { sc =>
      val four = words(sc).subtractByKey(right(sc), 4)
      val byLength = words(sc).subtractByKey(right(sc), new BySize(2))
      Seq(parts(four), lineage(four), parts(byLength), lineage(byLength))
    },
    program("rddPairJoin/subtractByKey from what is partitioned") { sc =>
      val kept = left(sc).partitionBy(new HashPartitioner(3)).subtractByKey(right(sc))
      Seq(parts(kept), lineage(kept))
    },
    program("rddPairJoin/subtractByKey of what is partitioned") { sc =>
      val kept = left(sc).subtractByKey(right(sc).partitionBy(new HashPartitioner(2)))
      Seq(parts(kept), lineage(kept))
    },
    program("rddPairJoin/subtractByKey of nothing from 300 texts") { sc =>
      val many = sc.parallelize(0 until 300, 4).map(n => (s"key ${n * 17 % 211}", n))
      parts(many.subtractByKey(sc.emptyRDD[(String, Int)], 2))
    },
    program("rddPairJoin/subtractByKey from keys that meet in the table") { sc =>
      val far = sc.parallelize(0 until 60, 2).map(n => (n % 20 * 65536 + n % 3, n))
      parts(far.subtractByKey(sc.parallelize(Seq((65537, 0)), 1), 1))
    },
    program("rddPairJoin/subtractByKey with null keys") { sc =>
      val nulls = sc.parallelize(Seq((null, 1), ("a", 2), (null, 3)): Seq[(String, Int)], 2)
      Seq(parts(nulls.subtractByKey(right(sc))), parts(left(sc).subtractByKey(nulls)),
        parts(nulls.subtractByKey(nulls)))
    },
    program("rddPairJoin/subtractByKey from no records") { sc =>
      Seq(parts(left(sc).filter(_ => false).subtractByKey(right(sc))),
        parts(sc.emptyRDD[(String, Int)].subtractByKey(right(sc))))
    })

  val all: Seq[SparkVector] = groups ++ placed ++ joins ++ subtracts
}
