/** Combining the values of equal keys: on the map side before a shuffle, on the reduce side after
 *  it, and in place where no shuffle is needed. */

import { at } from "../base/assert.ts";
import type { Cell, KeyMap } from "../record/key-map.ts";
import { jvmHash, partitionedKeyHash } from "../record/jvm-hash.ts";
import { type Partitioner, partitionOf } from "./partitioner.ts";
import type { Aggregator } from "./rdd.ts";
import { hashOrder } from "./hash-order.ts";
import { emptyBlocks, type ShuffleBlock } from "./shuffle-block.ts";
import { slotOrder } from "./slot-order.ts";

/** Adds one pair to the combined values of its key. */
export function combineValue(
  combined: KeyMap<unknown>,
  aggregator: Aggregator,
  key: unknown,
  value: unknown,
): void {
  const hash = jvmHash(key);
  const cell = combined.find(key, hash);
  if (cell === undefined) combined.add(key, aggregator.create(value), hash);
  else cell.value = aggregator.mergeValue(cell.value, value);
}

/** The cells of a map task, one block per reduce partition. Shape: within a block by the hash code
 *  of the key; equal ones by the slots of Spark's table, whose key is `(partition, key)`.
 *  Like Spark: ExternalSorter, which compares hash codes where keys have no order of their own. */
export function partitionCells(
  combined: KeyMap<unknown>,
  partitioner: Partitioner,
): ShuffleBlock[] {
  const { cells } = combined;
  const targets = cells.map(({ key, hash }) => partitionOf(partitioner, key, hash));
  const hashes = cells.map(({ key, hash }, index) =>
    partitionedKeyHash(at(targets, index), key, hash),
  );
  const ordered = hashOrder(slotOrder(hashes), hashCodes(cells));
  const blocks = emptyBlocks<Cell<unknown>>(partitioner);
  for (const index of ordered) at(blocks, at(targets, index)).push(at(cells, index));
  return blocks.map((block) => ({ kind: "combined", cells: block }));
}

/** The cells in the order Spark's reduce side gives them. */
export function inSlotOrder<C>(combined: KeyMap<C>): Cell<C>[] {
  const { cells } = combined;
  const nullIndex = cells.findIndex((cell) => cell.key === null);
  return slotOrder(hashCodes(cells), nullIndex).map((index) => at(cells, index));
}

function hashCodes(cells: readonly Cell<unknown>[]): number[] {
  return cells.map(({ hash }) => hash);
}
