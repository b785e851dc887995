// What gives values to the driver; test/vectors/programs/rdd-actions.ts says each again.
package streamscope.vectors

import org.apache.spark.SparkContext
import org.apache.spark.streaming.vectors.{RddProgram, SparkVector}
import org.apache.spark.streaming.vectors.RddJobs.jobs
import RddElements.ten

object RddActions {
  private def value(name: String)(program: SparkContext => Any) =
    RddProgram(s"rddActions/$name")(program)
  private def failure(name: String)(program: SparkContext => Any) =
    RddProgram(s"rddActions/$name", fails = true)(program)

  private val gaps = Seq(7, 7, 1, 1, 1, 9, 3)

  private val taken = Seq(
    value("collect")(sc => jobs(sc)(ten(sc).collect().toSeq)),
    value("collect of an empty RDD")(sc => jobs(sc)(sc.emptyRDD[Int].collect().toSeq)),
    value("toLocalIterator runs a job per partition, when it comes to it")(sc =>
      jobs(sc)(ten(sc, 4).toLocalIterator.take(4).toList)),
    value("toLocalIterator to its end")(sc => jobs(sc)(ten(sc, 3).toLocalIterator.toList)),
    value("take from one partition")(sc => jobs(sc)(ten(sc, 5).take(2).toSeq)),
    value("take from several")(sc => jobs(sc)(ten(sc, 5).take(5).toSeq)),
    value("take across empty partitions")(sc =>
      jobs(sc)(sc.parallelize(1 to 100, 30).filter(_ > 60).take(3).toSeq)),
    value("take of more than there is")(sc => jobs(sc)(ten(sc, 20).take(50).toSeq)),
    value("take none")(sc => jobs(sc)(ten(sc).take(0).toSeq)),
    value("take less than none")(sc => jobs(sc)(ten(sc).take(-1).toSeq)),
    value("take of an empty RDD")(sc => jobs(sc)(sc.emptyRDD[Int].take(2).toSeq)),
    value("first")(sc => jobs(sc)(sc.parallelize(1 to 10, 5).filter(_ > 4).first())),
    failure("first of empty partitions")(sc => sc.parallelize(Seq.empty[Int], 3).first()),
    value("isEmpty of an empty RDD")(sc => jobs(sc)(sc.emptyRDD[Int].isEmpty())),
    value("isEmpty of empty partitions")(sc =>
      jobs(sc)(sc.parallelize(Seq.empty[Int], 7).isEmpty())),
    value("isEmpty of records")(sc => jobs(sc)(ten(sc).isEmpty())),
    value("takeOrdered")(sc => jobs(sc)(sc.parallelize(gaps, 3).takeOrdered(4).toSeq)),
    value("takeOrdered by an order of one's own")(sc =>
      sc.parallelize(gaps, 3).takeOrdered(2)(Ordering.by((n: Int) => math.abs(10 * n - 83))).toSeq),
    value("takeOrdered of strings")(sc =>
      sc.parallelize(Seq("b", "B", "a", "ab", "\u00e9"), 2).takeOrdered(4).toSeq),
    value("takeOrdered of tuples")(sc =>
      sc.parallelize(Seq(("b", 1), ("a", 2), ("a", 1)), 2).takeOrdered(2).toSeq),
    value("takeOrdered of booleans")(sc =>
      sc.parallelize(Seq(true, false, true), 2).takeOrdered(3).toSeq),
    value("takeOrdered of none runs no job")(sc => jobs(sc)(ten(sc).takeOrdered(0).toSeq)),
    value("takeOrdered of more than there is")(sc => ten(sc).takeOrdered(20).toSeq),
    value("takeOrdered of an empty RDD")(sc => jobs(sc)(sc.emptyRDD[Int].takeOrdered(2).toSeq)),
    value("takeOrdered of empty partitions")(sc =>
      jobs(sc)(sc.parallelize(Seq.empty[Int], 2).takeOrdered(2).toSeq)),
    value("top")(sc => jobs(sc)(sc.parallelize(gaps, 3).top(3).toSeq)),
    value("top by an order of one's own")(sc =>
      sc.parallelize(Seq("pear", "fig", "banana"), 2).top(2)(Ordering.by((s: String) => s.length))
        .toSeq),
    value("max and min")(sc => Seq(sc.parallelize(gaps, 3).max(), sc.parallelize(gaps, 3).min())),
    value("max by an order takes the first of equals")(sc =>
      sc.parallelize(Seq("aa", "b", "cc"), 1).max()(Ordering.by((s: String) => s.length))),
    value("min by an order takes the first of equals")(sc =>
      sc.parallelize(Seq("aa", "b", "c"), 1).min()(Ordering.by((s: String) => s.length))),
    failure("max of an empty RDD")(_.emptyRDD[Int].max()),
    failure("min of empty partitions")(sc => sc.parallelize(Seq.empty[Int], 2).min()))

