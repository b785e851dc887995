// Text files read and written, with and without a stream.
// test/vectors/programs/files.ts says each program again for our engine, by its name.
package streamscope.vectors

import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files => Disk, Path, Paths}

import org.apache.spark.streaming.vectors.{FileProgram, RddProgram, SparkVector}

object FilePrograms {
  private def inDirectory(run: Path => Any): Any = run(Disk.createTempDirectory("files"))

  private def write(path: Path, text: String): Path = {
    Disk.createDirectories(path.getParent)
    Disk.write(path, text.getBytes(UTF_8))
  }

  /** The text of each file below a directory, checksums left out. */
  private def written(directory: Path): Seq[(String, String)] =
    directory.toFile.list().toSeq.sorted.filterNot(_.endsWith(".crc"))
      .map(name => (name, new String(Disk.readAllBytes(directory.resolve(name)), UTF_8)))

  private val text = "one\ntwo two\n\nfour\r\nfünf\nsechs sechs sechs\nlast without an end"

  private val reading = (1 to 5).map { count =>
    RddProgram(s"rddFiles/textFile in $count splits") { sc =>
      inDirectory { directory =>
        val file = write(directory.resolve("in.txt"), text)
        sc.textFile(file.toString, count).glom().collect().map(_.toSeq).toSeq
      }
    }
  } ++ Seq[SparkVector](
    RddProgram("rddFiles/textFile by default, of one byte, of none") { sc =>
      inDirectory { directory =>
        for (text <- Seq("a b\nc\nd\n", "x", "", "\n")) yield {
          val file = write(directory.resolve(s"in-${text.length}.txt"), text)
          sc.textFile(file.toString).glom().collect().map(_.toSeq).toSeq
        }
      }
    },
    RddProgram("rddFiles/textFile of a directory leaves hidden files out") { sc =>
      inDirectory { directory =>
        for (name <- Seq("b.txt", "a.txt", "_SUCCESS", ".hidden"))
          write(directory.resolve(name), s"line 1 of $name\nline 2 of $name\n")
        sc.textFile(directory.toString, 3).collect().toSeq.sorted
      }
    },
    RddProgram("rddFiles/wholeTextFiles") { sc =>
      inDirectory { directory =>
        for (name <- Seq("b.txt", "a.txt")) write(directory.resolve(name), s"all of\n$name")
        sc.wholeTextFiles(directory.toString).collect().toSeq
          .map { case (path, text) => (Paths.get(path).getFileName.toString, text) }.sorted
      }
    },
    RddProgram("rddFiles/saveAsTextFile writes a file a partition, and _SUCCESS") { sc =>
      inDirectory { directory =>
        val out = directory.resolve("out")
        sc.parallelize(Seq("a", "bb", "ccc"), 4).map(word => (word, word.length))
          .saveAsTextFile(out.toString)
        written(out)
      }
    },
    RddProgram("rddFiles/saveAsTextFile of an RDD without partitions") { sc =>
      inDirectory { directory =>
        val out = directory.resolve("out")
        sc.emptyRDD[Int].saveAsTextFile(out.toString)
        written(out)
      }
    },
    RddProgram("rddFiles/saveAsObjectFile and objectFile") { sc =>
      inDirectory { directory =>
        val out = directory.resolve("out")
        sc.parallelize(Seq(("a", 1), ("b", 2), (null, 3)), 2).saveAsObjectFile(out.toString)
        sc.objectFile[(String, Int)](out.toString).collect().toSeq.sortBy(_._2)
      }
    },
    RddProgram("rddFiles/lineage") { sc =>
      inDirectory { directory =>
        val file = write(directory.resolve("in.txt"), text)
        Given.lineage(sc.textFile(file.toString)).map(_.replace(file.toString, "in.txt"))
      }
    })

  /** `at` gives file `name` that modification time; the text is its name. */
  private def stream(name: String, batches: Int)(files: (Int, String)*): SparkVector =
    FileProgram(s"files/$name", batches, files)

  private val streams = Seq(
    stream("each batch takes what is new", 4)(
      1 -> "a", 1000 -> "b", 1001 -> "c", 1999 -> "d", 3500 -> "e"),
    stream("there before the start, at it, and hidden", 3)(
      0 -> "old", 1 -> "new", 500 -> ".hidden"),
    stream("an underscore is chosen by Spark, then hidden for Hadoop", 2)(600 -> "_hidden"),
    stream("two at a time, in one batch", 2)(100 -> "z", 200 -> "y", 300 -> "x"),
    stream("none at all", 2)(),
    stream("in the far future of its batch", 6)(5500 -> "late", 700 -> "early"))

  val all: Seq[SparkVector] = reading ++ streams
}
