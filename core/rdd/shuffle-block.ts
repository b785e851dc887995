/** What a map task leaves for one reduce partition, and how it comes to it. */

import { at } from "../base/assert.ts";
import { copyValue } from "../record/copy-value.ts";
import { jvmHash } from "../record/jvm-hash.ts";
import { type Cell, KeyMap } from "../record/key-map.ts";
import { type Partitioner, partitionOf } from "./partitioner.ts";

export type Pair = readonly [key: unknown, value: unknown];

/** Pairs as they came; the values of each key as they came, keys in the order of their first; or
 *  one combined value of each key. */
export type ShuffleBlock =
  | { readonly kind: "pairs"; readonly pairs: readonly Pair[] }
  | { readonly kind: "groups"; readonly groups: readonly Cell<readonly unknown[]>[] }
  | { readonly kind: "combined"; readonly cells: readonly Cell<unknown>[] };

/** Of pairs and groups the pairs, however they are kept. */
export function recordsIn(block: ShuffleBlock): number {
  switch (block.kind) {
    case "pairs":
      return block.pairs.length;
    case "groups":
      return block.groups.reduce((records, { value }) => records + value.length, 0);
    case "combined":
      return block.cells.length;
  }
}

/** What a reducer reads is its own: it was serialised on the way. Only values can change, and no
 *  reader changes or hands on what holds them, so a block of primitives is read as it lies. */
export function freshBlock(block: ShuffleBlock): ShuffleBlock {
  switch (block.kind) {
    case "pairs": {
      if (block.pairs.every((pair) => isShared(pair[1]))) return block;
      const pairs = block.pairs.map(([key, value]): Pair => [key, copyValue(value)]);
      return { kind: "pairs", pairs };
    }
    case "groups": {
      if (block.groups.every(({ value }) => value.every(isShared))) return block;
      const groups = block.groups.map((cell) => ({ ...cell, value: cell.value.map(copyValue) }));
      return { kind: "groups", groups };
    }
    case "combined": {
      if (block.cells.every(({ value }) => isShared(value))) return block;
      const cells = block.cells.map((cell) => ({ ...cell, value: copyValue(cell.value) }));
      return { kind: "combined", cells };
    }
  }
}

/** What `copyValue` gives back as it is, whatever it holds. */
function isShared(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

/** The pairs of a map task, one block per reduce partition. */
export class PairBuckets {
  readonly #partitioner: Partitioner;
  readonly #blocks: readonly Pair[][];

  constructor(partitioner: Partitioner) {
    this.#partitioner = partitioner;
    this.#blocks = emptyBlocks<Pair>(partitioner);
  }

  /** Throws: PipelineError KEY_NOT_COMPARABLE; OUT_OF_RANGE for a partition that is not there. */
  add(key: unknown, value: unknown): void {
    at(this.#blocks, partitionOf(this.#partitioner, key)).push([key, value]);
  }

  blocks(): ShuffleBlock[] {
    return this.#blocks.map((pairs) => ({ kind: "pairs", pairs }));
  }
}

/** The same, values gathered by key: a reducer looks a key up once for all of them. Spark moves
 *  every pair; what its reducer gathers is the same. */
export class GroupBuckets {
  readonly #partitioner: Partitioner;
  readonly #known = new KeyMap<unknown[]>();

  constructor(partitioner: Partitioner) {
    this.#partitioner = partitioner;
  }

  /** Throws: PipelineError KEY_NOT_COMPARABLE. */
  add(key: unknown, value: unknown): void {
    const hash = jvmHash(key);
    const known = this.#known.find(key, hash);
    if (known === undefined) this.#known.add(key, [value], hash);
    else known.value.push(value);
  }

  /** Throws: PipelineError OUT_OF_RANGE for a partition that is not there. */
  blocks(): ShuffleBlock[] {
    const blocks = emptyBlocks<Cell<unknown[]>>(this.#partitioner);
    for (const cell of this.#known.cells) {
      at(blocks, partitionOf(this.#partitioner, cell.key, cell.hash)).push(cell);
    }
    return blocks.map((groups) => ({ kind: "groups", groups }));
  }
}

/** One for each reduce partition. */
export function emptyBlocks<T>({ numPartitions }: Partitioner): T[][] {
  return Array.from({ length: numPartitions }, () => []);
}
