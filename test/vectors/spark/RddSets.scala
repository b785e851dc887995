// RDDs met with others; test/vectors/programs/rdd-sets.ts says each again.
package streamscope.vectors

import org.apache.spark.{HashPartitioner, SparkContext}
import org.apache.spark.streaming.vectors.{RddProgram, SparkVector}
import org.apache.spark.streaming.vectors.RddJobs.jobs
import RddElements.{cells, lineage, ten, whole}

object RddSets {
  private def value(name: String, parallelism: Int = 2)(program: SparkContext => Any) =
    RddProgram(s"rddSets/$name", parallelism)(program)
  private def failure(name: String)(program: SparkContext => Any) =
    RddProgram(s"rddSets/$name", fails = true)(program)

  private val letters = Seq("b", "a", "c", "a", "b", "a", "d")

  private val sets = Seq(
    value("union")(sc => whole(ten(sc, 2).union(sc.parallelize(Seq(3, 11), 2)))),
    value("union with an empty RDD")(sc => whole(ten(sc, 2).union(sc.emptyRDD[Int]))),
    value("union of RDDs partitioned alike") { sc =>
      val keyed = ten(sc).map(n => (n, 1)).reduceByKey(_ + _)
      whole(keyed.union(keyed.mapValues(_ + 1)))
    },
    value("distinct")(sc => whole(sc.parallelize(letters, 3).distinct())),
    value("distinct over fewer partitions")(sc => cells(sc.parallelize(letters, 3).distinct(2))),
    value("distinct of numbers")(sc =>
      cells(sc.parallelize(Seq(3, 1, 3, 2, 1, 17, 33, 1), 2).distinct())),
    value("distinct of null")(sc => cells(sc.parallelize(Seq("a", null, "a", null), 2).distinct())),
    value("distinct of tuples")(sc =>
      cells(sc.parallelize(Seq(("a", 1), ("b", 2), ("a", 1), ("a", 2)), 2).distinct())),
    value("distinct of an RDD with a partitioner needs no shuffle") { sc =>
      val keyed = sc.parallelize(letters.map(l => (l, 1)), 2).partitionBy(new HashPartitioner(3))
      whole(keyed.distinct())
    },
    value("distinct of an RDD with a partitioner into another number") { sc =>
      val keyed = sc.parallelize(letters.map(l => (l, 1)), 2).partitionBy(new HashPartitioner(3))
      lineage(keyed.distinct(2))
    },
    value("distinct of no records")(sc => cells(sc.parallelize(Seq.empty[Int], 2).distinct())),
    value("distinct of no partitions")(sc => cells(sc.emptyRDD[Int].distinct())),
    failure("distinct over less than no partitions")(sc => ten(sc).distinct(-1)),
    value("intersection")(sc =>
      whole(sc.parallelize(letters, 3).intersection(sc.parallelize(Seq("a", "d", "e", "a"), 2)))),
    value("intersection over 3 partitions")(sc =>
      cells(ten(sc).intersection(sc.parallelize(Seq(1, 5, 5, 12, 9), 2), 3))),
    value("intersection with a partitioner")(sc =>
      cells(ten(sc).intersection(sc.parallelize(Seq(1, 5, 5, 12, 9), 2), new HashPartitioner(4)))),
    value("intersection with an empty RDD")(sc => cells(ten(sc).intersection(sc.emptyRDD[Int]))),
    value("intersection over the default parallelism", parallelism = 5)(sc =>
      cells(ten(sc, 2).intersection(ten(sc, 3)))),
    value("subtract")(sc =>
      whole(sc.parallelize(letters, 3).subtract(sc.parallelize(Seq("a", "e"), 2)))),
    value("subtract keeps repeated records")(sc =>
      cells(sc.parallelize(letters, 2).subtract(sc.parallelize(Seq("c"), 1)))),
    value("subtract over 4 partitions")(sc =>
      cells(ten(sc, 2).subtract(sc.parallelize(Seq(2, 4, 6), 1), 4))),
    value("subtract with a partitioner")(sc =>
      cells(ten(sc, 2).subtract(sc.parallelize(Seq(2, 4, 6), 1), new HashPartitioner(3)))),
    value("subtract from an RDD with a partitioner") { sc =>
      val keyed = sc.parallelize(letters.map(l => (l, 1)), 2).partitionBy(new HashPartitioner(3))
      whole(keyed.subtract(sc.parallelize(Seq(("a", 1), ("b", 2)), 1)))
    },
    value("subtract nothing")(sc => cells(ten(sc, 2).subtract(sc.emptyRDD[Int]))),
    value("cartesian")(sc =>
      whole(sc.parallelize(1 to 3, 2).cartesian(sc.parallelize(Seq("a", "b", "c"), 2)))),
    value("cartesian with an empty RDD")(sc => whole(ten(sc).cartesian(sc.emptyRDD[Int]))),
    value("cartesian with itself")(sc => {
      val rdd = sc.parallelize(1 to 3, 2)
      cells(rdd.cartesian(rdd))
    }),
    value("the jobs of cartesian")(sc => jobs(sc)(ten(sc, 2).cartesian(ten(sc, 3)).count())))

