/** What is left of the lineage of an RDD that was checkpointed in the executors' own memory.
 *  Like Spark: LocalCheckpointRDD. */

import { PipelineError } from "../base/errors.ts";
import { RDDNode } from "./rdd.ts";
import type { StorageLevel } from "./storage-level.ts";

/** A leaf that is never computed while the blocks of `of` are there. `operator` is the action after
 *  which it was made. */
export function localCheckpoint<T>(of: RDDNode<T>, operator: string): RDDNode<T> {
  return new RDDNode<T>({
    context: of.context,
    className: "LocalCheckpointRDD",
    operator,
    numPartitions: of.numPartitions,
    dependencies: [],
    partitioner: of.partitioner,
    compute: (rdd, partition, task) => {
      const missing = new PipelineError(
        "GRAPH_INVALID",
        `org.apache.spark.SparkException: Checkpoint block rdd_${of.id}_${partition} not found! ` +
          "Either the executor that originally checkpointed this partition is no longer alive, " +
          "or the original RDD is unpersisted. If this problem persists, you may consider using " +
          "`rdd.checkpoint()` instead, which is slower than local checkpointing but more " +
          "fault-tolerant.",
      );
      throw task.userError(rdd, missing, undefined);
    },
  });
}

/** A level that keeps what does not fit in memory on disk: a block dropped would be lost. */
export function levelForCheckpoint(level: StorageLevel): StorageLevel {
  switch (level) {
    case "NONE":
    case "MEMORY_ONLY":
      return "MEMORY_AND_DISK";
    case "MEMORY_ONLY_2":
      return "MEMORY_AND_DISK_2";
    case "MEMORY_ONLY_SER":
      return "MEMORY_AND_DISK_SER";
    case "MEMORY_ONLY_SER_2":
      return "MEMORY_AND_DISK_SER_2";
    case "DISK_ONLY":
    case "DISK_ONLY_2":
    case "DISK_ONLY_3":
    case "MEMORY_AND_DISK":
    case "MEMORY_AND_DISK_2":
    case "MEMORY_AND_DISK_SER":
    case "MEMORY_AND_DISK_SER_2":
    case "OFF_HEAP":
      return level;
  }
}
