/** One replica's copy of a partition: batches in offset order, how far they are replicated, who
 *  wrote them, which of them count.
 *  Like Kafka: UnifiedLog. */

import { assert } from "../base/assert.ts";
import type { Isolation } from "../record/record.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import { type AppendResult, type MarkerResult, refused } from "./append-result.ts";
import {
  buildBatch,
  buildMarker,
  checkRecords,
  type Marker,
  type ProducedBatch,
} from "./build-batch.ts";
import { EpochCache, type EpochEnd } from "./epoch-cache.ts";
import { type CleanedLog, LogCleaner } from "./log-cleaner.ts";
import type { LogConfig } from "./log-config.ts";
import { type ReadLimits, readRecords, type ReadResult } from "./log-reader.ts";
import { firstWrittenAfter, offsetAtTime, offsetOfMaxTimestamp } from "./log-times.ts";
import type { ProducerEntry } from "./producer-entry.ts";
import { ProducerState } from "./producer-state.ts";
import { addSequence, type RecordBatch } from "./record-batch.ts";
import {
  deletableBySize,
  deletableByTime,
  retentionDueMs,
  type RetentionReason,
} from "./retention.ts";
import { Segments } from "./segments.ts";
import { AbortedFilter, type AbortedTransaction, TransactionIndex } from "./transaction-index.ts";

/** A log by itself: who leads, and who follows, it is told. */
export class PartitionLog {
  readonly of: TopicPartition;
  #config: LogConfig;
  #segments = new Segments(0);
  readonly #epochs = new EpochCache();
  readonly #producers = new ProducerState();
  readonly #transactions = new TransactionIndex();
  readonly #cleaner = new LogCleaner();
  #logStart = 0;
  #logEnd = 0;
  #highWatermark = 0;
  constructor(of: TopicPartition, config: LogConfig) {
    this.of = of;
    this.#config = config;
  }

