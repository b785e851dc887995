/** The states of one partition by key, a layer for each batch: a batch's map lies on that of the
 *  batch before and holds what the batch changed, so that a batch costs what it touches and not
 *  what there is. Layers are laid together when a map is written and their chain is long.
 *
 *      batch 3   a: 5      c: removed        get(a) = 5
 *      batch 2             c: 1              get(b) = 2
 *      batch 1   a: 4  b: 2                  get(c) is none
 *
 *  Like Spark: OpenHashMapBasedStateMap (S/util/StateMap.scala), whose order of keys this keeps. */

import { assert } from "../base/assert.ts";
import { KeyMap } from "../record/key-map.ts";
import { slotOrder } from "./slot-order.ts";

/** `spark.streaming.sessionByKey.deltaChainThreshold`. */
const CHAIN_MAX = 20;
const INITIAL_CAPACITY = 64;

interface StateInfo {
  state: unknown;
  updatedMs: number;
  isRemoved: boolean;
}

/** A key with its state and when it was last updated. */
export interface StateEntry {
  readonly key: unknown;
  readonly state: unknown;
  readonly updatedMs: number;
}

/** What is written of a map: the newest layer, removed keys included, and all below as one. */
export interface WrittenStateMap {
  readonly delta: readonly (StateEntry & { readonly isRemoved: boolean })[];
  readonly sizeHint: number;
  readonly parent: readonly StateEntry[];
}

export class StateMap {
  readonly #delta = new KeyMap<StateInfo>();
  readonly #capacity: number;
  #parent: StateMap | null;
  #size: number;

  constructor(parent: StateMap | null = null, capacity = INITIAL_CAPACITY) {
    this.#parent = parent;
    this.#capacity = capacity;
    this.#size = parent?.size ?? 0;
  }

  /** Keys that have a state. */
  get size(): number {
    return this.#size;
  }

  get(key: unknown): { readonly state: unknown } | null {
    const info = this.#find(key);
    return info === null || info.isRemoved ? null : info;
  }

  #find(key: unknown): StateInfo | null {
    const own = this.#delta.find(key);
    if (own !== undefined) return own.value;
    // The chain is as long as batches passed since it was last written: at most some tens.
    return this.#parent === null ? null : this.#parent.#find(key);
  }

  put(key: unknown, state: unknown, updatedMs: number): void {
    if (this.get(key) === null) this.#size += 1;
    this.#set(key, { state, updatedMs, isRemoved: false });
  }

  remove(key: unknown): void {
    if (this.get(key) !== null) this.#size -= 1;
    assert(this.#size >= 0, "a map of states must not lose more keys than it had");
    const own = this.#delta.find(key);
    // A key removed keeps its place in the layer.
    if (own === undefined) this.#set(key, { state: null, updatedMs: -1, isRemoved: true });
    else own.value.isRemoved = true;
  }

  #set(key: unknown, info: StateInfo): void {
    const own = this.#delta.find(key);
    if (own === undefined) this.#delta.add(key, info);
    else own.value = info;
  }

  /** All states: those of older layers first, each layer in the order of its table's slots. */
  entries(): StateEntry[] {
    const below = this.#parent?.entries() ?? [];
    const older = below.filter(({ key }) => this.#delta.find(key) === undefined);
    const own = this.#layer().filter(({ isRemoved }) => !isRemoved);
    return [...older, ...own.map(({ key, state, updatedMs }) => ({ key, state, updatedMs }))];
  }

  /** States not updated since. */
  olderThan(thresholdMs: number): StateEntry[] {
    return this.entries().filter(({ updatedMs }) => updatedMs < thresholdMs);
  }

  #layer(): (StateEntry & { isRemoved: boolean })[] {
    const { cells } = this.#delta;
    const nullIndex = cells.findIndex(({ key }) => key === null);
    const hashes = cells.map(({ hash }) => hash);
    return slotOrder(hashes, nullIndex, this.#capacity).flatMap((index) => {
      const cell = cells[index];
      return cell === undefined ? [] : [{ key: cell.key, ...cell.value }];
    });
  }

  get #chainLength(): number {
    return this.#parent === null ? 0 : this.#parent.#chainLength + 1;
  }

  /** Keys of all layers, those that are there twice counted twice. */
  get #approximateSize(): number {
    const below = this.#parent === null ? 0 : this.#parent.#approximateSize;
    return this.#delta.cells.length + below;
  }

  /** Lays the layers below together where there are many.
   *  Like Spark: OpenHashMapBasedStateMap.writeObjectInternal. */
  write(): WrittenStateMap {
    const sizeHint = this.#approximateSize;
    const parent = this.#parent?.entries() ?? [];
    if (this.#chainLength >= CHAIN_MAX) {
      this.#parent = laidTogether(parent, sizeHint > 0 ? sizeHint : INITIAL_CAPACITY);
    }
    return { delta: this.#layer(), sizeHint, parent };
  }

  static read({ delta, sizeHint, parent }: WrittenStateMap): StateMap {
    const below = laidTogether(parent, Math.max(sizeHint, INITIAL_CAPACITY));
    const map = new StateMap(below, delta.length === 0 ? INITIAL_CAPACITY : delta.length);
    for (const { key, state, updatedMs, isRemoved } of delta) {
      if (isRemoved) map.remove(key);
      else map.put(key, state, updatedMs);
    }
    return map;
  }
}

function laidTogether(entries: readonly StateEntry[], capacity: number): StateMap {
  const map = new StateMap(null, capacity);
  for (const { key, state, updatedMs } of entries) map.put(key, state, updatedMs);
  return map;
}
