/** A piece of a log, and the unit of retention and compaction: batches in offset order.
 *  Like Kafka: LogSegment. */

import { at } from "../base/assert.ts";
import type { RecordBatch } from "./record-batch.ts";

/** Takes batches at its end, and may be cut there. */
export class Segment {
  readonly baseOffset: number;
  #batches: RecordBatch[] = [];
  /** When this replica wrote each batch. Never descends. */
  #writtenMs: number[] = [];
  #sizeBytes = 0;
  #maxTimestampMs = -1;
  #modifiedMs: number;

  /** `modifiedMs` is when that which it replaces was written last. */
  constructor(baseOffset: number, modifiedMs = -1) {
    this.baseOffset = baseOffset;
    this.#modifiedMs = modifiedMs;
  }

  get batches(): readonly RecordBatch[] {
    return this.#batches;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  /** -1 when no record has one. */
  get maxTimestampMs(): number {
    return this.#maxTimestampMs;
  }

  /** What retention and compaction take for its age: the latest time stamp of its records; when
   *  it was written last, where they have none. */
  get largestTimestampMs(): number {
    return this.#maxTimestampMs >= 0 ? this.#maxTimestampMs : this.#modifiedMs;
  }

  /** When it was written last. */
  get modifiedMs(): number {
    return this.#modifiedMs;
  }

  writtenMs(index: number): number {
    return at(this.#writtenMs, index);
  }

  append(batch: RecordBatch, writtenMs: number): void {
    this.#batches.push(batch);
    this.#writtenMs.push(writtenMs);
    this.#sizeBytes += batch.sizeBytes;
    if (writtenMs > this.#modifiedMs) this.#modifiedMs = writtenMs;
    if (batch.maxTimestampMs > this.#maxTimestampMs) this.#maxTimestampMs = batch.maxTimestampMs;
  }

  /** Of the first batch that ends at an offset or after it; their number when none does. */
  indexOf(offset: number): number {
    let [low, high] = [0, this.#batches.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(this.#batches, middle).lastOffset >= offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Of the first batch written after a time; their number when none is. */
  indexWrittenAfter(timeMs: number): number {
    let [low, high] = [0, this.#writtenMs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(this.#writtenMs, middle) > timeMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** How long its oldest batch has waited for it to be rolled, by the time stamps of records.
   *  Like Kafka: LogSegment.timeWaitedForRoll. */
  waitedMs(nowMs: number, incomingTimestampMs: number): number {
    const first = this.#batches[0];
    if (first === undefined) return 0;
    if (first.maxTimestampMs >= 0) return incomingTimestampMs - first.maxTimestampMs;
    return nowMs - at(this.#writtenMs, 0);
  }

  /** Drops the batches that end at an offset or after it. */
  truncateTo(offset: number): void {
    const kept = this.indexOf(offset);
    this.#batches = this.#batches.slice(0, kept);
    this.#writtenMs = this.#writtenMs.slice(0, kept);
    this.#sizeBytes = 0;
    this.#maxTimestampMs = -1;
    for (const batch of this.#batches) {
      this.#sizeBytes += batch.sizeBytes;
      this.#maxTimestampMs = Math.max(this.#maxTimestampMs, batch.maxTimestampMs);
    }
  }
}
