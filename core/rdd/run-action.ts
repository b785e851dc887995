/** Actions over partitions as a whole: a job whose tasks hand their records to a function.
 *  Like Spark: SparkContext.runJob, RDD.reduce. */

import { at } from "../base/assert.ts";
import type { Action, PartitionTask, RDDNode } from "./rdd.ts";

/** Shape: what `ofPartition` gave, one result per partition asked for, in that order.
 *  Throws: what aborted the job; what `ofPartition` throws fails its task. */
export function runAction<T, R>(
  node: RDDNode<T>,
  name: string,
  ofPartition: (records: T[], partition: number, task: PartitionTask) => R,
  partitions: readonly number[] = partitionsOf(node),
): readonly R[] {
  const site = node.context.site(name);
  // Boxed: a result may be undefined, and is there all the same.
  const action: Action<T, { readonly value: R }> = {
    name: site.operator,
    run: (task, rdd, partition) => {
      const records: T[] = [];
      task.iterate(rdd, partition, (record) => records.push(record));
      try {
        return { value: ofPartition(records, partition, task) };
      } catch (thrown) {
        throw task.userError({ site, origin: rdd.origin }, thrown, undefined);
      }
    },
  };
  return node.context.runJob(node, partitions, action).map(({ value }) => value);
}

/** Left to right in each partition, then over the partitions that have records; null where none has
 *  one. */
export function reduceRecords<T>(
  node: RDDNode<T>,
  name: string,
  f: (a: T, b: T) => T,
): { readonly value: T } | null {
  const reduced = runAction(node, name, (records) =>
    records.length === 0 ? null : { value: reduceLeft(records, f) },
  );
  const found = reduced.filter((one) => one !== null);
  if (found.length === 0) return null;
  return {
    value: reduceLeft(
      found.map((one) => one.value),
      f,
    ),
  };
}

/** Not `Array.reduce`, which hands `f` an index as well. There must be a record. */
export function reduceLeft<T>(records: readonly T[], f: (a: T, b: T) => T): T {
  let reduced = at(records, 0);
  for (let i = 1; i < records.length; i += 1) reduced = f(reduced, at(records, i));
  return reduced;
}

/** Shape: 0 to below the number of partitions. */
export function partitionsOf(node: RDDNode<unknown>): readonly number[] {
  return Array.from({ length: node.numPartitions }, (_, partition) => partition);
}
