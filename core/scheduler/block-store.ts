/** Where the partitions of persisted RDDs and the outputs of map tasks are: on executors, and lost
 *  with them. Like Spark: BlockManagerMaster and the block managers it knows; and beside it the
 *  MapOutputTracker. */

import { compareNumbers } from "../base/order.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import { storageTraits } from "../rdd/storage-level.ts";
import type { Runtime } from "../sim/runtime.ts";
import { type DroppedBlock, ExecutorStorage, type StoredBlock } from "./executor-storage.ts";
import { MapOutputs } from "./map-outputs.ts";

export interface CachedBlock {
  readonly executor: number;
  readonly storage: "memory" | "disk";
  readonly records: readonly unknown[];
}

/** A block as Spark's BlockId prints it. */
function blockName(rdd: number, partition: number): string {
  return `rdd_${rdd}_${partition}`;
}

export class BlockStore {
  readonly outputs = new MapOutputs();
  readonly #runtime: Pick<Runtime, "emit">;
  readonly #executors = new Map<number, ExecutorStorage>();
  /** By RDD, then partition: the executors that have it, the first to store it first. */
  readonly #locations = new Map<number, Map<number, number[]>>();

  constructor(runtime: Pick<Runtime, "emit">) {
    this.#runtime = runtime;
  }

  /** Units: records it can hold in memory; null is no limit. */
  addExecutor(executor: number, memoryRecords: number | null): void {
    this.#executors.set(executor, new ExecutorStorage(memoryRecords));
  }

  /** The first copy of a block. */
  cachedBlock(rdd: RDDNode<unknown>, partition: number): CachedBlock | null {
    const executor = this.#locations.get(rdd.id)?.get(partition)?.[0];
    if (executor === undefined) return null;
    const found = this.#executors.get(executor)?.find(blockName(rdd.id, partition)) ?? null;
    if (found === null) return null;
    return { executor, storage: found.storage, records: found.block.records };
  }

  /** Executors that have a partition, the first to store it first. */
  holders(rdd: number, partition: number): readonly number[] {
    return [...(this.#locations.get(rdd)?.get(partition) ?? [])];
  }

  cachedPartitions(rdd: number): number {
    return this.#locations.get(rdd)?.size ?? 0;
  }

  /** Of all its partitions, copies included. */
  cachedRecords(rdd: number): { readonly memory: number; readonly disk: number } {
    const records = { memory: 0, disk: 0 };
    for (const [partition, executors] of this.#locations.get(rdd) ?? []) {
      for (const executor of executors) {
        const found = this.#executors.get(executor)?.find(blockName(rdd, partition)) ?? null;
        if (found !== null) records[found.storage] += found.block.records.length;
      }
    }
    return records;
  }

  /** Keeps what a task computed where its level says, if there is room.
   *  Emits: block.stored, block.dropped. */
  storeBlock(executor: number, block: StoredBlock): void {
    const { rdd, partition } = block;
    if ((this.#locations.get(rdd.id)?.get(partition) ?? []).includes(executor)) return;
    if (!this.#put(executor, block)) return;
    this.#replicate(block, executor);
  }

  /** A task read it: it stays longer in memory, and comes back there from disk if there is room.
   *  Emits: block.stored, block.dropped. */
  useBlock(rdd: RDDNode<unknown>, partition: number): void {
    const cached = this.cachedBlock(rdd, partition);
    if (cached === null) return;
    const name = blockName(rdd.id, partition);
    if (cached.storage === "memory") this.#executors.get(cached.executor)?.touch(name);
    else this.#putInMemory(cached.executor, { rdd, partition, records: cached.records });
  }

  #put(executor: number, block: StoredBlock): boolean {
    if (this.#putInMemory(executor, block)) return true;
    const storage = this.#executors.get(executor);
    if (storage === undefined || !storageTraits(block.rdd.storageLevel).usesDisk) return false;
    storage.putOnDisk(blockName(block.rdd.id, block.partition), block);
    this.#stored(executor, block, "disk");
    return true;
  }

  #putInMemory(executor: number, block: StoredBlock): boolean {
    const { usesMemory, usesOffHeap } = storageTraits(block.rdd.storageLevel);
    // `spark.memory.offHeap.size` is 0: what would be off the heap is on disk.
    if (!usesMemory || usesOffHeap) return false;
    const storage = this.#executors.get(executor);
    const dropped = storage?.putInMemory(blockName(block.rdd.id, block.partition), block) ?? null;
    if (dropped === null) return false;
    for (const one of dropped) this.#dropped(executor, one);
    this.#stored(executor, block, "memory");
    return true;
  }

  #stored(executor: number, block: StoredBlock, storage: "memory" | "disk"): void {
    const { rdd, partition, records } = block;
    let byPartition = this.#locations.get(rdd.id);
    if (byPartition === undefined) {
      byPartition = new Map();
      this.#locations.set(rdd.id, byPartition);
      const { id, name, className, numPartitions: partitions, storageLevel: level } = rdd;
      this.#runtime.emit({
        kind: "rdd.cached",
        rdd: id,
        name: name ?? className,
        level,
        partitions,
      });
    }
    const executors = byPartition.get(partition) ?? [];
    if (!executors.includes(executor)) byPartition.set(partition, [...executors, executor]);
    const name = blockName(rdd.id, partition);
    const stored = { block: name, executor, records: records.length, storage };
    this.#runtime.emit({ kind: "block.stored", ...stored });
  }

  #dropped(executor: number, { block, to }: DroppedBlock): void {
    const { rdd, partition } = block;
    if (to === null) this.#forget(rdd.id, partition, executor);
    const name = blockName(rdd.id, partition);
    this.#runtime.emit({ kind: "block.dropped", block: name, executor, to });
  }

