/** The aborted transactions of a log: what `read_committed` leaves out.
 *  Like Kafka: TransactionIndex, and CompletedFetch of its Java consumer. */

import { compareNumbers } from "../base/order.ts";
import type { RecordBatch } from "./record-batch.ts";

/** One that a marker has aborted. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Of its marker, inclusive. */
  readonly lastOffset: number;
  /** When the marker came: no transaction that ends later begins before it. */
  readonly lastStableOffset: number;
}

/** The aborted transactions of one log. */
export class TransactionIndex {
  /** By `lastOffset`: markers come in this order. */
  #aborted: AbortedTransaction[] = [];

  append(transaction: AbortedTransaction): void {
    this.#aborted.push(transaction);
  }

  get isEmpty(): boolean {
    return this.#aborted.length === 0;
  }

  get all(): readonly AbortedTransaction[] {
    return this.#aborted;
  }

  /** Those with records in a range of offsets, in the order of their markers. */
  overlapping(fromOffset: number, untilOffset: number): AbortedTransaction[] {
    const found: AbortedTransaction[] = [];
    for (let index = this.#indexOf(fromOffset); index < this.#aborted.length; index += 1) {
      const aborted = this.#aborted[index];
      if (aborted === undefined) break;
      if (aborted.firstOffset < untilOffset) found.push(aborted);
      if (aborted.lastStableOffset >= untilOffset) break;
    }
    return found;
  }

  /** The first that ends at an offset or after it. */
  #indexOf(offset: number): number {
    let [low, high] = [0, this.#aborted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#aborted[middle]?.lastOffset ?? Infinity) >= offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  truncateTo(offset: number): void {
    this.#aborted.length = this.#indexOf(offset);
  }

  /** Forgets what ended before an offset. */
  dropBefore(offset: number): void {
    const count = this.#indexOf(offset);
    if (count > 0) this.#aborted = this.#aborted.slice(count);
  }

  /** Keeps of those that end before an offset the ones given. */
  replaceBefore(offset: number, kept: readonly AbortedTransaction[]): void {
    this.#aborted = [...kept, ...this.#aborted.slice(this.#indexOf(offset))];
  }
}

/** Tells which batches belong to aborted transactions. Has to be shown every batch of the range,
 *  in order. */
export class AbortedFilter {
  readonly #aborted: readonly AbortedTransaction[];
  readonly #producers = new Set<number>();
  #next = 0;

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#aborted = aborted.toSorted((a, b) => compareNumbers(a.firstOffset, b.firstOffset));
  }

  hides(batch: RecordBatch): boolean {
    for (;;) {
      const next = this.#aborted[this.#next];
      if (next === undefined || next.firstOffset > batch.lastOffset) break;
      this.#producers.add(next.producerId);
      this.#next += 1;
    }
    if (batch.control === "ABORT") this.#producers.delete(batch.producerId);
    return batch.isTransactional && this.#producers.has(batch.producerId);
  }
}
