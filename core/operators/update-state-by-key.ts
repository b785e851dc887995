/** State per key, carried from batch to batch: the function sees every known key, every batch.
 *  Like Spark: StateDStream (S/dstream/StateDStream.scala). */

import { copyValue } from "../record/copy-value.ts";
import { cogroup, type Groups } from "../rdd/cogroup.ts";
import { mapPartitionsNode, mapValues } from "../rdd/map-partitions.ts";
import { hashPartitioner } from "../rdd/partitioner.ts";
import type { RDDNode, TaskContext } from "../rdd/rdd.ts";
import { groupByKey } from "../rdd/shuffle.ts";
import { StreamNode } from "../stream/node.ts";

/** `null` stands for None: no state yet, or (as a result) forget the key. */
export type UpdateFunction<V, S> = (values: readonly V[], state: S | null) => S | null | undefined;

export function updateStateStream<K, V, S>(
  parent: StreamNode<readonly [K, V]>,
  update: UpdateFunction<V, S>,
  numPartitions: number,
): StreamNode<[K, S]> {
  const partitioner = hashPartitioner(numPartitions);
  return new StreamNode<[K, S]>(parent.owner, {
    operator: "updateStateByKey",
    className: "StateDStream",
    parents: [parent],
    slideMs: parent.slideMs,
    mustCheckpoint: true,
    storageLevel: "MEMORY_ONLY_SER",
    parameters: [update, numPartitions],
    compute: (timeMs, batch, self) => {
      const origin = { node: self.id, batchTimeMs: timeMs };
      const previous = batch.rddOf(self, timeMs - self.slideMs);
      const values = batch.rddOf(parent, timeMs);
      if (values === null) return null;
      if (previous === null) {
        const mapSideCombine = false;
        const grouped = groupByKey(values, {
          partitioner,
          buffer: "CompactBuffer",
          mapSideCombine,
        });
        return updateRDD<K, readonly V[], V, S>(grouped, origin, update, (of) => [of, []]);
      }
      // Spark's cogroup of two gives its values their types in a step of their own.
      const grouped = mapValues(cogroup<K>([values, previous], partitioner), (groups) => groups);
      // The first parent holds values, the second states.
      const split = (groups: Groups): readonly [readonly V[], readonly S[]] => [
        (groups[0] ?? []) as readonly V[],
        (groups[1] ?? []) as readonly S[],
      ];
      return updateRDD<K, Groups, V, S>(grouped, origin, update, split);
    },
  });
}

function updateRDD<K, G, V, S>(
  grouped: RDDNode<[K, G]>,
  origin: { readonly node: number; readonly batchTimeMs: number },
  update: UpdateFunction<V, S>,
  split: (group: G) => readonly [readonly V[], readonly S[]],
): RDDNode<[K, S]> {
  return mapPartitionsNode<[K, G], [K, S]>({
    parent: grouped,
    operator: "updateStateByKey",
    preservesPartitioning: true,
    compute: (rdd, partition, task, push) => {
      const entries: { key: unknown; before: unknown; after: unknown }[] = [];
      let keysWithValues = 0;
      let keysTouched = 0;
      let keysKept = 0;
      task.iterate(grouped, partition, ([key, group]) => {
        const [values, states] = split(group);
        const before = states.length > 0 ? (states[0] ?? null) : null;
        // The function may change the state in place; what it was is told from a copy.
        const told = task.wantsEntries ? copyValue(before) : null;
        const after = callUpdate(rdd, task, update, key, values, before);
        keysTouched += 1;
        if (values.length > 0) keysWithValues += 1;
        if (task.wantsEntries) entries.push({ key, before: told, after: copyValue(after) });
        if (after === null) return;
        keysKept += 1;
        push([key, after]);
      });
      task.count(rdd, keysKept);
      task.stateUpdated({
        ...origin,
        partition,
        keysTouched,
        keysWithValues,
        keysRemoved: keysTouched - keysKept,
        keysKept,
        entries: task.wantsEntries ? entries : null,
      });
    },
  });
}

function callUpdate<V, S>(
  rdd: RDDNode<unknown>,
  task: TaskContext,
  update: UpdateFunction<V, S>,
  key: unknown,
  values: readonly V[],
  before: S | null,
): S | null {
  try {
    return update(values, before) ?? null;
  } catch (thrown) {
    throw task.userError(rdd, thrown, [key, values]);
  }
}
