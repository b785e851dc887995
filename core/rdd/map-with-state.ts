/** One record per partition: the states of its keys, and what the person's function made of this
 *  batch's records. Only keys with a record are touched; all are looked at when time-outs are,
 *  which is when the RDD will be checkpointed.
 *  Like Spark: MapWithStateRDD (S/rdd/MapWithStateRDD.scala). */

import { copyValue } from "../record/copy-value.ts";
import { KeyMap } from "../record/key-map.ts";
import { None, type Option, Some } from "../record/option.ts";
import { scalaText } from "../record/scala-text.ts";
import { textToValue, valueToText } from "../record/value-text.ts";
import { Written } from "../record/written.ts";
import { emptyRDD } from "./in-memory.ts";
import { mapPartitionsNode, requirePair } from "./map-partitions.ts";
import { partitionBy } from "./partition-by.ts";
import type { Partitioner } from "./partitioner.ts";
import { oneToOne, type RDDContext, RDDNode, type StreamOrigin, type TaskContext } from "./rdd.ts";
import { State } from "./state.ts";
import { StateMap, type WrittenStateMap } from "./state-map.ts";

/** The person's function, for one record of a key; for a key that times out without a value. */
export type MappingFunction<K, V, S, E> = (
  timeMs: number,
  key: K,
  value: Option<V>,
  state: State<S>,
) => Option<E>;

/** Like Spark: MapWithStateRDDRecord. */
export class StateRecord extends Written {
  readonly states: StateMap;
  readonly mapped: readonly unknown[];

  constructor(states: StateMap, mapped: readonly unknown[]) {
    super();
    this.states = states;
    this.mapped = mapped;
  }

  write(): unknown {
    return [this.states.write(), this.mapped];
  }

  /** Spark prints the map by its class and address; how many states it holds says more. */
  toString(): string {
    const mapped = this.mapped.map(scalaText).join(", ");
    return `MapWithStateRDDRecord(StateMap of ${this.states.size},ArrayBuffer(${mapped}))`;
  }

  /** From a record of a cached RDD, from what was written of one, or from nothing. */
  static of(rdd: RDDNode<StateRecord>, found: unknown): StateRecord {
    const isSerialized = found instanceof StateRecord && rdd.storageLevel.endsWith("_SER");
    const record = isSerialized ? textToValue(valueToText(found)) : found;
    if (record instanceof StateRecord) return record;
    if (!Array.isArray(record)) return new StateRecord(new StateMap(), []);
    // What `write` wrote.
    const [states, mapped] = record as [WrittenStateMap, readonly unknown[]];
    return new StateRecord(StateMap.read(states), mapped);
  }
}

/** The states an application starts with, partitioned.
 *  Like Spark: MapWithStateRDD.createFromPairRDD. */
export function initialStates<K, S>(
  context: RDDContext,
  given: RDDNode<readonly [K, S]> | null,
  partitioner: Partitioner,
  timeMs: number,
): RDDNode<StateRecord> {
  const pairs = partitionBy(given ?? emptyRDD<readonly [K, S]>(context), partitioner);
  const records = mapPartitionsNode<readonly [K, S], StateRecord>({
    parent: pairs,
    operator: "mapWithState",
    preservesPartitioning: true,
    compute: (rdd, partition, task, push) => {
      const states = new StateMap();
      task.iterate(pairs, partition, ([key, state]) => states.put(key, state, timeMs));
      push(new StateRecord(states, []));
      task.count(rdd, 1);
    },
  });
  return mapWithState<K, never, S, never>({
    previous: records,
    data: partitionBy(emptyRDD<readonly [K, never]>(context), partitioner),
    f: () => None,
    timeMs,
    idleSinceMs: null,
    scansAll: false,
    origin: null,
  });
}

export interface MapWithStateOptions<K, V, S, E> {
  /** Partitioned as `data` is. */
  readonly previous: RDDNode<StateRecord>;
  readonly data: RDDNode<readonly [K, V]>;
  readonly f: MappingFunction<K, V, S, E>;
  readonly timeMs: number;
  /** Keys without a record since time out; null without time-outs. */
  readonly idleSinceMs: number | null;
  /** Time-outs are looked for in this batch. */
  readonly scansAll: boolean;
  /** Whose state it is, for the trace; null for what is no step of it. */
  readonly origin: StreamOrigin | null;
}

