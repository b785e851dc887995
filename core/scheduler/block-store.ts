/** Where the partitions of persisted RDDs and the outputs of map tasks are: on an executor, and
 *  lost with it. Like Spark: BlockManagerMaster and MapOutputTracker, in one place. */

import type { RDDNode, ShuffleBlock } from "../rdd/rdd.ts";

interface CachedBlock {
  readonly executor: number;
  readonly records: readonly unknown[];
}

interface MapOutput {
  readonly executor: number;
  /** One per reduce partition. */
  readonly blocks: readonly ShuffleBlock[];
}

export class BlockStore {
  /** By RDD, then partition. */
  readonly #cached = new Map<number, Map<number, CachedBlock>>();
  /** By shuffle, then map partition. */
  readonly #outputs = new Map<number, Map<number, MapOutput>>();

  cachedBlock(rdd: RDDNode<unknown>, partition: number): CachedBlock | null {
    return this.#cached.get(rdd.id)?.get(partition) ?? null;
  }

  /** True when each partition is cached somewhere. */
  isFullyCached(rdd: RDDNode<unknown>): boolean {
    return rdd.numPartitions > 0 && this.#cached.get(rdd.id)?.size === rdd.numPartitions;
  }

  storeBlock(rdd: RDDNode<unknown>, partition: number, block: CachedBlock): void {
    let blocks = this.#cached.get(rdd.id);
    if (blocks === undefined) {
      blocks = new Map();
      this.#cached.set(rdd.id, blocks);
    }
    blocks.set(partition, block);
  }

  /** Gives the number of blocks removed. */
  removeBlocks(rdd: number): number {
    const removed = this.#cached.get(rdd)?.size ?? 0;
    this.#cached.delete(rdd);
    return removed;
  }

  mapOutput(shuffle: number, partition: number): MapOutput | null {
    return this.#outputs.get(shuffle)?.get(partition) ?? null;
  }

  storeMapOutput(shuffle: number, partition: number, output: MapOutput): void {
    let outputs = this.#outputs.get(shuffle);
    if (outputs === undefined) {
      outputs = new Map();
      this.#outputs.set(shuffle, outputs);
    }
    outputs.set(partition, output);
  }

  /** Map partitions of a shuffle whose output is nowhere. */
  missingOutputs(shuffle: number, numMapPartitions: number): number[] {
    const outputs = this.#outputs.get(shuffle);
    const missing: number[] = [];
    for (let partition = 0; partition < numMapPartitions; partition += 1) {
      if (outputs?.has(partition) !== true) missing.push(partition);
    }
    return missing;
  }

  /** Forgets the outputs of every shuffle that is not in use. */
  retainShuffles(inUse: ReadonlySet<number>): void {
    for (const shuffle of this.#outputs.keys()) {
      if (!inUse.has(shuffle)) this.#outputs.delete(shuffle);
    }
  }

  /** Loses what an executor held. */
  loseExecutor(executor: number): { blocks: string[]; shuffleOutputs: number } {
    const blocks: string[] = [];
    for (const [rdd, byPartition] of this.#cached) {
      for (const [partition, block] of byPartition) {
        if (block.executor !== executor) continue;
        byPartition.delete(partition);
        blocks.push(`rdd_${rdd}_${partition}`);
      }
    }
    let shuffleOutputs = 0;
    for (const outputs of this.#outputs.values()) {
      for (const [partition, output] of outputs) {
        if (output.executor !== executor) continue;
        outputs.delete(partition);
        shuffleOutputs += 1;
      }
    }
    return { blocks, shuffleOutputs };
  }
}
