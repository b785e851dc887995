/** About how many distinct values each key has.
 *  Like Spark: PairRDDFunctions.countApproxDistinctByKey. */

import { HyperLogLogPlus } from "./hyper-log-log.ts";
import { mapValues } from "./map-partitions.ts";
import type { Partitioner } from "./partitioner.ts";
import type { RDDNode } from "./rdd.ts";
import { combineByKey } from "./shuffle.ts";

/** Throws: PipelineError GRAPH_INVALID for precisions that cannot be. */
export function countDistinctByKey<K, V>(
  parent: RDDNode<readonly [K, V]>,
  precisions: readonly [p: number, sp: number],
  partitioner: Partitioner,
): RDDNode<[K, number]> {
  const operator = "countApproxDistinctByKey";
  const counter = (): HyperLogLogPlus => new HyperLogLogPlus(...precisions);
  // Refused at the call, not in a task.
  counter();
  const counters = combineByKey<K, V, HyperLogLogPlus>(parent, {
    operator,
    create: (value) => {
      const one = counter();
      one.offer(value);
      return one;
    },
    mergeValue: (seen, value) => {
      seen.offer(value);
      return seen;
    },
    // A counter anew: those of the map tasks may be read again.
    mergeCombined: (a, b) => {
      const both = counter();
      both.addAll(a);
      both.addAll(b);
      return both;
    },
    mapSideCombine: true,
    partitioner,
  });
  return mapValues(counters, (seen) => seen.cardinality(), operator);
}
