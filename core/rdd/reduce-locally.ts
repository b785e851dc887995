/** Values of a key reduced on the driver, without a shuffle.
 *  Like Spark: PairRDDFunctions.reduceByKeyLocally. */

import { KeyMap } from "../record/key-map.ts";
import { hashMapOrder } from "../record/hash-map-order.ts";
import { mapPartitionsNode, requirePair } from "./map-partitions.ts";
import type { RDDNode } from "./rdd.ts";

/** Reduced values by key; a value of null is as good as none. */
export class LocalReduction<K, V> {
  readonly #values = new KeyMap<[K, V]>();
  readonly #reduce: (a: V, b: V) => V;

  constructor(reduce: (a: V, b: V) => V) {
    this.#reduce = reduce;
  }

  add(key: K, value: V): void {
    const pair = this.#values.find(key)?.value;
    if (pair === undefined) this.#values.add(key, [key, value]);
    else pair[1] = pair[1] === null ? value : this.#reduce(pair[1], value);
  }

  /** In the order of the table that Spark keeps them in. */
  pairs(): readonly (readonly [K, V])[] {
    const { cells } = this.#values;
    return hashMapOrder(cells.map(({ hash }) => hash)).flatMap((index) => {
      const cell = cells[index];
      return cell === undefined ? [] : [cell.value];
    });
  }
}

/** What the tasks of `reduceByKeyLocally` give: for each partition its reduced values. */
export function reduceLocally<K, V>(
  parent: RDDNode<readonly [K, V]>,
  reduce: (a: V, b: V) => V,
): RDDNode<LocalReduction<K, V>> {
  return mapPartitionsNode<readonly [K, V], LocalReduction<K, V>>({
    parent,
    operator: "reduceByKeyLocally",
    compute: (rdd, partition, task, push) => {
      const reduced = new LocalReduction<K, V>(reduce);
      task.iterate(parent, partition, (record) => {
        requirePair(rdd, task, record);
        try {
          reduced.add(record[0], record[1]);
        } catch (thrown) {
          throw task.userError(rdd, thrown, record);
        }
      });
      push(reduced);
      task.count(rdd, 1);
    },
  });
}
