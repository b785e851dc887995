/** The cached blocks of one executor: in its memory, up to a limit, and on its disk.
 *  Like Spark: MemoryStore and DiskStore. A block that needs room evicts what was used longest ago,
 *  never a block of its own RDD, and nothing at all when that would not be enough. */

import type { RDDNode } from "../rdd/rdd.ts";
import { storageTraits } from "../rdd/storage-level.ts";

export interface StoredBlock {
  readonly rdd: RDDNode<unknown>;
  readonly partition: number;
  readonly records: readonly unknown[];
}

/** Where a block went that had to leave the memory. */
export interface DroppedBlock {
  readonly block: StoredBlock;
  readonly to: "disk" | null;
}

export class ExecutorStorage {
  /** Records; null is no limit. */
  readonly #limit: number | null;
  /** What was used longest ago comes first. */
  readonly #memory = new Map<string, StoredBlock>();
  readonly #disk = new Map<string, StoredBlock>();
  #used = 0;

  constructor(limit: number | null) {
    this.#limit = limit;
  }

  find(name: string): { readonly block: StoredBlock; readonly storage: "memory" | "disk" } | null {
    const inMemory = this.#memory.get(name);
    if (inMemory !== undefined) return { block: inMemory, storage: "memory" };
    const onDisk = this.#disk.get(name);
    return onDisk === undefined ? null : { block: onDisk, storage: "disk" };
  }

  /** It was used now. */
  touch(name: string): void {
    const block = this.#memory.get(name);
    if (block === undefined) return;
    this.#memory.delete(name);
    this.#memory.set(name, block);
  }

  /** Shape: what had to leave for it; null when it does not fit. */
  putInMemory(name: string, block: StoredBlock): readonly DroppedBlock[] | null {
    const evicted = this.#makeRoom(block);
    if (evicted === null) return null;
    const dropped = evicted.map(([victim, old]) => this.#drop(victim, old));
    this.#memory.set(name, block);
    this.#used += block.records.length;
    return dropped;
  }

  #makeRoom({ rdd, records }: StoredBlock): readonly (readonly [string, StoredBlock])[] | null {
    if (this.#limit === null) return [];
    if (records.length > this.#limit) return null;
    let needed = this.#used + records.length - this.#limit;
    const evicted: (readonly [string, StoredBlock])[] = [];
    for (const entry of this.#memory) {
      if (needed <= 0) break;
      if (entry[1].rdd.id === rdd.id) continue;
      evicted.push(entry);
      needed -= entry[1].records.length;
    }
    return needed <= 0 ? evicted : null;
  }

  #drop(name: string, block: StoredBlock): DroppedBlock {
    this.#memory.delete(name);
    this.#used -= block.records.length;
    if (!storageTraits(block.rdd.storageLevel).usesDisk) return { block, to: null };
    this.#disk.set(name, block);
    return { block, to: "disk" };
  }

  putOnDisk(name: string, block: StoredBlock): void {
    this.#disk.set(name, block);
  }

  remove(name: string): void {
    const block = this.#memory.get(name);
    if (block !== undefined) this.#used -= block.records.length;
    this.#memory.delete(name);
    this.#disk.delete(name);
  }
}
