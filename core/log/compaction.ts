/** Keeps the last record of each key of a log's closed segments.
 *  Like Kafka: LogCleaner.Cleaner, and MemoryRecords.filterTo. */

import { at } from "../base/assert.ts";
import { compareNumbers } from "../base/order.ts";
import type { ConsumerRecord } from "../record/record.ts";
import { CleanedTransactions } from "./cleaned-transactions.ts";
import type { LogConfig } from "./log-config.ts";
import type { ProducerEntry } from "./producer-entry.ts";
import { BATCH_OVERHEAD_BYTES, isCleanedMarker, type RecordBatch } from "./record-batch.ts";
import { Segment } from "./segment.ts";
import type { AbortedTransaction } from "./transaction-index.ts";
import { wireSizeBytes } from "./wire-size.ts";

/** What a pass goes over. */
export interface CompactionInput {
  /** The closed segments below `untilOffset`. */
  readonly segments: readonly Segment[];
  readonly firstDirtyOffset: number;
  readonly untilOffset: number;
  /** That end in the segments. */
  readonly aborted: readonly AbortedTransaction[];
  readonly producers: readonly ProducerEntry[];
  readonly config: LogConfig;
  readonly nowMs: number;
}

/** What comes of a pass. */
export interface Compacted {
  readonly segments: readonly Segment[];
  /** Of those that end in the segments, the ones of which something is left. */
  readonly aborted: readonly AbortedTransaction[];
  /** Records, without markers. */
  readonly removed: number;
}

/** One pass: learns the last offset of each key where the log is dirty, then copies all segments
 *  without what is superseded. */
export function compact(input: CompactionInput): Compacted {
  const lastOffsets = lastOffsetsByKey(input);
  const transactions = new CleanedTransactions(byFirstOffset(input.aborted));
  const cleaner = new Cleaner(input, lastOffsets, transactions);
  const segments = groups(input.segments, input.config.segmentBytes).map((group) => {
    const last = at(group, group.length - 1);
    const cleaned = new Segment(at(group, 0).baseOffset, last.modifiedMs);
    for (const segment of group) {
      for (const [index, batch] of segment.batches.entries()) {
        const kept = cleaner.clean(batch);
        if (kept !== null) cleaned.append(kept, segment.writtenMs(index));
      }
    }
    return cleaned;
  });
  return { segments, aborted: transactions.kept, removed: cleaner.removed };
}

function byFirstOffset(aborted: readonly AbortedTransaction[]): AbortedTransaction[] {
  return aborted.toSorted((a, b) => compareNumbers(a.firstOffset, b.firstOffset));
}

function lastOffsetsByKey(input: CompactionInput): ReadonlyMap<string, number> {
  const { segments, firstDirtyOffset } = input;
  const lastOffsets = new Map<string, number>();
  const aborted = input.aborted.filter(({ lastOffset }) => lastOffset >= firstDirtyOffset);
  const transactions = new CleanedTransactions(byFirstOffset(aborted));
  for (const segment of segments) {
    for (const batch of segment.batches) {
      if (batch.lastOffset < firstDirtyOffset || transactions.isDone(batch)) continue;
      for (const { key, offset } of batch.records) {
        if (key !== null && offset >= firstDirtyOffset) lastOffsets.set(key, offset);
      }
    }
  }
  return lastOffsets;
}

/** Neighbours that fit into one segment together become one. */
function groups(segments: readonly Segment[], segmentBytes: number): Segment[][] {
  const found: Segment[][] = [];
  let sizeBytes = 0;
  for (const segment of segments) {
    const group = found.at(-1);
    if (group === undefined || sizeBytes + segment.sizeBytes > segmentBytes) {
      found.push([segment]);
      sizeBytes = segment.sizeBytes;
    } else {
      group.push(segment);
      sizeBytes += segment.sizeBytes;
    }
  }
  return found;
}

