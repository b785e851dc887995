/** The log of one partition: records in offset order, in segments that retention removes whole.
 *  Like Kafka: UnifiedLog and LogSegment. One replica, so the high watermark is the log end; it is
 *  a field of its own for the replication to come. */

import { assert, at } from "../base/assert.ts";
import { type ConsumerRecord, recordSizeBytes } from "../record/record.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { ProduceRecord, TopicConfig } from "./broker.ts";

/** Kafka's defaults. */
const RETENTION_MS = 604_800_000;
const SEGMENT_BYTES = 1_073_741_824;

interface Segment {
  readonly baseOffset: number;
  readonly records: ConsumerRecord[];
  sizeBytes: number;
  maxTimestampMs: number;
}

export interface ReadResult {
  readonly records: readonly ConsumerRecord[];
  readonly nextOffset: number;
}

export class PartitionLog {
  readonly #of: TopicPartition;
  readonly #retentionMs: number;
  readonly #retentionBytes: number;
  readonly #segmentBytes: number;
  #segments: Segment[] = [newSegment(0)];
  #sizeBytes = 0;
  #logStart = 0;
  #logEnd = 0;
  #highWatermark = 0;

  constructor(of: TopicPartition, config: TopicConfig) {
    this.#of = of;
    this.#retentionMs = config.retentionMs ?? RETENTION_MS;
    this.#retentionBytes = config.retentionBytes ?? -1;
    this.#segmentBytes = config.segmentBytes ?? SEGMENT_BYTES;
  }

  /** First offset that can be read. */
  get logStartOffset(): number {
    return this.#logStart;
  }

  /** The offset the next record gets. */
  get logEndOffset(): number {
    return this.#logEnd;
  }

