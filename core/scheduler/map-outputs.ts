/** Where the outputs of map tasks are. Like Spark: MapOutputTrackerMaster. */

import type { ShuffleBlock } from "../rdd/shuffle-block.ts";

export interface MapOutput {
  readonly executor: number;
  /** One per reduce partition. */
  readonly blocks: readonly ShuffleBlock[];
}

export class MapOutputs {
  /** By shuffle, then map partition. */
  readonly #outputs = new Map<number, Map<number, MapOutput>>();

  find(shuffle: number, partition: number): MapOutput | null {
    return this.#outputs.get(shuffle)?.get(partition) ?? null;
  }

  store(shuffle: number, partition: number, output: MapOutput): void {
    let outputs = this.#outputs.get(shuffle);
    if (outputs === undefined) {
      outputs = new Map();
      this.#outputs.set(shuffle, outputs);
    }
    outputs.set(partition, output);
  }

  /** Map partitions of a shuffle whose output is nowhere. */
  missing(shuffle: number, numMapPartitions: number): number[] {
    const outputs = this.#outputs.get(shuffle);
    const missing: number[] = [];
    for (let partition = 0; partition < numMapPartitions; partition += 1) {
      if (outputs?.has(partition) !== true) missing.push(partition);
    }
    return missing;
  }

  /** False when it was not there. */
  forget(shuffle: number, partition: number): boolean {
    return this.#outputs.get(shuffle)?.delete(partition) ?? false;
  }

  /** Forgets the outputs of every shuffle that is not in use. */
  retain(inUse: ReadonlySet<number>): void {
    for (const shuffle of this.#outputs.keys()) {
      if (!inUse.has(shuffle)) this.#outputs.delete(shuffle);
    }
  }

  /** Gives how many outputs went with the executor. */
  loseExecutor(executor: number): number {
    let lost = 0;
    for (const outputs of this.#outputs.values()) {
      for (const [partition, output] of outputs) {
        if (output.executor !== executor) continue;
        outputs.delete(partition);
        lost += 1;
      }
    }
    return lost;
  }
}
