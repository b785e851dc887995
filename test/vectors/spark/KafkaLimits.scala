// Spark's own limits per partition, which only its package can make.
package org.apache.spark.streaming.kafka010

import org.apache.spark.SparkConf

object PerPartition {
  def defaults(conf: SparkConf): PerPartitionConfig = new DefaultPerPartitionConfig(conf)
}
