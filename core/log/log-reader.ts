/** Reads records out of batches, as a consumer's fetch does. */

import { at } from "../base/assert.ts";
import { type ConsumerRecord, recordSizeBytes } from "../record/record.ts";
import { BATCH_OVERHEAD_BYTES, type RecordBatch } from "./record-batch.ts";
import type { Segments } from "./segments.ts";
import type { AbortedFilter } from "./transaction-index.ts";

/** Where a read ends at the latest. */
export interface ReadLimits {
  /** Nothing at or above this offset is given. */
  readonly untilOffset: number;
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** What a read finds. */
export interface ReadResult {
  readonly records: readonly ConsumerRecord[];
  /** Where to read on from. */
  readonly nextOffset: number;
}

/** Records of [fromOffset, untilOffset) until a limit is met, at least one where there is one.
 *  Gaps, markers and what a filter hides are stepped over, and count against no limit. */
export function readRecords(
  segments: Segments,
  fromOffset: number,
  limits: ReadLimits,
  filter: AbortedFilter | null,
): ReadResult {
  const reader = new Reader(fromOffset, limits);
  segments.visitFrom(fromOffset, (batch) => {
    if (batch.baseOffset >= limits.untilOffset) return false;
    const isHidden = filter?.hides(batch) === true;
    return isHidden || batch.records.length === 0 || reader.take(batch);
  });
  return reader.result();
}

class Reader {
  readonly #fromOffset: number;
  readonly #limits: ReadLimits;
  readonly #parts: (readonly ConsumerRecord[])[] = [];
  #count = 0;
  #sizeBytes = 0;
  #isFull = false;

  constructor(fromOffset: number, limits: ReadLimits) {
    this.#fromOffset = fromOffset;
    this.#limits = limits;
    this.#isFull = limits.maxRecords <= 0;
  }

  /** False once a limit is met. */
  take({ records, sizeBytes }: RecordBatch): boolean {
    const { untilOffset, maxRecords, maxBytes } = this.#limits;
    if (this.#isFull) return false;
    const first = indexOf(records, this.#fromOffset);
    const last = indexOf(records, untilOffset);
    const isWhole = last - first === records.length;
    const bytes = this.#sizeBytes + sizeBytes - BATCH_OVERHEAD_BYTES;
    if (isWhole && bytes <= maxBytes && this.#count + records.length <= maxRecords) {
      this.#add(records, bytes);
    } else if (first < last) {
      this.#takeSome(records, first, last);
    }
    if (this.#count >= maxRecords) this.#isFull = true;
    return !this.#isFull;
  }

  #takeSome(records: readonly ConsumerRecord[], first: number, last: number): void {
    const { maxRecords, maxBytes } = this.#limits;
    const end = Math.min(last, first + maxRecords - this.#count);
    let bytes = this.#sizeBytes;
    let taken = first;
    while (taken < end && !this.#isFull) {
      const next = bytes + recordSizeBytes(at(records, taken));
      const isFirst = this.#count === 0 && taken === first;
      if (next > maxBytes && !isFirst) this.#isFull = true;
      else [bytes, taken] = [next, taken + 1];
    }
    if (taken > first) this.#add(records.slice(first, taken), bytes);
  }

  #add(records: readonly ConsumerRecord[], sizeBytes: number): void {
    this.#parts.push(records);
    this.#count += records.length;
    this.#sizeBytes = sizeBytes;
  }

  result(): ReadResult {
    const [only] = this.#parts;
    const records = this.#parts.length === 1 && only !== undefined ? only : joined(this.#parts);
    const end = Math.max(this.#fromOffset, this.#limits.untilOffset);
    if (!this.#isFull) return { records, nextOffset: end };
    return { records, nextOffset: (records.at(-1)?.offset ?? this.#fromOffset - 1) + 1 };
  }
}

/** The first record at an offset or after it. */
function indexOf(records: readonly ConsumerRecord[], offset: number): number {
  const base = records[0]?.offset ?? offset;
  if (offset <= base) return 0;
  if (offset > (records.at(-1)?.offset ?? offset)) return records.length;
  // Without gaps the place is known.
  if (records[offset - base]?.offset === offset) return offset - base;
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(records, middle).offset >= offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Not by spreading: parts may be more than a call takes arguments. */
function joined(parts: readonly (readonly ConsumerRecord[])[]): ConsumerRecord[] {
  const records: ConsumerRecord[] = [];
  for (const part of parts) for (const record of part) records.push(record);
  return records;
}
