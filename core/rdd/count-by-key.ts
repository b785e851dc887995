/** How many pairs each key has. Like Spark: PairRDDFunctions.countByKey. */

import { defaultPartitioner } from "./default-partitioner.ts";
import { mapValues } from "./map-partitions.ts";
import type { RDDNode } from "./rdd.ts";
import { runAction } from "./run-action.ts";
import { reduceByKey } from "./shuffle.ts";

/** Runs a job: the counts are the driver's. */
export function countByKey<K>(
  parent: RDDNode<readonly [K, unknown]>,
  operator = "countByKey",
): Map<K, number> {
  const ones = mapValues(parent, () => 1, operator);
  const counts = reduceByKey(ones, (a, b) => a + b, defaultPartitioner([parent]), operator);
  return new Map(runAction(counts, operator, (pairs) => pairs).flat());
}
