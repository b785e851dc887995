/** RDDs side by side, partition by partition or record by record; and records with their numbers.
 *  Like Spark: ZippedPartitionsRDD2 to 4, ZippedWithIndexRDD; RDD.zip, RDD.zipWithUniqueId. */

import { at } from "../base/assert.ts";
import { PipelineError } from "../base/errors.ts";
import { mapPartitions } from "./map-partitions.ts";
import { oneToOne, RDDNode } from "./rdd.ts";
import { runAction } from "./run-action.ts";

/** The records that partition i of each RDD has. */
export type Sides = readonly (readonly unknown[])[];

export interface ZipOptions<V> {
  readonly operator: string;
  readonly preservesPartitioning: boolean;
  readonly f: (sides: Sides) => Iterable<V>;
}

/** Throws: PipelineError GRAPH_INVALID for unequal numbers of partitions. */
export function zipPartitions<V>(
  rdds: readonly [RDDNode<unknown>, ...RDDNode<unknown>[]],
  options: ZipOptions<V>,
): RDDNode<V> {
  const [first] = rdds;
  const counts = rdds.map((rdd) => rdd.numPartitions);
  if (counts.some((count) => count !== first.numPartitions)) {
    throw new PipelineError(
      "GRAPH_INVALID",
      "java.lang.IllegalArgumentException: " +
        `Can't zip RDDs with unequal numbers of partitions: List(${counts.join(", ")})`,
    );
  }
  return new RDDNode<V>({
    context: first.context,
    className: `ZippedPartitionsRDD${rdds.length}`,
    operator: options.operator,
    numPartitions: first.numPartitions,
    dependencies: rdds.map(oneToOne),
    partitioner: options.preservesPartitioning ? first.partitioner : null,
    compute: (rdd, partition, task, push) => {
      const sides = rdds.map((side) => {
        const records: unknown[] = [];
        task.iterate(side, partition, (record) => records.push(record));
        return records;
      });
      let count = 0;
      try {
        for (const result of options.f(sides)) {
          count += 1;
          push(result);
        }
      } catch (thrown) {
        throw task.userError(rdd, thrown, undefined);
      }
      task.count(rdd, count);
    },
  });
}

/** First with first, second with second; a partition with more records on one side fails its task.
 *  Throws: PipelineError GRAPH_INVALID for unequal numbers of partitions. */
export function zip<T, U>(left: RDDNode<T>, right: RDDNode<U>): RDDNode<[T, U]> {
  return zipPartitions([left, right], {
    operator: "zip",
    preservesPartitioning: false,
    f: ([ours = [], theirs = []]) => {
      if (ours.length !== theirs.length) {
        throw new PipelineError(
          "OUT_OF_RANGE",
          "org.apache.spark.SparkException: " +
            "Can only zip RDDs with same number of elements in each partition",
        );
      }
      // Sides hold the records of RDDs of T and U.
      return ours.map((record, index): [T, U] => [record as T, theirs[index] as U]);
    },
  });
}

/** Each record with how many come before it. Runs a job first, to count those of all partitions but
 *  the last, unless there is one only. */
export function zipWithIndex<T>(parent: RDDNode<T>): RDDNode<[T, number]> {
  const starts = [0];
  if (parent.numPartitions > 1) {
    const but = Array.from({ length: parent.numPartitions - 1 }, (_, index) => index);
    const counts = runAction(parent, "zipWithIndex", (records) => records.length, but);
    for (const count of counts) starts.push(at(starts, starts.length - 1) + count);
  }
  return new RDDNode<[T, number]>({
    context: parent.context,
    className: "ZippedWithIndexRDD",
    operator: "zipWithIndex",
    numPartitions: parent.numPartitions,
    dependencies: [oneToOne(parent)],
    compute: (rdd, partition, task, push) => {
      const start = at(starts, partition);
      let count = 0;
      task.iterate(parent, partition, (record) => {
        push([record, start + count]);
        count += 1;
      });
      task.count(rdd, count);
    },
  });
}

/** Record i of partition k of n has the number i * n + k: unique, and no job runs. */
export function zipWithUniqueId<T>(parent: RDDNode<T>): RDDNode<[T, number]> {
  const { numPartitions } = parent;
  return mapPartitions(
    parent,
    (records, partition) =>
      records.map((record, index): [T, number] => [record, index * numPartitions + partition]),
    { operator: "zipWithUniqueId" },
  );
}
