/** Several values for one, under the same key; keys and partitioner stay.
 *  Like Spark: PairRDDFunctions.flatMapValues. */

import { mapPartitionsNode, requirePair } from "./map-partitions.ts";
import type { RDDNode } from "./rdd.ts";

export function flatMapValues<K, V, U>(
  parent: RDDNode<readonly [K, V]>,
  f: (value: V) => Iterable<U>,
  operator = "flatMapValues",
): RDDNode<[K, U]> {
  return mapPartitionsNode<readonly [K, V], [K, U]>({
    parent,
    operator,
    preservesPartitioning: true,
    compute: (rdd, partition, task, push) => {
      let count = 0;
      task.iterate(parent, partition, (record) => {
        requirePair(rdd, task, record);
        let many: readonly U[];
        try {
          const result = f(record[1]);
          many = Array.isArray(result) ? result : [...result];
        } catch (thrown) {
          throw task.userError(rdd, thrown, record);
        }
        count += many.length;
        for (const value of many) push([record[0], value]);
      });
      task.count(rdd, count);
    },
  });
}
