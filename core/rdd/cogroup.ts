/** Several keyed parents into one: for each key the values of each parent.
 *  Like Spark: CoGroupedRDD. */

import { assert } from "../base/assert.ts";
import { KeyMap } from "../record/key-map.ts";
import { ValueBuffer } from "../record/value-buffer.ts";
import { inSlotOrder } from "./combine.ts";
import { requirePair } from "./map-partitions.ts";
import { type Partitioner, samePartitioner } from "./partitioner.ts";
import { type Dependency, oneToOne, RDDNode } from "./rdd.ts";
import { pairOf } from "./shuffle.ts";

/** The values of one key, by parent. */
export type Groups = readonly (readonly unknown[])[];

export function cogroup<K>(
  parents: readonly RDDNode<readonly [K, unknown]>[],
  partitioner: Partitioner,
  operator = "cogroup",
): RDDNode<[K, Groups]> {
  const context = parents[0]?.context;
  assert(context !== undefined, "a cogroup must have parents");
  const dependencies = parents.map((rdd): Dependency => {
    if (samePartitioner(rdd.partitioner, partitioner)) return oneToOne(rdd);
    const shuffle = context.nextShuffleId();
    const site = context.site(operator);
    return { kind: "shuffle", shuffle, rdd, partitioner, aggregator: null, site };
  });
  return new RDDNode<[K, Groups]>({
    context,
    className: "CoGroupedRDD",
    operator,
    numPartitions: partitioner.numPartitions,
    dependencies,
    partitioner,
    compute: (rdd, partition, task, push) => {
      const grouped = new KeyMap<ValueBuffer<unknown>[]>();
      for (const [index, dependency] of dependencies.entries()) {
        const add = (pair: readonly [unknown, unknown]): void => {
          requirePair(rdd, task, pair);
          addToGroup(grouped, dependencies.length, index, pair);
        };
        if (dependency.kind === "narrow") {
          const parent = parents[index];
          if (parent !== undefined) task.iterate(parent, partition, add);
        } else {
          for (const block of task.shuffled(dependency, partition)) {
            if (!block.combined) block.pairs.forEach(add);
          }
        }
      }
      for (const cell of inSlotOrder(grouped)) push(pairOf<K, Groups>(cell.key, cell.value));
      task.count(rdd, grouped.cells.length);
    },
  });
}

function addToGroup(
  grouped: KeyMap<ValueBuffer<unknown>[]>,
  width: number,
  index: number,
  pair: readonly [unknown, unknown],
): void {
  const cell = grouped.find(pair[0]);
  if (cell !== undefined) {
    cell.value[index]?.push(pair[1]);
    return;
  }
  const groups = Array.from({ length: width }, () => new ValueBuffer<unknown>("CompactBuffer"));
  groups[index]?.push(pair[1]);
  grouped.add(pair[0], groups);
}
