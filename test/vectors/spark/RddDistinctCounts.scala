// Estimates of how many values there are; test/vectors/programs/rdd-distinct-counts.ts says each
// again.
package streamscope.vectors

import org.apache.spark.SparkContext
import org.apache.spark.streaming.vectors.{RddProgram, SparkVector}
import org.apache.spark.streaming.vectors.RddJobs.jobs
import RddElements.ten

object RddDistinctCounts {
  private def value(name: String)(program: SparkContext => Any) =
    RddProgram(s"rddDistinctCounts/$name")(program)
  private def failure(name: String)(program: SparkContext => Any) =
    RddProgram(s"rddDistinctCounts/$name", fails = true)(program)

  private val sizes = Seq(1, 10, 100, 300, 1000, 3000, 20000)

  val all: Seq[SparkVector] = Seq(
    value("numbers, by how many there are")(sc =>
      sizes.map(count => sc.parallelize(1 to count, 3).countApproxDistinct())),
    value("strings, by how many there are")(sc =>
      sizes.map(count => sc.parallelize((1 to count).map(n => s"word number $n \u00e9"), 3)
        .countApproxDistinct())),
    value("a thousand numbers, by precision")(sc =>
      (4 to 20).map(p => sc.parallelize(1 to 1000, 2).countApproxDistinct(p, 0))),
    value("five thousand numbers, by precision")(sc =>
      (4 to 20).map(p => sc.parallelize(1 to 5000, 2).countApproxDistinct(p, 0))),
    value("by relative standard deviation")(sc =>
      Seq(0.9, 0.3, 0.1, 0.05, 0.01, 0.001).map(sd =>
        sc.parallelize(1 to 2000, 2).countApproxDistinct(sd))),
    value("with a sparse precision")(sc =>
      for (count <- sizes; sp <- Seq(9, 16, 25))
        yield sc.parallelize(1 to count, 3).countApproxDistinct(9, sp)),
    value("repeated values")(sc => {
      val repeated = sc.parallelize((1 to 5000).map(_ % 37), 4)
      jobs(sc)(repeated.countApproxDistinct())
    }),
    value("null, booleans, fractions and tuples")(sc =>
      Seq(
        sc.parallelize(Seq("a", null, "b", null), 2).countApproxDistinct(),
        sc.parallelize(Seq(true, false, true), 2).countApproxDistinct(),
        sc.parallelize(Seq(0.5, 1.25, 0.5), 2).countApproxDistinct(),
        sc.parallelize(Seq(("a", 1), ("b", 2), ("a", 1)), 2).countApproxDistinct())),
    value("no records")(sc =>
      Seq(sc.parallelize(Seq.empty[Int], 2).countApproxDistinct(),
        sc.emptyRDD[Int].countApproxDistinct(),
        sc.emptyRDD[Int].countApproxDistinct(8, 12))),
    failure("a deviation of 0")(sc => ten(sc).countApproxDistinct(0.0)),
    failure("a precision below 4")(sc => ten(sc).countApproxDistinct(3, 0)),
    failure("a sparse precision below the other")(sc => ten(sc).countApproxDistinct(9, 8)),
    failure("a sparse precision above 32")(sc => ten(sc).countApproxDistinct(9, 33)))
}