class Cleaner {
  readonly #input: CompactionInput;
  readonly #lastOffsets: ReadonlyMap<string, number>;
  readonly #transactions: CleanedTransactions;
  readonly #producers: ReadonlyMap<number, ProducerEntry>;
  removed = 0;

  constructor(
    input: CompactionInput,
    lastOffsets: ReadonlyMap<string, number>,
    transactions: CleanedTransactions,
  ) {
    this.#input = input;
    this.#lastOffsets = lastOffsets;
    this.#transactions = transactions;
    this.#producers = new Map(input.producers.map((entry) => [entry.producerId, entry]));
  }

  /** What is left of a batch; null when it goes as a whole. */
  clean(batch: RecordBatch): RecordBatch | null {
    const isDone = this.#transactions.isDone(batch);
    const isMarker = batch.control !== null;
    const isDiscarded = isDone && (!isMarker || this.#isPast(batch.deleteHorizonMs));
    const isKeptEmpty =
      this.#isLastOfProducer(batch) || batch.lastOffset + 1 === this.#input.untilOffset;
    const records = isDiscarded ? [] : batch.records.filter((one) => this.#isKept(one, batch));
    this.removed += batch.records.length - records.length;
    const isMarkerKept = isMarker && !isDiscarded;
    if (records.length === 0 && !isMarkerKept) return isKeptEmpty ? emptied(batch) : null;
    const hasTombstones = records.some(({ value }) => value === null);
    const waits = hasTombstones || (isDone && isMarker);
    const deleteHorizonMs =
      batch.deleteHorizonMs ??
      (waits ? this.#input.nowMs + this.#input.config.deleteRetentionMs : null);
    if (isMarker) return { ...batch, deleteHorizonMs };
    const isWhole = records.length === batch.records.length;
    if (isWhole && deleteHorizonMs === batch.deleteHorizonMs) return batch;
    return withRecords(batch, records, deleteHorizonMs);
  }

  #isKept({ key, value, offset }: ConsumerRecord, batch: RecordBatch): boolean {
    if (key === null || offset < (this.#lastOffsets.get(key) ?? -1)) return false;
    return value !== null || !this.#isPast(batch.deleteHorizonMs);
  }

  #isPast(horizonMs: number | null): boolean {
    return horizonMs !== null && horizonMs <= this.#input.nowMs;
  }

  /** It tells the last sequence of an active producer, or, where only markers are left of it, its
   *  epoch. */
  #isLastOfProducer(batch: RecordBatch): boolean {
    const producer = this.#producers.get(batch.producerId);
    if (producer === undefined) return false;
    const last = producer.batches.at(-1);
    if (last !== undefined) return batch.lastOffset === last.lastOffset;
    const isMarker = batch.control !== null || isCleanedMarker(batch);
    return isMarker && batch.producerEpoch === producer.producerEpoch;
  }
}

/** Kept for its offsets and sequences alone. */
function emptied(batch: RecordBatch): RecordBatch {
  const sizeBytes = BATCH_OVERHEAD_BYTES;
  return { ...batch, control: null, records: [], sizeBytes, deleteHorizonMs: null };
}

/** Times are said as distances from the delete horizon where there is one. */
function withRecords(
  batch: RecordBatch,
  records: readonly ConsumerRecord[],
  deleteHorizonMs: number | null,
): RecordBatch {
  const baseTimestampMs = deleteHorizonMs ?? records[0]?.timestampMs ?? -1;
  let sizeBytes = BATCH_OVERHEAD_BYTES;
  let maxTimestampMs = -1;
  for (const record of records) {
    const offsetDelta = record.offset - batch.baseOffset;
    sizeBytes += wireSizeBytes(record, { offsetDelta, baseTimestampMs });
    maxTimestampMs = Math.max(maxTimestampMs, record.timestampMs);
  }
  return { ...batch, records, sizeBytes, maxTimestampMs, deleteHorizonMs };
}
