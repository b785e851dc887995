// Runs a function of a SparkContext on Spark itself, and writes down what it gave.
package org.apache.spark.streaming.vectors

import org.apache.spark.{SparkConf, SparkContext}

/** A program without a stream. What it gives, or why it cannot, is the vector. */
final case class RddProgram(
    name: String,
    parallelism: Int = 2,
    fails: Boolean = false,
    maxFailures: Int = 1)(
    program: SparkContext => Any)
    extends SparkVector {

  override def run(): String = {
    val conf = new SparkConf()
      // One task at a time: what the driver merges comes to it in order.
      .setMaster(s"local[1,$maxFailures]")
      .set("spark.resultGetter.threads", "1")
      .setAppName(name)
      .set("spark.ui.enabled", "false")
      .set("spark.driver.host", "localhost")
      .set("spark.default.parallelism", parallelism.toString)
    val sc = new SparkContext(conf)
    val head = Seq(
      "name" -> name, "kind" -> "rdd", "spark" -> sc.version, "parallelism" -> parallelism)
    try {
      val outcome =
        if (fails) "failure" -> failureOf(sc) else "value" -> program(sc)
      Json.fields(head :+ outcome)
    } finally sc.stop()
  }

  /** The exception as the JVM prints it, without the stack that some messages carry. */
  private def failureOf(sc: SparkContext): String =
    try {
      program(sc)
      sys.error(s"$name did not fail")
    } catch {
      case error: Exception =>
        val cause = Option(error.getCause).fold("")(inner => s"\ncaused by: ${firstLine(inner)}")
        firstLine(error) + cause
    }

  /** Without where its task ran. */
  private def firstLine(error: Throwable): String =
    error.toString.split("\n").head
      .replaceAll(" \\(TID \\d+\\) \\(\\S+ executor driver\\)", "")
}
