/** How operations by key are told where keys go. */

import { defaultPartitioner } from "../rdd/default-partitioner.ts";
import { HashPartitioner, type Partitioner } from "../rdd/partitioner.ts";
import type { RDD } from "./rdd.ts";

/** An RDD of pairs. */
export type Pairs<K, V> = RDD<readonly [K, V]>;

/** A number of partitions stands for a hash partitioner over them. */
export type RDDPartitioning = number | Partitioner;

/** What was given; else what the inputs have, or a hash partitioner over the default parallelism.
 *  Throws: PipelineError GRAPH_INVALID for less than no partitions. */
export function partitionerFor(
  partitioning: RDDPartitioning | undefined,
  inputs: readonly Pairs<unknown, unknown>[],
): Partitioner {
  if (typeof partitioning === "number") return new HashPartitioner(partitioning);
  return partitioning ?? defaultPartitioner(inputs.map((input) => input.node));
}