  private val zips = Seq(
    value("zip")(sc => whole(ten(sc).zip(ten(sc).map(n => s"n$n")))),
    failure("zip of unequal numbers of partitions")(sc => ten(sc, 2).zip(ten(sc, 3)).count()),
    value("zip of no partitions")(sc => whole(sc.emptyRDD[Int].zip(sc.emptyRDD[String]))),
    value("zipPartitions of two")(sc =>
      whole(ten(sc, 2).zipPartitions(sc.parallelize(Seq("a", "b", "c"), 2))((ns, ls) =>
        Iterator(ns.sum, ls.size)))),
    value("zipPartitions of three")(sc =>
      whole(ten(sc, 2).zipPartitions(ten(sc, 2), sc.parallelize(Seq("a"), 2))((a, b, c) =>
        a ++ b ++ c.map(_.length)))),
    value("zipPartitions of four")(sc =>
      whole(ten(sc, 2).zipPartitions(ten(sc, 2), ten(sc, 2), ten(sc, 2))((a, b, c, d) =>
        Iterator(a.size, b.sum, c.max, d.min)))),
    value("zipPartitions keeps the first partitioner if told") { sc =>
      val keyed = ten(sc).map(n => (n, n)).reduceByKey(_ + _)
      Seq(
        keyed.zipPartitions(keyed)((a, b) => a ++ b).partitioner.isDefined,
        keyed.zipPartitions(keyed, preservesPartitioning = true)((a, b) => a ++ b)
          .partitioner.isDefined)
    },
    failure("zipPartitions of unequal numbers of partitions")(sc =>
      ten(sc, 2).zipPartitions(ten(sc, 3), ten(sc, 4))((a, b, c) => a ++ b ++ c).count()),
    value("zipWithIndex")(sc => whole(sc.parallelize(letters, 3).zipWithIndex())),
    value("zipWithIndex with empty partitions")(sc =>
      cells(sc.parallelize(Seq("a", "b"), 5).zipWithIndex())),
    value("zipWithIndex runs a job when it is called")(sc =>
      jobs(sc)(ten(sc, 3).zipWithIndex().getNumPartitions)),
    value("zipWithIndex of one partition runs none")(sc =>
      jobs(sc)(ten(sc, 1).zipWithIndex().getNumPartitions)),
    value("zipWithIndex of no partitions")(sc =>
      jobs(sc)(cells(sc.emptyRDD[Int].zipWithIndex()))),
    value("zipWithUniqueId")(sc => whole(sc.parallelize(letters, 3).zipWithUniqueId())),
    value("zipWithUniqueId runs no job")(sc =>
      jobs(sc)(ten(sc, 3).zipWithUniqueId().getNumPartitions)))

  val all: Seq[SparkVector] = sets ++ zips
}
