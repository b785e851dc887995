/** Pairs on their way through a shuffle as they came, nothing combined. A key that comes again is
 *  written once, and the pairs say which of the keys is theirs, so that a reducer looks each key up
 *  once however many values it has.
 *
 *      (a,1) (b,1) (a,2)        keys a b    places 0 1 0    values 1 1 2
 *
 *  Spark writes every pair; what comes out is the same. */

import { at } from "../base/assert.ts";
import { jvmHash } from "../record/jvm-hash.ts";
import { KeyMap } from "../record/key-map.ts";
import { type Partitioner, partitionOf } from "./partitioner.ts";

/** A key, with its hash code where that is known. */
export interface HashedKey {
  readonly key: unknown;
  readonly hash: number | undefined;
}

/** What a map task left for one reduce partition. Shape: pair i is `keys[places[i]]` with
 *  `values[i]`; the keys in the order they came first. */
export interface PairBlock {
  readonly combined: false;
  readonly keys: readonly HashedKey[];
  readonly places: readonly number[];
  readonly values: readonly unknown[];
}

class PairBlockBuilder implements PairBlock {
  readonly combined = false;
  readonly keys: HashedKey[] = [];
  readonly places: number[] = [];
  readonly values: unknown[] = [];
}

/** Where a key is: the block, and its place among the keys there. */
interface Placed {
  readonly block: PairBlockBuilder;
  readonly place: number;
}

/** The pairs of a map task, one block per reduce partition. */
export class PairBuckets {
  readonly #partitioner: Partitioner;
  readonly #blocks: PairBlockBuilder[] = [];
  readonly #known = new KeyMap<Placed>();

  constructor(partitioner: Partitioner) {
    this.#partitioner = partitioner;
    for (let i = 0; i < partitioner.numPartitions; i += 1)
      this.#blocks.push(new PairBlockBuilder());
  }

  /** Throws: PipelineError KEY_NOT_COMPARABLE; OUT_OF_RANGE for a partition that is not there. */
  add(key: unknown, value: unknown): void {
    const { block, place } = this.#place(key);
    block.places.push(place);
    block.values.push(value);
  }

  #place(key: unknown): Placed {
    // Not hashed: another partitioner than Spark's may take keys without a hash code.
    if (!isInterchangeable(key)) return this.#append({ key, hash: undefined });
    const hash = jvmHash(key);
    const known = this.#known.find(key, hash);
    if (known !== undefined) return known.value;
    const placed = this.#append({ key, hash });
    this.#known.add(key, placed, hash);
    return placed;
  }

  #append(hashed: HashedKey): Placed {
    const { key, hash } = hashed;
    const block = at(this.#blocks, partitionOf(this.#partitioner, key, hash));
    return { block, place: block.keys.push(hashed) - 1 };
  }

  blocks(): readonly PairBlock[] {
    return this.#blocks;
  }
}

/** Nothing tells an equal key from this one, as -0 can be told from 0. */
function isInterchangeable(key: unknown): boolean {
  return typeof key === "string" || (typeof key === "number" && key !== 0);
}

/** Gives `take` each pair as it came. */
export function forEachPair(
  { keys, places, values }: PairBlock,
  take: (key: unknown, value: unknown) => void,
): void {
  for (let i = 0; i < values.length; i += 1) take(at(keys, at(places, i)).key, values[i]);
}