  private val folded = Seq(
    value("reduce")(sc => jobs(sc)(ten(sc).reduce(_ + _))),
    value("reduce left to right")(sc => sc.parallelize(Seq("a", "b", "c", "d"), 1).reduce(_ + _)),
    value("reduce of one record")(sc => sc.parallelize(Seq(5), 3).reduce(_ + _)),
    failure("reduce of no records")(sc => sc.parallelize(Seq.empty[Int], 2).reduce(_ + _)),
    failure("reduce of no partitions")(_.emptyRDD[Int].reduce(_ + _)),
    value("fold takes the zero value once per partition and once more")(sc =>
      jobs(sc)(ten(sc, 4).fold(100)(_ + _))),
    value("fold of no records")(sc => sc.parallelize(Seq.empty[Int], 3).fold(1)(_ + _)),
    value("fold of no partitions")(sc => jobs(sc)(sc.emptyRDD[Int].fold(7)(_ + _))),
    value("aggregate")(sc =>
      jobs(sc)(ten(sc).aggregate((0, 0))(
        (acc, n) => (acc._1 + n, acc._2 + 1), (a, b) => (a._1 + b._1, a._2 + b._2)))),
    value("aggregate into a list that is changed")(sc =>
      ten(sc, 1).aggregate(scala.collection.mutable.ArrayBuffer.empty[Int])(
        (acc, n) => acc += n, (a, b) => a ++= b).toSeq),
    value("aggregate takes the zero value once more")(sc =>
      sc.parallelize(1 to 4, 2).aggregate(10)(_ + _, _ + _)),
    value("treeAggregate of few partitions")(sc =>
      jobs(sc)(ten(sc, 3).treeAggregate(0)(_ + _, _ + _))),
    value("treeAggregate of 20 partitions")(sc =>
      jobs(sc)(sc.parallelize(1 to 100, 20).treeAggregate(0)(_ + _, _ + _))),
    value("treeAggregate of 40 partitions, 3 deep")(sc =>
      jobs(sc)(sc.parallelize(1 to 100, 40).treeAggregate(0)(_ + _, _ + _, depth = 3))),
    value("treeAggregate 1 deep")(sc =>
      jobs(sc)(sc.parallelize(1 to 100, 40).treeAggregate(0)(_ + _, _ + _, depth = 1))),
    value("treeAggregate ends on an executor")(sc =>
      jobs(sc)(ten(sc, 5).treeAggregate[Int](0, (a: Int, b: Int) => a + b,
        (a: Int, b: Int) => a + b, 2, finalAggregateOnExecutor = true))),
    value("treeAggregate with a zero value that counts")(sc =>
      sc.parallelize(1 to 100, 20).treeAggregate(1)(_ + _, _ + _)),
    value("treeAggregate of no partitions")(sc =>
      jobs(sc)(sc.emptyRDD[Int].treeAggregate(3)(_ + _, _ + _))),
    failure("treeAggregate 0 deep")(sc => ten(sc).treeAggregate(0)(_ + _, _ + _, depth = 0)),
    value("treeReduce of 20 partitions")(sc =>
      jobs(sc)(sc.parallelize(1 to 100, 20).treeReduce(_ + _))),
    value("treeReduce with empty partitions")(sc =>
      sc.parallelize(1 to 3, 12).treeReduce(_ max _)),
    failure("treeReduce of no records")(sc => sc.parallelize(Seq.empty[Int], 2).treeReduce(_ + _)),
    failure("treeReduce 0 deep")(sc => ten(sc).treeReduce(_ + _, 0)))

  private val counted = Seq(
    value("count")(sc => jobs(sc)(ten(sc).count())),
    value("count of no partitions")(sc => jobs(sc)(sc.emptyRDD[Int].count())),
    value("countByValue")(sc => jobs(sc)(sc.parallelize(gaps, 3).countByValue())),
    value("countByValue of strings and null")(sc =>
      sc.parallelize(Seq("a", null, "a"), 2).countByValue()),
    value("countByValue of no records")(sc => sc.parallelize(Seq.empty[Int], 2).countByValue()),
    value("countApprox") { sc =>
      val counted = ten(sc).countApprox(100000)
      val bounds = counted.getFinalValue()
      Seq(bounds.mean, bounds.confidence, bounds.low, bounds.high, bounds.toString)
    },
    failure("countApprox with a confidence above 1")(sc => ten(sc).countApprox(1000, 1.5)),
    value("countByValueApprox")(sc =>
      sc.parallelize(gaps, 3).countByValueApprox(100000).getFinalValue()
        .map { case (n, bounds) => (n, bounds.mean) }),
    failure("countByValueApprox with a confidence below 0")(sc =>
      ten(sc).countByValueApprox(1000, -0.5)),
    value("foreach and foreachPartition run on every partition")(sc =>
      jobs(sc) {
        ten(sc).foreach(_ => ())
        ten(sc, 4).foreachPartition(_ => ())
      }.last),
    value("runJob of the context")(sc =>
      jobs(sc)(sc.runJob(ten(sc, 4), (ns: Iterator[Int]) => ns.sum).toSeq)),
    value("runJob over some partitions")(sc =>
      jobs(sc)(sc.runJob(ten(sc, 4), (ns: Iterator[Int]) => ns.sum, Seq(3, 1)).toSeq)))

  val all: Seq[SparkVector] = taken ++ folded ++ counted
}