export function mapWithState<K, V, S, E>(
  options: MapWithStateOptions<K, V, S, E>,
): RDDNode<StateRecord> {
  const { previous, data } = options;
  return new RDDNode<StateRecord>({
    context: data.context,
    className: "MapWithStateRDD",
    operator: "mapWithState",
    numPartitions: previous.numPartitions,
    dependencies: [oneToOne(previous), oneToOne(data)],
    partitioner: previous.partitioner,
    compute: (rdd, partition, task, push) => {
      const update = new StateUpdating(options, rdd, task, partition);
      push(update.run());
      task.count(rdd, 1);
    },
  });
}

/** Like Spark: MapWithStateRDDRecord.updateRecordWithData. */
class StateUpdating<K, V, S, E> {
  readonly #options: MapWithStateOptions<K, V, S, E>;
  readonly #rdd: RDDNode<unknown>;
  readonly #task: TaskContext;
  readonly #partition: number;
  readonly #mapped: unknown[] = [];
  /** What each key touched had before, and a copy of it where somebody looks. */
  readonly #touched = new KeyMap<unknown>();

  constructor(
    options: MapWithStateOptions<K, V, S, E>,
    rdd: RDDNode<unknown>,
    task: TaskContext,
    partition: number,
  ) {
    this.#options = options;
    this.#rdd = rdd;
    this.#task = task;
    this.#partition = partition;
  }

  run(): StateRecord {
    const { previous, data, idleSinceMs, scansAll } = this.#options;
    const task = this.#task;
    let before: unknown = null;
    task.iterate(previous, this.#partition, (record) => {
      before = record;
    });
    const states = new StateMap(StateRecord.of(previous, before).states);
    task.iterate(data, this.#partition, (record) => {
      requirePair(this.#rdd, task, record);
      this.#update(states, record[0], record[1]);
    });
    const keysWithValues = this.#touched.cells.length;
    if (scansAll && idleSinceMs !== null) this.#timeOut(states, idleSinceMs);
    this.#tell(states, keysWithValues);
    return new StateRecord(states, this.#mapped);
  }

  #update(states: StateMap, key: K, value: V): void {
    const { timeMs, idleSinceMs } = this.#options;
    const known = states.get(key);
    this.#touch(key, known);
    const state = new State<S>(known === null ? null : { value: known.state as S });
    this.#call(key, Some(value), state);
    if (state.isRemoved()) states.remove(key);
    else if (state.isUpdated() || (state.exists() && idleSinceMs !== null)) {
      states.put(key, state.get(), timeMs);
    }
  }

  #timeOut(states: StateMap, idleSinceMs: number): void {
    for (const { key, state } of states.olderThan(idleSinceMs)) {
      this.#touch(key, { state });
      // The map holds keys of every type; those of this stream are K, their states S.
      this.#call(key as K, None, new State<S>({ value: state as S }, true));
      states.remove(key);
    }
  }

  #call(key: K, value: Option<V>, state: State<S>): void {
    const { f, timeMs } = this.#options;
    let mapped: Option<E>;
    try {
      mapped = f(timeMs, key, value, state);
    } catch (thrown) {
      throw this.#task.userError(this.#rdd, thrown, [key, value]);
    }
    if (mapped.isDefined) this.#mapped.push(mapped.get);
  }

  #touch(key: unknown, known: { readonly state: unknown } | null): void {
    if (this.#touched.find(key) !== undefined) return;
    this.#touched.add(key, this.#task.wantsEntries ? copyValue(known?.state ?? null) : null);
  }

  #tell(states: StateMap, keysWithValues: number): void {
    const { origin } = this.#options;
    if (origin === null) return;
    const touched = this.#touched.cells;
    const after = touched.map(({ key }) => states.get(key));
    this.#task.stateUpdated({
      ...origin,
      partition: this.#partition,
      keysTouched: touched.length,
      keysWithValues,
      keysRemoved: after.filter((state) => state === null).length,
      keysKept: states.size,
      entries: this.#task.wantsEntries
        ? touched.map(({ key, value }, index) => ({
            key,
            before: value,
            after: copyValue(after[index]?.state ?? null),
          }))
        : null,
    });
  }
}
