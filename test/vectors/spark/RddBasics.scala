// Operations of an RDD without a stream; test/vectors/programs/rdd-basics.ts says each again.
package streamscope.vectors

import org.apache.spark.streaming.vectors.{RddProgram, SparkVector}

object RddBasics {
  val all: Seq[SparkVector] = Seq(
    RddProgram("rddBasics/take and first") { sc =>
      val rdd = sc.parallelize(1 to 10, 3)
      Seq(rdd.take(4).toSeq, rdd.first(), rdd.count())
    },
    RddProgram("rddBasics/first of an empty RDD", fails = true)(_.emptyRDD[Int].first()))
}
