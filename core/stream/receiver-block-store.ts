/** Blocks that receivers stored: on one executor, or on two where the level says so, and lost with
 *  the last. Like Spark: BlockManager and BlockManagerMaster, for StreamBlockIds; a lost copy is
 *  made again elsewhere (`spark.storage.replication.proactive`). */

import { compareNumbers } from "../base/order.ts";
import { copyValue } from "../record/copy-value.ts";

interface StoredBlock {
  readonly records: readonly unknown[];
  readonly copies: number;
  readonly holders: Set<number>;
}

export class ReceiverBlockStore {
  readonly #executors: () => readonly number[];
  readonly #blocks = new Map<string, StoredBlock>();

  /** `executors` gives those alive, ascending. */
  constructor(executors: () => readonly number[]) {
    this.#executors = executors;
  }

  /** Gives the executors that hold it: the receiver's own, and the next one for a second copy. */
  put(
    block: string,
    records: readonly unknown[],
    on: { readonly executor: number; readonly copies: number },
  ): readonly number[] {
    const stored = {
      records: records.map((record) => copyValue(record)),
      copies: on.copies,
      holders: new Set([on.executor]),
    };
    this.#blocks.set(block, stored);
    this.#replicate(stored, on.executor);
    return this.holders(block);
  }

  #replicate({ holders, copies }: StoredBlock, from: number): void {
    const others = this.#executors();
    const after = [...others.filter((id) => id > from), ...others.filter((id) => id < from)];
    for (const id of after) {
      if (holders.size >= copies) return;
      holders.add(id);
    }
  }

  holders(block: string): readonly number[] {
    return [...(this.#blocks.get(block)?.holders ?? [])].sort(compareNumbers);
  }

  read(block: string): readonly unknown[] | null {
    return this.#blocks.get(block)?.records ?? null;
  }

  remove(blocks: readonly string[]): number {
    return blocks.filter((block) => this.#blocks.delete(block)).length;
  }

  /** Gives the blocks whose last copy went. */
  loseExecutor(executor: number): string[] {
    const lost: string[] = [];
    for (const [block, stored] of this.#blocks) {
      if (!stored.holders.delete(executor)) continue;
      const [left] = stored.holders;
      if (left !== undefined) this.#replicate(stored, left);
      else {
        this.#blocks.delete(block);
        lost.push(block);
      }
    }
    return lost;
  }
}
