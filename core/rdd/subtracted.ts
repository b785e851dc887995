/** The pairs of one RDD whose keys another does not have.
 *  Like Spark: SubtractedRDD. */

import { jvmHash } from "../record/jvm-hash.ts";
import { KeyMap } from "../record/key-map.ts";
import { keyedDependency, readKeyed } from "./cogroup.ts";
import { hashMapOrder } from "../record/hash-map-order.ts";
import type { Partitioner } from "./partitioner.ts";
import { RDDNode } from "./rdd.ts";
import { pairOf } from "./shuffle.ts";

/** Shape: the values of a key stay together, in the order they arrive. */
export function subtractByKey<K, V>(
  left: RDDNode<readonly [K, V]>,
  right: RDDNode<readonly [K, unknown]>,
  partitioner: Partitioner,
  operator = "subtractByKey",
): RDDNode<[K, V]> {
  const ours = keyedDependency(left, partitioner, operator);
  const theirs = keyedDependency(right, partitioner, operator);
  return new RDDNode<[K, V]>({
    context: left.context,
    className: "SubtractedRDD",
    operator,
    numPartitions: partitioner.numPartitions,
    dependencies: [ours, theirs],
    partitioner,
    compute: (rdd, partition, task, push) => {
      const kept = new KeyMap<unknown[]>();
      readKeyed(
        { rdd, dependency: ours, partition, task },
        (key, hash = jvmHash(key)) => kept.find(key, hash) ?? kept.add(key, [], hash),
        (cell, value) => cell.value.push(value),
      );
      readKeyed(
        { rdd, dependency: theirs, partition, task },
        (key, hash) => kept.find(key, hash),
        (cell) => {
          if (cell !== undefined) cell.value = [];
        },
      );
      let count = 0;
      for (const index of hashMapOrder(kept.cells.map(({ hash }) => hash))) {
        const cell = kept.cells[index];
        for (const value of cell?.value ?? []) {
          count += 1;
          push(pairOf<K, V>(cell?.key, value));
        }
      }
      task.count(rdd, count);
    },
  });
}
