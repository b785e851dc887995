// Lineages, and what Spark says of programs that cannot be.
// test/vectors/programs/*.ts says each program again for our engine, by its name.
package streamscope.vectors

import org.apache.spark.rdd.RDD
import org.apache.spark.streaming.{Milliseconds, Seconds}
import org.apache.spark.streaming.vectors.{Seen, SparkVector}
import streamscope.vectors.Given._

object Lineages {
  private val lineages = Seq(
    program("lineage/reduceByKey", words) { in =>
      Seen.value(counts(in.flatMap(_.split(" ")).filter(_ != "not")))(lineage)
    },
    program("lineage/join", words) { in =>
      Seen.value(pairs(in).join(counts(in)))(lineage)
    },
    program("lineage/window", words) { in =>
      Seen.value(pairs(in).window(Seconds(2)).reduceByKey(_ + _))(lineage)
    },
    program("lineage/reduceByKeyAndWindow(f, 2 s)", words) { in =>
      Seen.value(pairs(in).reduceByKeyAndWindow(_ + _, Seconds(2)))(lineage)
    },
    program("lineage/reduceByKeyAndWindow(f, inverse, 2 s)", words, checkpoints = true) { in =>
      Seen.value(pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2)))(lineage)
    },
    program("lineage/updateStateByKey", words, checkpoints = true) { in =>
      Seen.value(pairs(in).updateStateByKey[Int] { (ones: Seq[Int], count: Option[Int]) =>
        Some(count.getOrElse(0) + ones.sum)
      })(lineage)
    },
    program("lineage/count and countByValue", Seq(Seq(1, 2))) { in =>
      Seen.value(in.count())(lineage)
      Seen.value(in.countByValue())(lineage)
      Seen.value(in.reduce(_ + _))(lineage)
    },
    program("lineage/operations inside transform", words) { in =>
      val known = in.context.sparkContext.makeRDD(Seq(("to", 1)), 1)
      Seen.value(in.transform(_.map(word => (word, 1)).join(known).keys))(lineage)
    },
    program("lineage/kinds of union", Seq(Seq(("a", 1), ("b", 2)))) { in =>
      val reduced = in.reduceByKey(_ + _)
      Seen.value(in.union(in))(lineage)
      Seen.value(reduced.union(reduced.mapValues(_ + 1)))(lineage)
      Seen.value(reduced.union(in))(lineage)
      Seen.value(reduced)(rdd => lineage(rdd.union(rdd.context.emptyRDD[(String, Int)])))
      Seen.value(reduced)(rdd => lineage(rdd.union(rdd.reduceByKey(_ + _, 3))))
      Seen.value(in)(rdd => lineage(rdd.context.union(Seq(rdd, rdd, rdd))))
    },
    program("lineage/operations of an RDD", Seq(Seq(("a", 1), ("b", 2)))) { in =>
      Seen.value(in)(rdd => lineage(rdd.join(rdd.reduceByKey(_ + _)).keys))
      Seen.value(in)(rdd => lineage(rdd.cogroup(rdd.groupByKey(3)).values.glom()))
      Seen.value(in)(rdd => lineage(rdd.mapPartitions(_.take(1)).setName("firsts").cache()))
    })

  private val messages = Seq(
    failure("no output")(_ => ()),
    failure("no checkpoint directory for updateStateByKey") { in =>
      pairs(in).updateStateByKey[Int]((_: Seq[Int], count: Option[Int]) => count).print()
    },
    failure("no checkpoint directory for an inverse window") { in =>
      pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2)).print()
    },
    failure("window no multiple")(_.window(Milliseconds(2500)).print()),
    failure("slide no multiple")(_.window(Seconds(2), Milliseconds(1500)).print()),
    failure("inverse window no multiple", checkpoints = true) { in =>
      pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Milliseconds(2500)).print()
    },
    failure("inverse slide no multiple", checkpoints = true) { in =>
      pairs(in).reduceByKeyAndWindow(_ + _, _ - _, Seconds(2), Milliseconds(500)).print()
    },
    failure("union of different slides")(in => in.union(in.window(Seconds(2), Seconds(2))).print()),
    failure("join of different slides") { in =>
      pairs(in).join(pairs(in.window(Seconds(2), Seconds(2)))).print()
    },
    failure("transform returns null")(in => in.transform(_ => null: RDD[Int]).print()),
    failure("checkpoint interval below the slide", checkpoints = true) { in =>
      in.window(Seconds(2), Seconds(2)).checkpoint(Seconds(1)).print()
    },
    failure("checkpoint interval no multiple", checkpoints = true) { in =>
      in.map(_ + 1).checkpoint(Milliseconds(2500)).print()
    },
    failure("remember twice") { in =>
      in.context.remember(Seconds(5))
      in.context.remember(Seconds(9))
    },
    failure("parallelize over no partition") { in =>
      in.transform(rdd => rdd.context.parallelize(Seq(1), 0)).print()
    },
    failure("storage level changed twice") { in =>
      import org.apache.spark.storage.StorageLevel
      in.foreachRDD { rdd => rdd.cache().persist(StorageLevel.MEMORY_ONLY_SER); () }
    },
    failure("first of an empty RDD")(_.filter(_ => false).foreachRDD { rdd => rdd.first(); () }),
    failure("reduce of an empty RDD") {
      _.filter(_ => false).foreachRDD { rdd => rdd.reduce(_ + _); () }
    },
    failure("new output after the start")(in => in.foreachRDD { _ => in.print() }))

  val all: Seq[SparkVector] = lineages ++ messages
}
