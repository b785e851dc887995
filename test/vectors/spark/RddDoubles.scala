// Operations on numbers; test/vectors/programs/rdd-doubles.ts says each again.
package streamscope.vectors

import org.apache.spark.SparkContext
import org.apache.spark.rdd.RDD
import org.apache.spark.streaming.vectors.{RddProgram, SparkVector}
import org.apache.spark.streaming.vectors.RddJobs.jobs
import org.apache.spark.util.StatCounter

object RddDoubles {
  private def value(name: String)(program: SparkContext => Any) =
    RddProgram(s"rddDoubles/$name")(program)
  private def failure(name: String)(program: SparkContext => Any) =
    RddProgram(s"rddDoubles/$name", fails = true)(program)

  private val some = Seq(1.5, -2.25, 3.125, 10.0, 0.1, 0.2, 0.3)

  private def numbers(sc: SparkContext, values: Seq[Double] = some, slices: Int = 3): RDD[Double] =
    sc.parallelize(values, slices)

  private def facts(stats: StatCounter): Seq[Any] = Seq(stats.count, stats.mean, stats.sum,
    stats.max, stats.min, stats.variance, stats.popVariance, stats.sampleVariance, stats.stdev,
    stats.popStdev, stats.sampleStdev, stats.toString)

  private def many(count: Int): Seq[Double] = (1 to count).map(n => (n * 7919 % 1000) / 7.0)

  private val statistics = Seq(
    value("sum")(sc => jobs(sc)(numbers(sc).sum())),
    value("sum of no records")(sc => numbers(sc, Seq.empty).sum()),
    value("sum of no partitions")(sc => sc.emptyRDD[Double].sum()),
    value("mean")(sc => jobs(sc)(numbers(sc).mean())),
    value("mean of no records")(sc => numbers(sc, Seq.empty).mean()),
    failure("mean of no partitions")(_.emptyRDD[Double].mean()),
    value("variances and deviations")(sc =>
      Seq(numbers(sc).variance(), numbers(sc).sampleVariance(), numbers(sc).popVariance(),
        numbers(sc).stdev(), numbers(sc).sampleStdev(), numbers(sc).popStdev())),
    value("variance of no records")(sc => numbers(sc, Seq.empty).variance()),
    value("sampleVariance of one record")(sc => numbers(sc, Seq(4.0)).sampleVariance()),
    value("stats")(sc => jobs(sc)(facts(numbers(sc).stats()))),
    value("stats of one partition")(sc => facts(numbers(sc, slices = 1).stats())),
    value("stats of no records")(sc => facts(numbers(sc, Seq.empty).stats())),
    failure("stats of no partitions")(_.emptyRDD[Double].stats()),
    value("stats of a thousand numbers")(sc => facts(numbers(sc, many(1000), 7).stats())),
    value("stats of uneven partitions")(sc =>
      facts(numbers(sc, many(100), 1).union(numbers(sc, Seq(5.0, 7.0), 1)).coalesce(2).stats())),
    value("stats of uneven partitions, the small one first")(sc =>
      facts(numbers(sc, Seq(5.0, 7.0), 1).union(numbers(sc, many(100), 1)).stats())),
    value("stats of NaN")(sc => facts(numbers(sc, Seq(1.0, Double.NaN, 2.0)).stats())),
    value("stats of infinities")(sc =>
      facts(numbers(sc, Seq(Double.NegativeInfinity, 1.0, Double.PositiveInfinity)).stats())),
    value("stats merged by hand")(_ =>
      facts(new StatCounter(Seq(1.0, 2.0)).merge(3.0).merge(new StatCounter(Seq(4.0, 5.0))))),
    value("stats merged with themselves") { _ =>
      val stats = new StatCounter(Seq(1.0, 2.0, 4.0))
      facts(stats.merge(stats))
    },
    value("stats as text rounds half up")(_ =>
      Seq(0.0000005, 2.0000005, 1e-7, 123456789.0, -0.0000004, 1e21).map(number =>
        new StatCounter(Seq(number)).toString)),
    value("meanApprox and sumApprox")(sc => {
      val mean = numbers(sc).meanApprox(100000).getFinalValue()
      val sum = numbers(sc).sumApprox(100000).getFinalValue()
      Seq(mean.mean, mean.low, mean.high, mean.confidence, sum.mean, sum.low, sum.high,
        sum.confidence, mean.toString)
    }))

  private def pair(histogram: (Array[Double], Array[Long])): Seq[Any] =
    Seq(histogram._1.toSeq, histogram._2.toSeq)

  private val histograms = Seq(
    value("histogram of 4 buckets")(sc => jobs(sc)(pair(numbers(sc).histogram(4)))),
    value("histogram of 1 bucket")(sc => pair(numbers(sc).histogram(1))),
    value("histogram of 3 buckets from 1 to 2")(sc =>
      pair(numbers(sc, Seq(1.0, 2.0, 1.2, 1.7)).histogram(3))),
    value("histogram of equal numbers")(sc =>
      pair(numbers(sc, Seq(2.0, 2.0, 2.0)).histogram(5))),
    value("histogram of a hundred numbers")(sc => pair(numbers(sc, many(100)).histogram(7))),
    failure("histogram of no buckets")(sc => numbers(sc).histogram(0)),
    failure("histogram of no records")(sc => numbers(sc, Seq.empty).histogram(2)),
    failure("histogram of no partitions")(_.emptyRDD[Double].histogram(2)),
    failure("histogram of NaN")(sc => numbers(sc, Seq(1.0, Double.NaN)).histogram(2)),
    failure("histogram of infinity")(sc =>
      numbers(sc, Seq(1.0, Double.PositiveInfinity)).histogram(2)),
    value("histogram of given buckets")(sc =>
      jobs(sc)(numbers(sc, Seq(1, 10, 20, 50, 0.5, 51, 9.9, 19.9)).histogram(
        Array(1.0, 10.0, 20.0, 50.0)).toSeq)),
    value("histogram of given even buckets")(sc =>
      numbers(sc, Seq(0, 5, 9.99, 10, 20, 30, 31, -1)).histogram(
        Array(0.0, 10.0, 20.0, 30.0), evenBuckets = true).toSeq),
    value("histogram of buckets said to be even")(sc =>
      numbers(sc, Seq(0, 5, 9.99, 10, 20, 30)).histogram(
        Array(0.0, 1.0, 20.0, 30.0), evenBuckets = true).toSeq),
    value("histogram of a NaN bucket")(sc =>
      numbers(sc, Seq(1.0, 2.0, Double.NaN, 5.0)).histogram(
        Array(1.0, 3.0, Double.NaN)).toSeq),
    value("histogram of given buckets and no records")(sc =>
      jobs(sc)(numbers(sc, Seq.empty).histogram(Array(1.0, 2.0, 3.0)).toSeq)),
    value("histogram of given buckets and no partitions")(sc =>
      jobs(sc)(sc.emptyRDD[Double].histogram(Array(1.0, 2.0, 3.0)).toSeq)),
    failure("histogram of one bound")(sc => numbers(sc).histogram(Array(1.0))))

  val all: Seq[SparkVector] = statistics ++ histograms
}
