/** Which partition of a shuffled RDD a key belongs to.
 *  Like Spark: org.apache.spark.Partitioner, HashPartitioner. */

import { PipelineError } from "../base/errors.ts";
import { jvmHash } from "../record/jvm-hash.ts";
import { requirement } from "./requirement.ts";

/** Says where keys go. Anyone may write one. */
export interface Partitioner {
  readonly numPartitions: number;
  /** Shape: a whole number from 0 to below `numPartitions`; equal keys give equal numbers. `hash`
   *  is the hash code of the key, where it is known. */
  getPartition(key: unknown, hash?: number): number;
  /** True for one that puts every key where this one does: no shuffle lies between the two.
   *  Without it a partitioner is equal to itself alone. */
  equals?(other: unknown): boolean;
}

/** The non-negative remainder of the key's hash code; null goes to partition 0. */
export class HashPartitioner implements Partitioner {
  readonly numPartitions: number;

  /** Throws: PipelineError GRAPH_INVALID for less than no partitions. */
  constructor(numPartitions: number) {
    requirement(
      Number.isInteger(numPartitions) && numPartitions >= 0,
      `Number of partitions (${numPartitions}) cannot be negative.`,
    );
    this.numPartitions = numPartitions;
  }

  /** Throws: PipelineError KEY_NOT_COMPARABLE. */
  getPartition(key: unknown, hash = jvmHash(key)): number {
    const remainder = hash % this.numPartitions;
    return remainder < 0 ? remainder + this.numPartitions : remainder;
  }

  equals(other: unknown): boolean {
    return other instanceof HashPartitioner && other.numPartitions === this.numPartitions;
  }
}

export function hashPartitioner(numPartitions: number): Partitioner {
  return new HashPartitioner(numPartitions);
}

/** Throws: PipelineError KEY_NOT_COMPARABLE; OUT_OF_RANGE for a partition that is not there. */
export function partitionOf(partitioner: Partitioner, key: unknown, hash?: number): number {
  const partition = partitioner.getPartition(key, hash);
  if (partition >= 0 && partition < partitioner.numPartitions) return partition;
  throw new PipelineError(
    "OUT_OF_RANGE",
    `java.lang.ArrayIndexOutOfBoundsException: Index ${partition} out of bounds for length ` +
      `${partitioner.numPartitions}`,
  );
}

/** What a checkpoint keeps of a partitioner: of a hash partitioner its number of partitions; any
 *  other is forgotten. */
export function hashPartitions(partitioner: Partitioner | null): number | null {
  return partitioner instanceof HashPartitioner ? partitioner.numPartitions : null;
}

export function samePartitioner(a: Partitioner | null, b: Partitioner | null): boolean {
  if (a === null || b === null) return false;
  return a === b || a.equals?.(b) === true;
}
