/** The partitioner that operations by key take when they are given none.
 *  Like Spark: Partitioner.defaultPartitioner with `spark.default.parallelism` set. */

import { hashPartitioner, type Partitioner } from "./partitioner.ts";
import type { RDDNode } from "./rdd.ts";

/** That of the input with most partitions if it has one that is good enough, else a hash
 *  partitioner over the default parallelism. */
export function defaultPartitioner(rdds: readonly RDDNode<unknown>[]): Partitioner {
  const parallelism = rdds[0]?.context.defaultParallelism ?? 1;
  let best: Partitioner | null = null;
  let most = 0;
  for (const { partitioner, numPartitions } of rdds) {
    most = Math.max(most, numPartitions);
    if (partitioner === null || partitioner.numPartitions === 0) continue;
    if (best === null || partitioner.numPartitions > best.numPartitions) best = partitioner;
  }
  if (best === null) return hashPartitioner(parallelism);
  const isEligible = most < 10 * best.numPartitions;
  return isEligible || parallelism <= best.numPartitions ? best : hashPartitioner(parallelism);
}
