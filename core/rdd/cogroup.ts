/** Several keyed parents into one: for each key the values of each parent.
 *  Like Spark: CoGroupedRDD. */

import { assert, at } from "../base/assert.ts";
import { jvmHash } from "../record/jvm-hash.ts";
import { KeyMap } from "../record/key-map.ts";
import { valueBuffer } from "../record/value-buffer.ts";
import { inSlotOrder } from "./combine.ts";
import { requirePair } from "./map-partitions.ts";
import { type Partitioner, samePartitioner } from "./partitioner.ts";
import { type Dependency, oneToOne, RDDNode, type TaskContext } from "./rdd.ts";
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
      const grouped = new KeyMap<unknown[][]>();
      for (const [index, dependency] of dependencies.entries()) {
        const valuesOf = (key: unknown, hash = jvmHash(key)): unknown[] => {
          const known = grouped.find(key, hash);
          const { value } = known ?? grouped.add(key, emptyGroups(dependencies.length), hash);
          return at(value, index);
        };
        readKeyed({ rdd, dependency, partition, task }, valuesOf, (values, value) => {
          values.push(value);
        });
      }
      for (const cell of inSlotOrder(grouped)) push(pairOf<K, Groups>(cell.key, cell.value));
      task.count(rdd, grouped.cells.length);
    },
  });
}

function emptyGroups(width: number): unknown[][] {
  const groups: unknown[][] = [];
  for (let index = 0; index < width; index += 1) groups.push(valueBuffer("CompactBuffer"));
  return groups;
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
  return { kind: "shuffle", shuffle, rdd, partitioner, aggregator: null, writes: "groups", site };
}

/** Reads what a `keyedDependency` has for a partition: each value goes to what `find` gives for its
 *  key, those of one key in the order they arrive. */
export function readKeyed<G>(
  from: {
    readonly rdd: RDDNode<unknown>;
    readonly dependency: Dependency;
    readonly partition: number;
    readonly task: TaskContext;
  },
  find: (key: unknown, hash?: number) => G,
  add: (group: G, value: unknown) => void,
): void {
  const { rdd, dependency, partition, task } = from;
  if (dependency.kind === "narrow") {
    task.iterate(dependency.rdd, partition, (record) => {
      requirePair(rdd, task, record);
      add(find(record[0]), record[1]);
    });
    return;
  }
  for (const block of task.shuffled(dependency, partition)) {
    if (block.kind !== "groups") continue;
    for (const { key, hash, value: values } of block.groups) {
      const group = find(key, hash);
      for (const value of values) add(group, value);
    }
  }
}
