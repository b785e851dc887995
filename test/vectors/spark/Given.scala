// What the programs share. test/vectors/programs/*.ts says each program again for our engine, by
// its name. Their package lies outside Spark's, so that Spark finds the operations they call.
package streamscope.vectors

import scala.reflect.ClassTag

import org.apache.spark.rdd.RDD
import org.apache.spark.streaming.dstream.DStream
import org.apache.spark.streaming.vectors.BatchProgram

object Given {
  val words: Seq[Seq[String]] =
    Seq(Seq("to", "be", "or", "not", "to", "be"), Seq(), Seq("be", "it"), Seq("or", "to", "it"))
  val numbers: Seq[Seq[Int]] = Seq(Seq(1, 2, 3, 4, 5), Seq(), Seq(-6, 7))
  val oneBatch: Seq[Seq[Int]] = Seq(Seq(0))

  def program[T: ClassTag](
      name: String,
      input: Seq[Seq[T]],
      parallelism: Int = 2,
      checkpoints: Boolean = false,
      fails: Boolean = false,
      cached: Boolean = false)(build: DStream[T] => Unit): BatchProgram[_] =
    new BatchProgram[T](name, input, parallelism, checkpoints, fails, cached, build)

  /** A program that Spark refuses. */
  def failure(name: String, checkpoints: Boolean = false)(
      build: DStream[Int] => Unit): BatchProgram[_] =
    program(s"messages/$name", oneBatch, checkpoints = checkpoints, fails = true)(build)

  def pairs[T](stream: DStream[T]): DStream[(T, Int)] = stream.map(key => (key, 1))

  def counts[T: ClassTag](stream: DStream[T]): DStream[(T, Int)] =
    pairs(stream).reduceByKey(_ + _)

  /** With what is cached, some or none of it in memory and on disk. */
  def lineageWithCached(rdd: RDD[_]): Seq[String] =
    rdd.toDebugString.split("\n").toSeq
      .map(_.replaceAll(" at (\\S+\\.scala|<unknown>):\\d+", "")
        .replaceAll("Size: 0\\.0 B", "Size: none").replaceAll("Size: [\\d.]+ \\w+", "Size: some"))

  /** Call sites name a file and a line, and cached partitions a size: both are the machine's. */
  def lineage(rdd: RDD[_]): Seq[String] =
    rdd.toDebugString.split("\n").toSeq
      .filterNot(_.contains("CachedPartitions:"))
      .map(_.replaceAll(" at (\\S+\\.scala|<unknown>):\\d+", ""))
}
