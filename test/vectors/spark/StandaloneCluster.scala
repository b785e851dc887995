// A standalone cluster in this process, whose workers start executors as processes of their own.
// Spark lets only its package of deployment start one.
package org.apache.spark.deploy.vectors

import java.nio.file.Files

import org.apache.spark.SparkConf
import org.apache.spark.deploy.master.Master
import org.apache.spark.deploy.worker.Worker
import org.apache.spark.rpc.RpcEnv

/** One executor of one core on each host. */
final class StandaloneCluster(hosts: Seq[String]) {
  private val conf = new SparkConf()
  private val master: RpcEnv = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1
  val url: String = s"spark://127.0.0.1:${master.address.port}"
  private val workers = hosts.zipWithIndex.map { case (host, index) =>
    Worker.startRpcEnvAndEndpoint(host, 0, 0, 1, 1024, Array(url),
      Files.createTempDirectory("worker").toString, Some(index), conf)
  }

  def stop(): Unit = (workers :+ master).foreach { env =>
    env.shutdown()
    env.awaitTermination()
  }
}
