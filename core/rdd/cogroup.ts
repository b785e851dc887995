/** Several keyed parents into one: for each key the values of each parent.
 *  Like Spark: CoGroupedRDD. */

import { assert } from "../base/assert.ts";
import { jvmHash } from "../record/jvm-hash.ts";
import { KeyMap } from "../record/key-map.ts";
import { ValueBuffer } from "../record/value-buffer.ts";
import { inSlotOrder } from "./combine.ts";
import { requirePair } from "./map-partitions.ts";
import { type Partitioner, samePartitioner } from "./partitioner.ts";
import { type Dependency, oneToOne, type Pair, RDDNode, type TaskContext } from "./rdd.ts";
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
  const dependencies = parents.map((rdd) => keyedDependency(rdd, partitioner, operator));
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
        readKeyed({ rdd, dependency, partition, task }, (pair) =>
          addToGroup(grouped, dependencies.length, index, pair),
        );
      }
      for (const cell of inSlotOrder(grouped)) push(pairOf<K, Groups>(cell.key, cell.value));
      task.count(rdd, grouped.cells.length);
    },
  });
}

/** One parent of several that meet by key: read in place where it is partitioned that way already,
 *  else through a shuffle. */
export function keyedDependency(
  rdd: RDDNode<unknown>,
  partitioner: Partitioner,
  operator: string,
): Dependency {
  if (samePartitioner(rdd.partitioner, partitioner)) return oneToOne(rdd);
  const shuffle = rdd.context.nextShuffleId();
  const site = rdd.context.site(operator);
  return { kind: "shuffle", shuffle, rdd, partitioner, aggregator: null, site };
}

/** The pairs that a `keyedDependency` has for a partition, in the order they arrive. */
export function readKeyed(
  from: {
    readonly rdd: RDDNode<unknown>;
    readonly dependency: Dependency;
    readonly partition: number;
    readonly task: TaskContext;
  },
  add: (pair: Pair) => void,
): void {
  const { rdd, dependency, partition, task } = from;
  if (dependency.kind === "narrow") {
    task.iterate(dependency.rdd, partition, (record) => {
      requirePair(rdd, task, record);
      add(record);
    });
    return;
  }
  for (const block of task.shuffled(dependency, partition)) {
    if (!block.combined) block.pairs.forEach(add);
  }
}

function addToGroup(
  grouped: KeyMap<ValueBuffer<unknown>[]>,
  width: number,
  index: number,
  pair: Pair,
): void {
  const hash = jvmHash(pair[0]);
  const cell = grouped.find(pair[0], hash);
  if (cell !== undefined) {
    cell.value[index]?.push(pair[1]);
    return;
  }
  const groups = Array.from({ length: width }, () => new ValueBuffer<unknown>("CompactBuffer"));
  groups[index]?.push(pair[1]);
  grouped.add(pair[0], groups, hash);
}
