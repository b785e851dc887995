/** An action over partitions as a whole: a job whose tasks hand their records to a function.
 *  Like Spark: SparkContext.runJob. */

import type { Action, RDDNode } from "./rdd.ts";

/** Shape: what `ofPartition` gave, one result per partition asked for, in that order.
 *  Throws: what aborted the job; what `ofPartition` throws fails its task. */
export function runAction<T, R>(
  node: RDDNode<T>,
  name: string,
  ofPartition: (records: T[], partition: number) => R,
  partitions: readonly number[] = partitionsOf(node),
): readonly R[] {
  const action: Action<T, R> = {
    name,
    run: (task, rdd, partition) => {
      const records: T[] = [];
      task.iterate(rdd, partition, (record) => records.push(record));
      try {
        return ofPartition(records, partition);
      } catch (thrown) {
        const at = { site: rdd.context.site(name), origin: rdd.origin };
        throw task.userError(at, thrown, undefined);
      }
    },
  };
  return node.context.runJob(node, partitions, action);
}

/** Shape: 0 to below the number of partitions. */
export function partitionsOf(node: RDDNode<unknown>): readonly number[] {
  return Array.from({ length: node.numPartitions }, (_, partition) => partition);
}
