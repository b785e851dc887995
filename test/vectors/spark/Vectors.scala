// Runs the vectors of the groups named (all when none is), and writes one a line.
package org.apache.spark.streaming.vectors

import java.io.PrintWriter

import streamscope.vectors.Groups

/** Something Spark is asked. Its group is what its name says before the slash. */
trait SparkVector {
  def name: String

  /** The vector as one line of JSON. */
  def run(): String
}

object Vectors {
  def main(args: Array[String]): Unit = {
    val out = new PrintWriter(args(0), "UTF-8")
    val groups = args.drop(1).toSet
    for (vector <- Groups.all if groups.isEmpty || groups(vector.name.takeWhile(_ != '/'))) {
      System.err.println(vector.name)
      out.println(vector.run())
      out.flush()
    }
    out.close()
    System.exit(0)
  }
}
