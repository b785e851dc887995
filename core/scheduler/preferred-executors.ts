/** Where a partition is best computed: where it is cached, where its leaf has its data, or where
 *  most of what it reads from a shuffle was written.
 *  Like Spark: DAGScheduler.getPreferredLocs and getCacheLocs. */

import type { RDDNode } from "../rdd/rdd.ts";
import { recordsIn } from "../rdd/shuffle-block.ts";
import type { BlockStore } from "./block-store.ts";

/** DAGScheduler.REDUCER_PREF_LOCS_FRACTION, in parts of a hundred. */
const FRACTION_PERCENT = 20;
/** DAGScheduler.SHUFFLE_PREF_MAP_THRESHOLD and SHUFFLE_PREF_REDUCE_THRESHOLD. */
const PARTITIONS_MAX = 1000;

export class PreferredExecutors {
  readonly #store: BlockStore;
  /** By RDD, then partition: who cached it when it was first asked since the last `forget`. It may
   *  be out of date, and that is seen in how `coalesce` groups. */
  readonly #cached = new Map<number, readonly (readonly number[])[]>();

  constructor(store: BlockStore) {
    this.#store = store;
  }

  /** What is cached is looked up anew. */
  forget(): void {
    this.#cached.clear();
  }

  isFullyCached(rdd: RDDNode<unknown>): boolean {
    const cached = this.#cachedOn(rdd);
    return cached.length > 0 && cached.every((executors) => executors.length > 0);
  }

  /** The best first. */
  of(rdd: RDDNode<unknown>, partition: number): readonly number[] {
    return this.#find(rdd, partition, new Set());
  }

  #cachedOn(rdd: RDDNode<unknown>): readonly (readonly number[])[] {
    const known = this.#cached.get(rdd.id);
    if (known !== undefined) return known;
    const count = rdd.storageLevel === "NONE" ? 0 : rdd.numPartitions;
    const found = Array.from({ length: count }, (_, partition) =>
      this.#store.holders(rdd.id, partition),
    );
    this.#cached.set(rdd.id, found);
    return found;
  }

  #find(rdd: RDDNode<unknown>, partition: number, seen: Set<string>): readonly number[] {
    const name = `${rdd.id}/${partition}`;
    if (seen.has(name)) return [];
    seen.add(name);
    const cached = this.#cachedOn(rdd)[partition] ?? [];
    if (cached.length > 0) return cached;
    const own = this.#ownOf(rdd, partition);
    if (own.length > 0) return own;
    for (const dependency of rdd.dependencies) {
      if (dependency.kind === "shuffle") continue;
      for (const parent of dependency.parents(partition)) {
        const found = this.#find(dependency.rdd, parent, seen);
        if (found.length > 0) return found;
      }
    }
    return [];
  }

  #ownOf(rdd: RDDNode<unknown>, partition: number): readonly number[] {
    const [dependency] = rdd.dependencies;
    if (rdd.className !== "ShuffledRDD" || dependency?.kind !== "shuffle") {
      return rdd.preferredExecutors(partition);
    }
    const numMaps = dependency.rdd.numPartitions;
    if (numMaps >= PARTITIONS_MAX || rdd.numPartitions >= PARTITIONS_MAX) return [];
    const sizes = new Map<number, number>();
    let total = 0;
    for (let map = 0; map < numMaps; map += 1) {
      const output = this.#store.outputs.find(dependency.shuffle, map);
      const block = output?.blocks[partition];
      // Records stand for bytes.
      const size = block === undefined ? 0 : recordsIn(block);
      if (output === null || size === 0) continue;
      sizes.set(output.executor, (sizes.get(output.executor) ?? 0) + size);
      total += size;
    }
    return [...sizes].flatMap(([executor, size]) =>
      size * 100 >= total * FRACTION_PERCENT ? [executor] : [],
    );
  }
}
