/** Which partition of a shuffled RDD a key belongs to.
 *  Like Spark: org.apache.spark.HashPartitioner. */

import { jvmHash } from "../record/jvm-hash.ts";

export interface Partitioner {
  readonly kind: "hash";
  readonly numPartitions: number;
}

export function hashPartitioner(numPartitions: number): Partitioner {
  return { kind: "hash", numPartitions };
}

/** Non-negative remainder of the key's hash code; null goes to partition 0.
 *  Throws: PipelineError KEY_NOT_COMPARABLE. */
export function partitionOf(partitioner: Partitioner, key: unknown): number {
  const remainder = jvmHash(key) % partitioner.numPartitions;
  return remainder < 0 ? remainder + partitioner.numPartitions : remainder;
}

export function samePartitioner(a: Partitioner | null, b: Partitioner | null): boolean {
  return a !== null && b !== null && a.numPartitions === b.numPartitions;
}
