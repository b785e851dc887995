// Records and partitions of an RDD by themselves; test/vectors/programs/rdd-elements.ts says each
// again.
package streamscope.vectors

import org.apache.spark.{HashPartitioner, NarrowDependency, SparkContext}
import org.apache.spark.rdd.RDD
import org.apache.spark.storage.StorageLevel
import org.apache.spark.streaming.vectors.{RddProgram, SparkVector}
import org.apache.spark.streaming.vectors.RddJobs.jobs

object RddElements {
  /** The records of each partition. */
  def cells(rdd: RDD[_]): Seq[Seq[Any]] = rdd.glom().collect().toSeq.map(_.toSeq)

  /** As `toDebugString`, without where a call stands and how large blocks are. */
  def lineage(rdd: RDD[_]): Seq[String] =
    rdd.toDebugString.split("\n").toSeq
      .filterNot(_.contains("CachedPartitions:"))
      .map(_.replaceAll(" at (\\S+\\.scala|<unknown>):\\d+", ""))

  /** Partitions, and how they came to be. */
  def whole(rdd: RDD[_]): Seq[Any] = Seq(cells(rdd), lineage(rdd))

  def ten(sc: SparkContext, slices: Int = 3): RDD[Int] = sc.parallelize(1 to 10, slices)

  private def value(name: String)(program: SparkContext => Any) =
    RddProgram(s"rddElements/$name")(program)
  private def failure(name: String)(program: SparkContext => Any) =
    RddProgram(s"rddElements/$name", fails = true)(program)

  private val made = Seq(
    value("parallelize deals records in order")(sc => whole(ten(sc, 4))),
    value("parallelize of fewer records than slices")(sc => whole(sc.parallelize(1 to 2, 5))),
    value("parallelize of no records")(sc => whole(sc.parallelize(Seq.empty[Int], 3))),
    value("parallelize over the default parallelism")(sc => cells(sc.parallelize(1 to 5))),
    failure("parallelize over no slices")(sc => sc.parallelize(1 to 5, 0).count()),
    value("makeRDD")(sc => whole(sc.makeRDD(Seq("a", "b", "c"), 2))),
    value("emptyRDD")(sc => Seq(whole(sc.emptyRDD[Int]), sc.emptyRDD[Int].getNumPartitions)),
    value("nulls are records")(sc => cells(sc.parallelize(Seq("a", null, "b", null), 2))),
    value("range")(sc => whole(sc.range(0, 10, 1, 3))),
    value("range by steps of 3")(sc => cells(sc.range(1, 12, 3, 2))),
    value("range downwards")(sc => cells(sc.range(10, 0, -4, 2))),
    value("range the wrong way is empty")(sc => cells(sc.range(0, 10, -1, 2))),
    value("range of more slices than numbers")(sc => cells(sc.range(0, 3, 1, 5))),
    value("range over the default parallelism")(sc => cells(sc.range(0, 5))),
    failure("range by steps of 0")(sc => sc.range(0, 10, 0, 2)),
    value("union of the context")(sc =>
      whole(sc.union(Seq(ten(sc, 2), sc.emptyRDD[Int], sc.parallelize(Seq(11), 1))))),
    value("union of one RDD is another RDD")(sc => whole(sc.union(Seq(ten(sc, 2))))))

  private val mapped = Seq(
    value("map, flatMap, filter")(sc =>
      whole(ten(sc).map(_ * 2).filter(_ % 3 != 0).flatMap(n => Seq(n, n + 1)))),
    value("flatMap to nothing")(sc => cells(ten(sc).flatMap(_ => Seq.empty[Int]))),
    value("mapPartitions is called for empty partitions")(sc =>
      whole(sc.parallelize(1 to 2, 3).mapPartitions(ns => Iterator(ns.size)))),
    value("mapPartitionsWithIndex")(sc =>
      whole(ten(sc).mapPartitionsWithIndex((index, ns) => ns.map(n => s"$index:$n")))),
    value("mapPartitions keeps or drops the partitioner") { sc =>
      val keyed = ten(sc).map(n => (n, n)).reduceByKey(_ + _)
      Seq(
        keyed.partitioner.isDefined,
        keyed.mapPartitions(ns => ns).partitioner.isDefined,
        keyed.mapPartitions(ns => ns, preservesPartitioning = true).partitioner.isDefined,
        keyed.mapPartitionsWithIndex((_, ns) => ns, preservesPartitioning = true)
          .partitioner.isDefined,
        keyed.filter(_ => true).partitioner.isDefined,
        keyed.map(pair => pair).partitioner.isDefined)
    },
    value("glom of empty partitions")(sc => whole(sc.parallelize(1 to 2, 4).glom().map(_.length))),
    value("collect with a partial function")(sc =>
      whole(ten(sc).collect { case n if n % 2 == 0 => s"even $n" })),
    value("keyBy")(sc => whole(ten(sc, 2).keyBy(_ % 3))),
    value("groupBy") { sc =>
      val grouped = ten(sc).groupBy(_ % 3)
      Seq(cells(grouped.mapValues(_.toSeq)), lineage(grouped))
    },
    value("groupBy over more partitions")(sc =>
      cells(ten(sc).groupBy((n: Int) => n % 4, 5).mapValues(_.toSeq))),
    value("groupBy with a partitioner")(sc =>
      cells(ten(sc).groupBy((n: Int) => s"k${n % 4}", new HashPartitioner(2))
        .mapValues(_.toSeq))),
    value("groupBy of an RDD with a partitioner takes it") { sc =>
      val keyed = ten(sc).map(n => (n, n)).reduceByKey(_ + _, 4)
      lineage(keyed.groupBy(_._1 % 2))
    },
    value("pipe")(sc => whole(ten(sc, 2).pipe("cat"))),
    value("pipe of an empty partition")(sc => cells(sc.parallelize(1 to 2, 3).pipe("wc -l")
      .map(_.trim))),
    value("pipe with context and elements of one's own")(sc =>
      cells(ten(sc, 2).pipe(
        Seq("cat"),
        printPipeContext = (print: String => Unit) => print("head"),
        printRDDElement = (n: Int, print: String => Unit) => {
          print(s"n $n")
          print(s"square ${n * n}")
        }))))

