/** Values of a key reduced on the driver, without a shuffle.
 *  Like Spark: PairRDDFunctions.reduceByKeyLocally. */

import { jvmHash } from "../record/jvm-hash.ts";
import { type Cell, KeyMap } from "../record/key-map.ts";
import { hashMapOrder } from "./hash-map-order.ts";
import { requirePair } from "./map-partitions.ts";
import type { Action } from "./rdd.ts";

/** Reduced values by key; a value of null is as good as none. */
export class LocalReduction<V> {
  readonly #values = new KeyMap<V>();
  readonly #reduce: (a: V, b: V) => V;

  constructor(reduce: (a: V, b: V) => V) {
    this.#reduce = reduce;
  }

  add(key: unknown, value: V): void {
    const cell = this.#values.find(key);
    if (cell === undefined) this.#values.add(key, value);
    else cell.value = cell.value === null ? value : this.#reduce(cell.value, value);
  }

  /** In the order of the table that Spark keeps them in. */
  entries(): readonly Cell<V>[] {
    const { cells } = this.#values;
    const ordered: Cell<V>[] = [];
    for (const index of hashMapOrder(cells.map((cell) => jvmHash(cell.key)))) {
      const cell = cells[index];
      if (cell !== undefined) ordered.push(cell);
    }
    return ordered;
  }
}

/** What a task of `reduceByKeyLocally` gives: the reduced values of its partition. */
export function reduceLocally<K, V>(
  reduce: (a: V, b: V) => V,
): Action<readonly [K, V], readonly Cell<V>[]> {
  return {
    name: "reduceByKeyLocally",
    run: (task, rdd, partition) => {
      const at = { site: rdd.context.site("reduceByKeyLocally"), origin: rdd.origin };
      const reduced = new LocalReduction(reduce);
      task.iterate(rdd, partition, (record) => {
        requirePair(at, task, record);
        try {
          reduced.add(record[0], record[1]);
        } catch (thrown) {
          throw task.userError(at, thrown, record);
        }
      });
      return reduced.entries();
    },
  };
}