  /** Consumers see offsets below it. */
  get highWatermark(): number {
    return this.#highWatermark;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Gives the records their offsets. Shape: the offset of the first, and their bytes. */
  append(records: readonly ProduceRecord[]): { baseOffset: number; sizeBytes: number } {
    const baseOffset = this.#logEnd;
    const { topic, partition } = this.#of;
    let appendedBytes = 0;
    for (const { key, value, timestampMs, headers } of records) {
      const record = { topic, partition, offset: this.#logEnd, key, value, timestampMs, headers };
      const sizeBytes = recordSizeBytes(record);
      const segment = this.#segmentFor(sizeBytes);
      segment.records.push(record);
      segment.sizeBytes += sizeBytes;
      segment.maxTimestampMs = Math.max(segment.maxTimestampMs, timestampMs);
      appendedBytes += sizeBytes;
      this.#logEnd += 1;
    }
    this.#sizeBytes += appendedBytes;
    this.#highWatermark = this.#logEnd;
    this.#checkOrder();
    return { baseOffset, sizeBytes: appendedBytes };
  }

  /** The active segment, or a new one when it would grow too large. */
  #segmentFor(sizeBytes: number): Segment {
    const active = at(this.#segments, this.#segments.length - 1);
    if (active.records.length === 0 || active.sizeBytes + sizeBytes <= this.#segmentBytes) {
      return active;
    }
    const next = newSegment(this.#logEnd);
    this.#segments.push(next);
    return next;
  }

  /** False for an offset below the log start or above the log end: OFFSET_OUT_OF_RANGE. */
  canRead(fromOffset: number): boolean {
    return fromOffset >= this.#logStart && fromOffset <= this.#logEnd;
  }

  /** Records from an offset on, below the high watermark and `untilOffset`, until a limit is met;
   *  at least one where there is one. The offset must be readable. */
  read(
    fromOffset: number,
    limits: {
      readonly untilOffset: number;
      readonly maxRecords: number;
      readonly maxBytes: number;
    },
  ): ReadResult {
    assert(this.canRead(fromOffset), "only a readable offset may be read", { fromOffset });
    const end = Math.min(limits.untilOffset, this.#highWatermark, fromOffset + limits.maxRecords);
    const records: ConsumerRecord[] = [];
    let readBytes = 0;
    for (let index = this.#segmentIndexOf(fromOffset); index < this.#segments.length; index += 1) {
      const segment = at(this.#segments, index);
      if (segment.baseOffset >= end) break;
      const first = Math.max(0, fromOffset - segment.baseOffset);
      const last = Math.min(segment.records.length, end - segment.baseOffset);
      for (let position = first; position < last; position += 1) {
        const record = at(segment.records, position);
        readBytes += recordSizeBytes(record);
        if (readBytes > limits.maxBytes && records.length > 0) {
          return { records, nextOffset: record.offset };
        }
        records.push(record);
      }
    }
    return { records, nextOffset: fromOffset + records.length };
  }

  /** The segment that holds an offset: the last that begins at or before it. */
  #segmentIndexOf(offset: number): number {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (at(this.#segments, middle).baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The smallest offset whose record is at or after a time; null when there is none. */
  offsetAtTime(timestampMs: number): number | null {
    for (const segment of this.#segments) {
      if (segment.maxTimestampMs < timestampMs) continue;
      for (const record of segment.records) {
        if (record.timestampMs >= timestampMs && record.offset >= this.#logStart) {
          return record.offset;
        }
      }
    }
    return null;
  }

  /** True while retention may still remove something without another append: time goes on by
   *  itself, size does not. */
  get isRetained(): boolean {
    if (this.#logEnd === this.#logStart) return false;
    return this.#retentionMs >= 0 || this.#isOverBytes(at(this.#segments, 0));
  }

  #isOverBytes(oldest: Segment): boolean {
    const over = this.#sizeBytes - this.#retentionBytes;
    return this.#retentionBytes >= 0 && over - oldest.sizeBytes >= 0;
  }

  /** Removes whole segments, oldest first, until one does not qualify; the active one too, when
   *  everything qualifies. Shape: the rule that moved the log start, or null.
   *  Like Kafka: UnifiedLog.deleteOldSegments. */
  retain(nowMs: number): "retention.ms" | "retention.bytes" | null {
    const byTime = this.#retainBy(
      (segment) => this.#retentionMs >= 0 && nowMs - segment.maxTimestampMs > this.#retentionMs,
    );
    const bySize = this.#retainBy((segment) => this.#isOverBytes(segment));
    return byTime ? "retention.ms" : bySize ? "retention.bytes" : null;
  }

  #retainBy(qualifies: (segment: Segment) => boolean): boolean {
    let hasMoved = false;
    for (;;) {
      const oldest = at(this.#segments, 0);
      if (oldest.records.length === 0 || !qualifies(oldest)) return hasMoved;
      if (this.#segments.length === 1) this.#segments.push(newSegment(this.#logEnd));
      this.#segments.shift();
      this.#sizeBytes -= oldest.sizeBytes;
      this.#logStart = Math.max(this.#logStart, at(this.#segments, 0).baseOffset);
      hasMoved = true;
      this.#checkOrder();
    }
  }

  /** The log starts at an offset from now on, at most the high watermark; false when it already
   *  starts there or later. Like Kafka: UnifiedLog.maybeIncrementLogStartOffset. */
  deleteBefore(offset: number): boolean {
    assert(offset <= this.#highWatermark, "only what consumers see may be deleted", { offset });
    if (offset <= this.#logStart) return false;
    this.#logStart = offset;
    for (;;) {
      const [oldest, next] = this.#segments;
      if (oldest === undefined || next === undefined || next.baseOffset > offset) break;
      this.#segments.shift();
      this.#sizeBytes -= oldest.sizeBytes;
    }
    this.#checkOrder();
    return true;
  }

  #checkOrder(): void {
    const facts = { logStart: this.#logStart, high: this.#highWatermark, end: this.#logEnd };
    assert(this.#logStart <= this.#highWatermark, "log start must not pass the watermark", facts);
    assert(this.#highWatermark <= this.#logEnd, "the watermark must not pass the log end", facts);
    assert(this.#sizeBytes >= 0, "a log must not have negative size", facts);
  }
}

function newSegment(baseOffset: number): Segment {
  return { baseOffset, records: [], sizeBytes: 0, maxTimestampMs: -1 };
}
