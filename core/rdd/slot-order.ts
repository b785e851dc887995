/** The order in which Spark's AppendOnlyMap gives its entries back. Spark does not promise it, but
 *  a learner who runs the same program on `local` sees it, so we give the same. Only the order of
 *  distinct keys matters, so it is worked out once per task, after combining in a plain Map.
 *  Like Spark: org.apache.spark.util.collection.AppendOnlyMap, Hashing.murmur3_32.hashInt. */

import { at } from "../base/assert.ts";
import { rehash } from "../record/jvm-hash.ts";

const INITIAL_CAPACITY = 64;

/** Shape: hash codes of distinct keys in the order they were inserted -> their indexes in the
 *  order of the table's slots; the null key, where `nullIndex` >= 0, comes first. A table made for
 *  `capacityMin` keys has the next power of two as its slots. */
export function slotOrder(
  hashes: readonly number[],
  nullIndex = -1,
  capacityMin = INITIAL_CAPACITY,
): number[] {
  let capacity = 1;
  while (capacity < capacityMin) capacity *= 2;
  let slots = new Int32Array(capacity).fill(-1);
  let size = 0;
  const place = (index: number): void => {
    const mask = capacity - 1;
    let position = rehash(at(hashes, index)) & mask;
    for (let step = 1; slots[position] !== -1; step += 1) position = (position + step) & mask;
    slots[position] = index;
  };
  for (let index = 0; index < hashes.length; index += 1) {
    if (index !== nullIndex) place(index);
    size += 1;
    if (size > Math.floor(0.7 * capacity)) {
      const old = slots;
      capacity *= 2;
      slots = new Int32Array(capacity).fill(-1);
      for (const kept of old) if (kept !== -1) place(kept);
    }
  }
  const order: number[] = nullIndex >= 0 ? [nullIndex] : [];
  for (const index of slots) if (index !== -1) order.push(index);
  return order;
}
