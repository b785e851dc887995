// What the programs of keyed RDDs share; test/vectors/programs/rdd-pairs.ts says it again.
package streamscope.vectors

import java.util.concurrent.atomic.AtomicInteger

import scala.reflect.ClassTag

import org.apache.spark.{Partitioner, SparkContext}
import org.apache.spark.rdd.RDD
import org.apache.spark.streaming.vectors.{RddProgram, SparkVector}

object RddPairs {
  def all: Seq[SparkVector] = RddPairCombine.all ++ RddPairAggregate.all ++ RddPairJoin.all ++
    RddPairPlace.all ++ RddPairSample.all ++ RddOrdered.all

  val hamlet: Seq[String] =
    "to be or not to be that is the question whether tis nobler in the mind to suffer"
      .split(" ").toSeq

  /** Each word with its place: the order of values shows the order they came in. */
  def words(sc: SparkContext, slices: Int = 3): RDD[(String, Int)] =
    sc.parallelize(hamlet.zipWithIndex, slices)

  /** Two RDDs of pairs with keys of both, of one alone, and more than one value a key. */
  def left(sc: SparkContext): RDD[(String, Int)] =
    sc.parallelize(Seq(("a", 1), ("b", 2), ("a", 3), ("c", 4)), 2)
  def right(sc: SparkContext): RDD[(String, String)] =
    sc.parallelize(Seq(("a", "x"), ("d", "y"), ("a", "z"), ("b", "w")), 3)

  /** The records of each partition, as Scala prints them. */
  def parts(rdd: RDD[_]): Seq[Seq[String]] =
    rdd.glom().collect().toSeq.map(_.toSeq.map(record => String.valueOf(record)))

  /** Counts the partitions computed of an RDD: tasks of local mode share it with the driver. */
  final class Counting extends Serializable {
    def of[T: ClassTag](rdd: RDD[T]): RDD[T] =
      rdd.mapPartitions(records => { Counting.computed.incrementAndGet(); records }, true)
    def take(): Int = Counting.computed.getAndSet(0)
  }
  object Counting {
    val computed = new AtomicInteger
  }

  /** What goes wrong in a task, without the words around it. */
  def causeOf(job: => Any): String =
    try {
      job
      "nothing"
    } catch {
      case error: Exception =>
        Iterator.iterate[Throwable](error)(_.getCause).takeWhile(_ != null).toSeq.last.toString
    }

  def program(name: String, parallelism: Int = 2)(run: SparkContext => Any): RddProgram =
    RddProgram(name, parallelism)(run)

  def failure(name: String)(run: SparkContext => Any): RddProgram =
    RddProgram(name, fails = true)(run)
}

/** By the length of a text. */
class BySize(override val numPartitions: Int) extends Partitioner {
  override def getPartition(key: Any): Int = key.toString.length % numPartitions
  override def equals(other: Any): Boolean = other match {
    case that: BySize => that.numPartitions == numPartitions
    case _ => false
  }
  override def hashCode: Int = numPartitions
}

/** Equal to itself alone. */
final class Everything(val to: Int, override val numPartitions: Int) extends Partitioner {
  override def getPartition(key: Any): Int = to
}
