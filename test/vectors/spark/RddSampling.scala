// Samples and splits, record by record; test/vectors/programs/rdd-sampling.ts says each again.
package streamscope.vectors

import org.apache.spark.SparkContext
import org.apache.spark.rdd.RDD
import org.apache.spark.streaming.vectors.{RddProgram, SparkVector}
import org.apache.spark.streaming.vectors.RddJobs.jobs
import RddElements.{cells, lineage, ten, whole}

object RddSampling {
  private def value(name: String)(program: SparkContext => Any) =
    RddProgram(s"rddSampling/$name")(program)
  private def failure(name: String)(program: SparkContext => Any) =
    RddProgram(s"rddSampling/$name", fails = true)(program)

  private def hundred(sc: SparkContext): RDD[Int] = sc.parallelize(1 to 100, 4)

  private def sampled(withReplacement: Boolean, fraction: Double, seed: Long) = {
    val how = if (withReplacement) "with" else "without"
    value(s"sample of $fraction $how replacement, seed $seed")(sc =>
      cells(hundred(sc).sample(withReplacement, fraction, seed)))
  }

  private val samples =
    (for {
      withReplacement <- Seq(false, true)
      (fraction, seed) <- Seq(
        (0.0, 1L), (0.01, 2L), (0.1, 42L), (0.1, 43L), (0.4, 7L), (0.41, 7L), (0.5, 0L),
        (0.9, -1L), (1.0, 5L), (0.3, Long.MaxValue), (0.6, Long.MinValue))
    } yield sampled(withReplacement, fraction, seed)) ++
      Seq(sampled(true, 2.5, 11L), sampled(true, 20.0, 12L)) ++
      Seq(
        value("sample keeps the partitioner") { sc =>
          val keyed = ten(sc).map(n => (n, n)).reduceByKey(_ + _)
          keyed.sample(false, 0.5, 1L).partitioner.isDefined
        },
        value("the lineage of a sample")(sc => lineage(ten(sc).sample(false, 0.5, 1L))),
        value("sample of a sample")(sc =>
          cells(hundred(sc).sample(false, 0.5, 1L).sample(false, 0.5, 1L))),
        value("sample of an empty RDD")(sc => cells(sc.emptyRDD[Int].sample(false, 0.5, 1L))),
        failure("sample of a negative fraction")(sc => ten(sc).sample(false, -0.5, 1L)),
        failure("sample of more than all")(sc => ten(sc).sample(false, 1.5, 1L)),
        failure("sample with replacement of a negative fraction")(sc =>
          ten(sc).sample(true, -1.0, 1L)))

  private val splits = Seq(
    value("randomSplit in two")(sc =>
      hundred(sc).randomSplit(Array(0.7, 0.3), 11L).toSeq.map(cells)),
    value("randomSplit in three by other weights")(sc =>
      hundred(sc).randomSplit(Array(2, 1, 3), 5L).toSeq.map(cells)),
    value("randomSplit with a weight of 0")(sc =>
      hundred(sc).randomSplit(Array(1, 0, 1), 9L).toSeq.map(_.count())),
    value("randomSplit in one")(sc => hundred(sc).randomSplit(Array(5), 9L).toSeq.map(_.count())),
    value("the lineage of a split")(sc => lineage(ten(sc).randomSplit(Array(1, 1), 1L)(1))),
    failure("randomSplit by a negative weight")(sc => ten(sc).randomSplit(Array(1, -1), 1L)),
    failure("randomSplit by weights of 0")(sc => ten(sc).randomSplit(Array(0, 0), 1L)))

  private val taken = Seq(
    value("takeSample without replacement")(sc =>
      jobs(sc)(hundred(sc).takeSample(false, 5, 1L).toSeq)),
    value("takeSample with replacement")(sc =>
      jobs(sc)(hundred(sc).takeSample(true, 5, 1L).toSeq)),
    value("takeSample of half")(sc => hundred(sc).takeSample(false, 50, 3L).toSeq),
    value("takeSample of more with replacement")(sc => ten(sc).takeSample(true, 25, 4L).toSeq),
    value("takeSample of all is all of them shuffled")(sc =>
      jobs(sc)(ten(sc).takeSample(false, 10, 5L).toSeq)),
    value("takeSample of more than there is")(sc => ten(sc).takeSample(false, 20, 6L).toSeq),
    value("takeSample of none runs no job")(sc => jobs(sc)(ten(sc).takeSample(false, 0, 1L).toSeq)),
    value("takeSample of no records")(sc =>
      jobs(sc)(sc.parallelize(Seq.empty[Int], 2).takeSample(true, 3, 1L).toSeq)),
    value("takeSample of one of ten")(sc =>
      (0L until 10L).map(seed => ten(sc).takeSample(false, 1, seed).head)),
    failure("takeSample of a negative number")(sc => ten(sc).takeSample(false, -1, 1L)),
    failure("takeSample of too many")(sc => ten(sc).takeSample(false, Int.MaxValue, 1L)))

  val all: Seq[SparkVector] = samples ++ splits ++ taken
}
