/** State per key, carried from batch to batch: the function sees every known key, every batch.
 *  Like Spark: StateDStream (S/dstream/StateDStream.scala). */

import { copyValue } from "../record/copy-value.ts";
import { cogroup, type Groups } from "../rdd/cogroup.ts";
import { mapPartitionsNode, mapValues } from "../rdd/map-partitions.ts";
import type { Partitioner } from "../rdd/partitioner.ts";
import type { RDDNode, TaskContext } from "../rdd/rdd.ts";
import { groupByKey } from "../rdd/shuffle.ts";
import { StreamNode } from "../stream/node.ts";

/** `null` stands for None: no state yet, or (as a result) forget the key. */
export type UpdateFunction<V, S> = (values: readonly V[], state: S | null) => S | null | undefined;

/** The same, also told the batch time and the key. */
export type UpdateKeyFunction<K, V, S> = (
  timeMs: number,
  key: K,
  values: readonly V[],
  state: S | null,
) => S | null | undefined;

/** One known key in a batch: its values, perhaps none, and its state, null for none. */
export type StateEntry<K, V, S> = readonly [key: K, values: readonly V[], state: S | null];

/** All known keys of a partition at once; what it gives is the new state, under any keys. */
export type UpdatePartition<K, V, S> = (
  entries: Iterable<StateEntry<K, V, S>>,
) => Iterable<readonly [K, S]>;

export interface UpdateStateOptions<K, V, S> {
  readonly update:
    | { readonly by: "key"; readonly f: UpdateKeyFunction<K, V, S> }
    | { readonly by: "partition"; readonly f: UpdatePartition<K, V, S> };
  readonly partitioner: Partitioner;
  /** The keys that come out are partitioned as those that went in. */
  readonly preservesPartitioning: boolean;
  /** The state before the first batch; none when null. */
  readonly initial: RDDNode<readonly [K, S]> | null;
  /** What the person gave. */
  readonly parameters: readonly unknown[];
}

export function updateStateStream<K, V, S>(
  parent: StreamNode<readonly [K, V]>,
  options: UpdateStateOptions<K, V, S>,
): StreamNode<[K, S]> {
  const { partitioner, initial } = options;
  return new StreamNode<[K, S]>(parent.owner, {
    operator: "updateStateByKey",
    className: "StateDStream",
    parents: [parent],
    slideMs: parent.slideMs,
    mustCheckpoint: true,
    storageLevel: "MEMORY_ONLY_SER",
    parameters: [...options.parameters, partitioner, options.preservesPartitioning],
    compute: (timeMs, batch, self) => {
      const updated = new StateUpdating(options, { node: self.id, batchTimeMs: timeMs });
      const previous = batch.rddOf(self, timeMs - self.slideMs);
      const values = batch.rddOf(parent, timeMs);
      if (values === null) {
        return previous === null ? null : updated.rdd(previous, (state) => [[], [state]]);
      }
      const states = previous ?? initial;
      if (states !== null) {
        return updated.rdd(besides(values, states, partitioner), splitGroups<V, S>);
      }
      const grouping = { partitioner, buffer: "CompactBuffer", mapSideCombine: false } as const;
      return updated.rdd(groupByKey(values, grouping), (of) => [of, []]);
    },
  });
}

/** Spark's cogroup of two gives its values their types in a step of their own. */
function besides<K, V, S>(
  values: RDDNode<readonly [K, V]>,
  states: RDDNode<readonly [K, S]>,
  partitioner: Partitioner,
): RDDNode<[K, Groups]> {
  return mapValues(cogroup<K>([values, states], partitioner), (groups) => groups);
}

/** The first parent of the cogroup holds values, the second states. */
function splitGroups<V, S>(groups: Groups): readonly [readonly V[], readonly S[]] {
  return [(groups[0] ?? []) as readonly V[], (groups[1] ?? []) as readonly S[]];
}

