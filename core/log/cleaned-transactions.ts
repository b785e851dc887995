/** Follows transactions through a log while it is compacted: which batches were aborted, and which
 *  markers have nothing left to mark. Like Kafka: CleanedTransactionMetadata. */

import { isCleanedMarker, type RecordBatch } from "./record-batch.ts";
import type { AbortedTransaction } from "./transaction-index.ts";

interface Ongoing {
  readonly transaction: AbortedTransaction;
  hasBatches: boolean;
}

/** Of one pass over a log. */
export class CleanedTransactions {
  /** By first offset. */
  readonly #aborted: readonly AbortedTransaction[];
  #next = 0;
  readonly #ongoingAborted = new Map<number, Ongoing>();
  readonly #ongoingCommitted = new Set<number>();
  readonly #kept: AbortedTransaction[] = [];

  /** Shape: by first offset. */
  constructor(aborted: readonly AbortedTransaction[]) {
    this.#aborted = aborted;
  }

  /** Aborted transactions of which something is left, in the order of their markers. */
  get kept(): readonly AbortedTransaction[] {
    return this.#kept;
  }

  /** True when the records of the batch, or the marker it is, do not count any more. Has to be
   *  shown every batch, in order. */
  isDone(batch: RecordBatch): boolean {
    this.#begin(batch.lastOffset);
    if (isCleanedMarker(batch)) return true;
    if (batch.control !== null) return this.#isMarkerDone(batch);
    if (!batch.isTransactional) return false;
    const aborted = this.#ongoingAborted.get(batch.producerId);
    if (aborted === undefined) this.#ongoingCommitted.add(batch.producerId);
    else aborted.hasBatches = true;
    return aborted !== undefined;
  }

  #begin(untilOffset: number): void {
    for (;;) {
      const transaction = this.#aborted[this.#next];
      if (transaction === undefined || transaction.firstOffset > untilOffset) return;
      this.#ongoingAborted.set(transaction.producerId, { transaction, hasBatches: false });
      this.#next += 1;
    }
  }

  #isMarkerDone({ control, producerId }: RecordBatch): boolean {
    if (control === "COMMIT") return !this.#ongoingCommitted.delete(producerId);
    const ongoing = this.#ongoingAborted.get(producerId);
    this.#ongoingAborted.delete(producerId);
    if (ongoing?.hasBatches !== true) return true;
    this.#kept.push(ongoing.transaction);
    return false;
  }
}