  /** The topic's settings have changed. */
  changeConfig(config: LogConfig): void {
    this.#config = config;
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

  /** Consumers of committed records see offsets below it. */
  get lastStableOffset(): number {
    const first = this.#producers.firstUnstableOffset;
    if (first === null || first >= this.#highWatermark) return this.#highWatermark;
    return Math.max(first, this.#logStart);
  }

  get sizeBytes(): number {
    return this.#segments.sizeBytes;
  }

  /** Of the last leader this replica knows of; -1 for none. */
  get latestEpoch(): number {
    return this.#epochs.latest;
  }

  /** This replica leads from here on. */
  beginEpoch(epoch: number): void {
    this.#epochs.assign(epoch, this.#logEnd);
  }

  /** Where the records of an epoch end, or of the largest known one before it; -1 and -1 when
   *  nothing is known of it. */
  endOffsetOf(epoch: number): EpochEnd {
    return this.#epochs.endOf(epoch, this.#logEnd);
  }

  /** Takes what a producer sends. */
  appendAsLeader(input: ProducedBatch): AppendResult {
    const error = checkRecords(input, this.#config);
    const batch = buildBatch(input, this.of, this.#logEnd, this.#config.isStampedAtAppend);
    if (batch.sizeBytes > this.#config.maxMessageBytes) return refused("MESSAGE_TOO_LARGE");
    if (error !== null) return refused(error);
    this.#epochs.assign(input.leaderEpoch, this.#logEnd);
    if (batch.sizeBytes > this.#config.segmentBytes) return refused("RECORD_LIST_TOO_LARGE");
    this.#rollFor(batch, input.nowMs);
    if (input.batch !== null) {
      const { producerId, producerEpoch, baseSequence, transactionalId } = input.batch;
      const isTransactional = transactionalId !== null;
      const lastSequence = addSequence(baseSequence, input.records.length - 1);
      const header = { producerId, producerEpoch, baseSequence, lastSequence, isTransactional };
      const check = this.#producers.check(header, input.nowMs);
      if (check.kind === "duplicate") {
        return { kind: "duplicate", baseOffset: check.known.baseOffset };
      }
      if (check.kind === "refused") return check;
    }
    this.#append(batch, input.nowMs);
    return { kind: "appended", batch };
  }

  /** Takes the marker that ends a transaction. */
  appendMarker(marker: Marker): MarkerResult {
    const error = this.#producers.checkMarker(marker, marker.nowMs);
    if (error !== null) return { kind: "refused", error };
    const batch = buildMarker(marker, this.#logEnd);
    this.#epochs.assign(marker.leaderEpoch, this.#logEnd);
    this.#rollFor(batch, marker.nowMs);
    this.#append(batch, marker.nowMs);
    return { kind: "appended", batch };
  }

  /** Takes what its leader has, as it is. `nowMs` is when this replica writes it. */
  appendAsFollower(batches: readonly RecordBatch[], nowMs: number): void {
    for (const batch of batches) {
      // The leader's log may start inside a batch, and an empty log with it.
      const isEmpty = this.#logStart === this.#logEnd;
      if (isEmpty && batch.baseOffset < this.#logEnd) this.truncateFully(batch.baseOffset);
      const facts = { logEnd: this.#logEnd, baseOffset: batch.baseOffset };
      assert(batch.baseOffset >= this.#logEnd, "a follower must go on where its log ends", facts);
      this.#epochs.assign(batch.leaderEpoch, batch.baseOffset);
      this.#rollFor(batch, nowMs);
      this.#append(batch, nowMs);
    }
  }

  /** Like Kafka: LogSegment.shouldRoll. */
  #rollFor(batch: RecordBatch, nowMs: number): void {
    const { active } = this.#segments;
    if (active.isEmpty) return;
    const isFull = active.sizeBytes > this.#config.segmentBytes - batch.sizeBytes;
    const isOld = active.waitedMs(nowMs, batch.maxTimestampMs) > this.#config.segmentMs;
    if (isFull || isOld) this.#roll();
  }

  #roll(): void {
    this.#segments.roll(this.#logEnd);
    this.#producers.takeSnapshot();
  }

  #append(batch: RecordBatch, nowMs: number): void {
    this.#segments.append(batch, nowMs);
    this.#logEnd = batch.lastOffset + 1;
    const aborted = this.#producers.apply(batch, nowMs);
    if (aborted !== null) this.#transactions.append(aborted);
    this.#checkOrder();
  }

  /** Whole batches, from the one that holds an offset on, up to the log end; at least one where
   *  there is one. */
  readBatches(fromOffset: number, maxBytes: number): readonly RecordBatch[] {
    const batches: RecordBatch[] = [];
    let bytes = 0;
    this.#segments.visitFrom(fromOffset, (batch) => {
      bytes += batch.sizeBytes;
      if (bytes > maxBytes && batches.length > 0) return false;
      batches.push(batch);
      return bytes < maxBytes;
    });
    return batches;
  }

  /** False for an offset below the log start or above the log end: OFFSET_OUT_OF_RANGE. */
  canRead(fromOffset: number): boolean {
    return fromOffset >= this.#logStart && fromOffset <= this.#logEnd;
  }

  /** Records from an offset on, below `untilOffset` and the high watermark (`read_committed`: the
   *  last stable offset), until a limit is met; at least one where there is one. The offset must be
   *  readable. */
  read(fromOffset: number, limits: ReadLimits & { readonly isolation?: Isolation }): ReadResult {
    assert(this.canRead(fromOffset), "only a readable offset may be read", { fromOffset });
    const isCommitted = limits.isolation === "read_committed";
    const bound = isCommitted ? this.lastStableOffset : this.#highWatermark;
    const untilOffset = Math.min(limits.untilOffset, bound);
    const { maxRecords, maxBytes } = limits;
    const aborted = isCommitted ? this.abortedTransactions(fromOffset, untilOffset) : [];
    const filter = aborted.length === 0 ? null : new AbortedFilter(aborted);
    return readRecords(this.#segments, fromOffset, { untilOffset, maxRecords, maxBytes }, filter);
  }

  /** Aborted transactions that overlap a range of offsets, in the order of their markers. */
  abortedTransactions(fromOffset: number, untilOffset: number): readonly AbortedTransaction[] {
    return this.#transactions.overlapping(fromOffset, untilOffset);
  }

  /** Never above the log end. Shape: true when it has moved. */
  raiseHighWatermark(offset: number): boolean {
    if (Math.min(offset, this.#logEnd) <= this.#highWatermark) return false;
    this.setHighWatermark(offset);
    return true;
  }

  /** What the leader says, within this log; it may go down, too. */
  setHighWatermark(offset: number): void {
    this.#highWatermark = Math.max(this.#logStart, Math.min(offset, this.#logEnd));
    this.#producers.passHighWatermark(this.#highWatermark);
  }

  /** Drops what is at an offset or above it. */
  truncateTo(offset: number): void {
    assert(offset >= 0, "an offset must not be negative", { offset });
    if (offset >= this.#logEnd) {
      // An epoch may have begun here in which this replica has written nothing.
      this.#epochs.truncateFromEnd(this.#logEnd);
      return;
    }
    if (this.#segments.oldest.baseOffset > offset) {
      this.truncateFully(offset);
      return;
    }
    this.#segments.truncateTo(offset);
    this.#cleaner.truncateTo(offset);
    this.#epochs.truncateFromEnd(offset);
    this.#transactions.truncateTo(offset);
    this.#logEnd = offset;
    this.#logStart = Math.min(this.#logStart, offset);
    this.#reloadProducers();
    this.#checkOrder();
  }

  /** The broker has started again: of producers it knows what snapshots and the log tell. An
   *  orderly end takes a snapshot. */
  reopen(isAfterOrderlyEnd: boolean): void {
    if (isAfterOrderlyEnd) this.#producers.takeSnapshot();
    this.#reloadProducers();
  }

  #reloadProducers(): void {
    const range = { logStartOffset: this.#logStart, logEndOffset: this.#logEnd };
    this.#producers.reload(this.#segments, range);
    this.setHighWatermark(this.#highWatermark);
  }

  /** Drops everything; the log goes on at an offset. */
  truncateFully(toOffset: number): void {
    this.#segments = new Segments(toOffset);
    this.#cleaner.truncateTo(toOffset);
    this.#epochs.clear();
    this.#transactions.truncateTo(0);
    this.#producers.clear(toOffset);
    this.#logStart = toOffset;
    this.#logEnd = toOffset;
    this.#highWatermark = toOffset;
  }

  /** The first offset this replica has written less than `flushMs` ago: what it loses with its
   *  power. The log end when there is none. */
  unflushedFrom(nowMs: number, flushMs: number): number {
    const offset = firstWrittenAfter(this.#segments, nowMs - flushMs) ?? this.#logEnd;
    return Math.max(offset, this.#logStart);
  }

  /** The smallest offset whose record is at or after a time; null when there is none. It may be
   *  that of a marker, and above the high watermark. */
  offsetAtTime(timestampMs: number): number | null {
    return offsetAtTime(this.#segments, timestampMs, this.#logStart);
  }

  /** The offset of the latest time stamp, the first of them; null when there is none. */
  offsetOfMaxTimestamp(): number | null {
    return offsetOfMaxTimestamp(this.#segments);
  }

  get isCompacted(): boolean {
    return this.#config.isCompacted;
  }

  get #cleaned(): CleanedLog {
    return {
      segments: this.#segments,
      config: this.#config,
      transactions: this.#transactions,
      producers: this.#producers,
      logStartOffset: this.#logStart,
      logEndOffset: this.#logEnd,
      lastStableOffset: this.lastStableOffset,
    };
  }

  /** Whether a pass of the cleaner would compact the log. */
  isCompactable(nowMs: number): boolean {
    return this.#cleaner.isDue(this.#cleaned, nowMs);
  }

  /** From when on a pass would compact the log, without another append or a higher watermark; null
   *  when it would not. */
  get compactionDueMs(): number | null {
    return this.#cleaner.dueMs(this.#cleaned);
  }

  /** True while a pass may still compact the log without another append. */
  get canBecomeCompactable(): boolean {
    return this.compactionDueMs !== null;
  }

  /** Keeps the last record of each key below an offset. Shape: how many records went, and that
   *  offset; null when there is nothing to do. */
  compact(nowMs: number): { readonly removed: number; readonly untilOffset: number } | null {
    return this.#cleaner.clean(this.#cleaned, nowMs);
  }

  get #ends() {
    return { highWatermark: this.#highWatermark, logEndOffset: this.#logEnd };
  }

  /** From when on retention removes something, without another append or a higher watermark; null
   *  when it will not. */
  get retentionDueMs(): number | null {
    return retentionDueMs(this.#segments, this.#config, this.#ends);
  }

  /** True while retention may still remove something without another append. */
  get isRetained(): boolean {
    return this.retentionDueMs !== null;
  }

  /** Removes whole segments, oldest first, until one does not qualify; the active one too, when
   *  everything qualifies. Shape: the rule that moved the log start, or null. */
  retain(nowMs: number): RetentionReason | null {
    const bySize = deletableBySize(this.#segments, this.#config, this.#ends);
    this.#dropOldest(bySize);
    const byTime = deletableByTime(this.#segments, this.#config, this.#ends, nowMs);
    this.#dropOldest(byTime);
    return byTime > 0 ? "retention.ms" : bySize > 0 ? "retention.bytes" : null;
  }

  #dropOldest(count: number): void {
    if (count === 0) return;
    if (count === this.#segments.list.length) this.#roll();
    for (let dropped = 0; dropped < count; dropped += 1) {
      this.#producers.dropSnapshot(this.#segments.dropOldest().baseOffset);
    }
    const { baseOffset } = this.#segments.oldest;
    this.#transactions.dropBefore(baseOffset);
    if (baseOffset > this.#logStart) this.#startAt(baseOffset);
  }

  #startAt(offset: number): void {
    this.#logStart = offset;
    this.#epochs.truncateFromStart(offset);
    this.#producers.passHighWatermark(this.#highWatermark);
    this.#checkOrder();
  }

  /** The log starts at an offset from now on, at most the high watermark; false when it already
   *  starts there or later. */
  deleteBefore(offset: number): boolean {
    assert(offset <= this.#highWatermark, "only what consumers see may be deleted", { offset });
    if (offset <= this.#logStart) return false;
    this.#startAt(offset);
    const { list } = this.#segments;
    this.#dropOldest(list.filter((_, i) => (list[i + 1]?.baseOffset ?? Infinity) <= offset).length);
    return true;
  }

  /** Where open transactions begin, in log order. */
  openTransactions(): readonly { readonly producerId: number; readonly firstOffset: number }[] {
    return this.#producers.open;
  }

  /** What is known of producers, by their ids. */
  producers(nowMs: number): readonly ProducerEntry[] {
    return this.#producers.known(nowMs);
  }

  #checkOrder(): void {
    const facts = { logStart: this.#logStart, high: this.#highWatermark, end: this.#logEnd };
    assert(this.#logStart <= this.#highWatermark, "log start must not pass the watermark", facts);
    assert(this.#highWatermark <= this.#logEnd, "the watermark must not pass the log end", facts);
  }
}