type Split<G, V, S> = (group: G) => readonly [readonly V[], readonly S[]];

/** One step of the state: from values and states to new states. */
class StateUpdating<K, V, S> {
  readonly #options: UpdateStateOptions<K, V, S>;
  readonly #origin: { readonly node: number; readonly batchTimeMs: number };

  constructor(
    options: UpdateStateOptions<K, V, S>,
    origin: { readonly node: number; readonly batchTimeMs: number },
  ) {
    this.#options = options;
    this.#origin = origin;
  }

  rdd<G>(grouped: RDDNode<readonly [K, G]>, split: Split<G, V, S>): RDDNode<[K, S]> {
    return mapPartitionsNode<readonly [K, G], [K, S]>({
      parent: grouped,
      operator: "updateStateByKey",
      preservesPartitioning: this.#options.preservesPartitioning,
      compute: (rdd, partition, task, push) => {
        const entries: StateEntry<K, V, S>[] = [];
        task.iterate(grouped, partition, ([key, group]) => {
          const [values, states] = split(group);
          entries.push([key, values, states.length > 0 ? (states[0] ?? null) : null]);
        });
        const updated = new Updated(task, entries);
        const { update } = this.#options;
        const states =
          update.by === "key"
            ? updateKeys(rdd, task, update.f, updated, this.#origin.batchTimeMs)
            : updatePartition(rdd, task, update.f, updated);
        for (const state of states) push([...state]);
        task.count(rdd, states.length);
        task.stateUpdated({ ...this.#origin, partition, ...updated.told() });
      },
    });
  }
}

/** What an update saw and made of it, for the trace. */
class Updated<K, V, S> {
  readonly entries: readonly StateEntry<K, V, S>[];
  readonly #task: TaskContext;
  readonly #told: { key: unknown; before: unknown; after: unknown }[] = [];
  keysKept = 0;

  constructor(task: TaskContext, entries: readonly StateEntry<K, V, S>[]) {
    this.#task = task;
    this.entries = entries;
  }

  /** A function may change the state in place; what it was is told from a copy. */
  before(state: S | null): unknown {
    return this.#task.wantsEntries ? copyValue(state) : null;
  }

  after(key: unknown, before: unknown, after: S | null): void {
    if (after !== null) this.keysKept += 1;
    if (this.#task.wantsEntries) this.#told.push({ key, before, after: copyValue(after) });
  }

  told() {
    const keysTouched = this.entries.length;
    return {
      keysTouched,
      keysWithValues: this.entries.filter(([, values]) => values.length > 0).length,
      keysRemoved: Math.max(0, keysTouched - this.keysKept),
      keysKept: this.keysKept,
      entries: this.#task.wantsEntries ? this.#told : null,
    };
  }
}

function updateKeys<K, V, S>(
  rdd: RDDNode<unknown>,
  task: TaskContext,
  update: UpdateKeyFunction<K, V, S>,
  updated: Updated<K, V, S>,
  timeMs: number,
): (readonly [K, S])[] {
  const states: (readonly [K, S])[] = [];
  for (const [key, values, state] of updated.entries) {
    const before = updated.before(state);
    let after: S | null;
    try {
      after = update(timeMs, key, values, state) ?? null;
    } catch (thrown) {
      throw task.userError(rdd, thrown, [key, values]);
    }
    updated.after(key, before, after);
    if (after !== null) states.push([key, after]);
  }
  return states;
}

function updatePartition<K, V, S>(
  rdd: RDDNode<unknown>,
  task: TaskContext,
  update: UpdatePartition<K, V, S>,
  updated: Updated<K, V, S>,
): (readonly [K, S])[] {
  let states: (readonly [K, S])[];
  try {
    states = [...update(updated.entries)];
  } catch (thrown) {
    throw task.userError(rdd, thrown, undefined);
  }
  for (const [key, state] of states) updated.after(key, null, state);
  return states;
}