  private val coalesced = Seq(
    value("coalesce to fewer partitions")(sc => whole(ten(sc, 7).coalesce(3))),
    value("coalesce to one")(sc => cells(ten(sc, 4).coalesce(1))),
    value("coalesce to more stays")(sc => whole(ten(sc, 3).coalesce(5))),
    value("coalesce of an empty RDD")(sc => whole(sc.emptyRDD[Int].coalesce(2))),
    failure("coalesce to none")(sc => ten(sc).coalesce(0)),
    failure("coalesce to less than none")(sc => ten(sc).coalesce(-1)),
    value("coalesce with a shuffle to fewer")(sc => whole(ten(sc, 5).coalesce(2, shuffle = true))),
    value("coalesce with a shuffle to more")(sc => cells(ten(sc, 2).coalesce(5, shuffle = true))),
    value("coalesce drops the partitioner")(sc =>
      ten(sc).map(n => (n, n)).reduceByKey(_ + _, 4).coalesce(2).partitioner.isDefined),
    value("repartition to more")(sc => whole(ten(sc, 2).repartition(4))),
    value("repartition to one")(sc => whole(ten(sc, 3).repartition(1))),
    value("repartition to as many")(sc => cells(ten(sc, 3).repartition(3))),
    value("repartition of many partitions")(sc => cells(ten(sc, 9).repartition(4))),
    value("repartition of a hundred")(sc => cells(sc.parallelize(1 to 100, 3).repartition(7))),
    value("repartition of no records")(sc => cells(sc.parallelize(Seq.empty[Int], 2)
      .repartition(3))),
    failure("repartition to none")(sc => ten(sc).repartition(0)),
    value("coalesce after repartition")(sc => whole(ten(sc, 2).repartition(6).coalesce(4))),
    value("the jobs of repartition")(sc => jobs(sc)(ten(sc, 3).repartition(5).collect().length)))

  private val sorted = Seq(
    value("sortBy")(sc => jobs(sc)(whole(sc.parallelize(Seq(5, 3, 9, 1, 7, 3), 3)
      .sortBy(n => n)))),
    value("sortBy downwards into two")(sc =>
      cells(sc.parallelize(Seq("pear", "fig", "apple", "kiwi"), 3)
        .sortBy(_.length, ascending = false, numPartitions = 2))),
    value("sortBy of one partition runs no job of its own")(sc =>
      jobs(sc)(cells(sc.parallelize(Seq(3, 1, 2), 1).sortBy(n => n)))),
    value("sortBy tuples")(sc =>
      cells(sc.parallelize(Seq(("b", 2), ("a", 3), ("b", 1), ("a", 1)), 2)
        .sortBy(pair => (pair._1, -pair._2)))),
    value("sortBy of no records")(sc => cells(sc.parallelize(Seq.empty[Int], 2).sortBy(n => n))))

  private val described = Seq(
    value("ids, names and numbers of partitions") { sc =>
      val first = ten(sc)
      val second = first.map(_ + 1).setName("more")
      Seq(first.id, second.id, first.name, second.name, second.toString.contains("more"),
        second.getNumPartitions, second.partitions.map(_.index), lineage(second))
    },
    value("storage levels") { sc =>
      val rdd = ten(sc)
      val before = rdd.getStorageLevel == StorageLevel.NONE
      rdd.cache()
      val cached = rdd.getStorageLevel == StorageLevel.MEMORY_ONLY
      rdd.unpersist()
      Seq(before, cached, rdd.getStorageLevel == StorageLevel.NONE, lineage(rdd.cache()))
    },
    failure("a second storage level")(sc =>
      ten(sc).cache().persist(StorageLevel.MEMORY_AND_DISK)),
    value("the same storage level again")(sc =>
      ten(sc).cache().cache().getStorageLevel == StorageLevel.MEMORY_ONLY),
    value("dependencies") { sc =>
      val mapped = ten(sc).map(n => (n, n))
      val reduced = mapped.reduceByKey(_ + _)
      val facts = Seq(ten(sc), mapped, reduced, mapped.union(mapped), ten(sc, 5).coalesce(2))
        .map(_.dependencies.map {
          case narrow: NarrowDependency[_] => Seq(narrow.rdd.id, narrow.getParents(1))
          case shuffle => Seq(shuffle.rdd.id)
        })
      Seq(mapped.id, facts)
    },
    value("partitioners") { sc =>
      val reduced = ten(sc).map(n => (n, n)).reduceByKey(_ + _, 4)
      Seq(ten(sc).partitioner.isDefined, reduced.partitioner.map(_.numPartitions),
        reduced.partitioner.contains(new HashPartitioner(4)),
        reduced.partitioner.contains(new HashPartitioner(3)))
    },
    value("the context of an RDD")(sc =>
      Seq(ten(sc).sparkContext eq sc, ten(sc).context eq sc)),
    failure("checkpoint without a directory")(sc => ten(sc).checkpoint()),
    value("no checkpoint") { sc =>
      val rdd = ten(sc)
      rdd.count()
      Seq(rdd.isCheckpointed, rdd.getCheckpointFile)
    })

  val all: Seq[SparkVector] = made ++ mapped ++ coalesced ++ sorted ++ described
}