  #forget(rdd: number, partition: number, executor: number): void {
    const byPartition = this.#locations.get(rdd);
    const left = (byPartition?.get(partition) ?? []).filter((one) => one !== executor);
    if (left.length > 0) byPartition?.set(partition, left);
    else byPartition?.delete(partition);
  }

  /** Copies on other executors: the next ones by number. */
  #replicate(block: StoredBlock, from: number): void {
    const { replication } = storageTraits(block.rdd.storageLevel);
    const ids = [...this.#executors.keys()].sort(compareNumbers);
    const peers = [...ids.filter((id) => id > from), ...ids.filter((id) => id < from)];
    for (const peer of peers) {
      const holders = this.#locations.get(block.rdd.id)?.get(block.partition) ?? [];
      if (holders.length >= replication) return;
      if (!holders.includes(peer)) this.#put(peer, block);
    }
  }

  /** Makes up for copies that were lost. Like Spark: `spark.storage.replication.proactive`. */
  replicateAgain(): void {
    for (const [rdd, byPartition] of this.#locations) {
      for (const [partition, executors] of byPartition) {
        const [executor] = executors;
        if (executor === undefined) continue;
        const found = this.#executors.get(executor)?.find(blockName(rdd, partition)) ?? null;
        if (found !== null) this.#replicate(found.block, executor);
      }
    }
  }

  /** Gives the number of blocks removed, copies included. */
  removeBlocks(rdd: number): number {
    let removed = 0;
    for (const [partition, executors] of this.#locations.get(rdd) ?? []) {
      for (const executor of executors) {
        this.#executors.get(executor)?.remove(blockName(rdd, partition));
        removed += 1;
      }
    }
    this.#locations.delete(rdd);
    return removed;
  }

  /** Loses what an executor held. */
  loseExecutor(executor: number): { blocks: string[]; shuffleOutputs: number } {
    const blocks: string[] = [];
    for (const [rdd, byPartition] of this.#locations) {
      for (const [partition, executors] of byPartition) {
        if (!executors.includes(executor)) continue;
        this.#forget(rdd, partition, executor);
        blocks.push(blockName(rdd, partition));
      }
    }
    this.#executors.delete(executor);
    return { blocks, shuffleOutputs: this.outputs.loseExecutor(executor) };
  }
}
