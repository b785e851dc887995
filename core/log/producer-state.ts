/** The producers of a log: which batches came twice or out of order, and which transactions are
 *  open. Rebuilt from the log where it was cut, from the last snapshot before the cut on.
 *  Like Kafka: ProducerStateManager. */

import { compareNumbers } from "../base/order.ts";
import {
  type BatchHeader,
  checkBatch,
  checkMarker,
  emptyEntry,
  findDuplicate,
  type KnownBatch,
  type ProducerEntry,
  type ProducerError,
  withBatch,
  withMarker,
} from "./producer-entry.ts";
import { isCleanedMarker, type RecordBatch } from "./record-batch.ts";
import type { Segments } from "./segments.ts";
import type { AbortedTransaction } from "./transaction-index.ts";

/** `producer.id.expiration.ms`. */
const EXPIRATION_MS = 86_400_000;
/** `producer.id.expiration.check.interval.ms`. */
const EXPIRATION_CHECK_MS = 600_000;

interface Snapshot {
  /** It holds what is before this offset. */
  readonly offset: number;
  readonly entries: ReadonlyMap<number, ProducerEntry>;
}

interface CompletedTransaction {
  readonly firstOffset: number;
  /** Of its marker, inclusive. */
  readonly lastOffset: number;
}

/** What a client's batch is to this log. */
export type BatchCheck =
  | { readonly kind: "new" }
  | { readonly kind: "duplicate"; readonly known: KnownBatch }
  | { readonly kind: "refused"; readonly error: ProducerError };

/** The producers of one log. */
export class ProducerState {
  #entries = new Map<number, ProducerEntry>();
  /** Producers by the first offsets of their open transactions, which come in log order. */
  #open = new Map<number, number>();
  /** Transactions whose markers the high watermark has not passed. */
  #unreplicated: CompletedTransaction[] = [];
  /** By offset. */
  #snapshots: Snapshot[] = [];
  /** The state is that of the log before this offset. */
  #endOffset = 0;
  /** When a batch came last. */
  #nowMs = 0;

  /** Whether a client's batch is new, known, or wrong. */
  check(batch: BatchHeader, nowMs: number): BatchCheck {
    const entry = this.#entry(batch.producerId, nowMs);
    const known = findDuplicate(entry, batch);
    if (known !== undefined) return { kind: "duplicate", known };
    const error = checkBatch(entry, batch);
    return error === null ? { kind: "new" } : { kind: "refused", error };
  }

  /** Why a marker cannot be appended; null when it can. */
  checkMarker(
    marker: {
      readonly producerId: number;
      readonly producerEpoch: number;
      readonly coordinatorEpoch: number;
    },
    nowMs: number,
  ): ProducerError | null {
    return checkMarker(this.#entry(marker.producerId, nowMs), marker);
  }

  /** What is known of a producer. Idle ones are forgotten by a check from time to time; which it
   *  would have forgotten can be told later, too. */
  #entry(producerId: number, nowMs: number): ProducerEntry {
    const entry = this.#entries.get(producerId);
    if (entry === undefined) return emptyEntry(producerId);
    return isExpired(entry, nowMs) ? emptyEntry(producerId) : entry;
  }

  /** Takes a batch as it stands in the log. Shape: the transaction it has aborted, or null. */
  apply(batch: RecordBatch, nowMs: number): AbortedTransaction | null {
    this.#endOffset = batch.lastOffset + 1;
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    const { producerId } = batch;
    if (producerId < 0 || isCleanedMarker(batch)) return null;
    const entry = this.#entry(producerId, nowMs);
    if (batch.control === null) {
      const next = withBatch(entry, batch, nowMs);
      if (entry.firstOffset === null && next.firstOffset !== null) {
        this.#open.set(next.firstOffset, producerId);
      }
      this.#entries.set(producerId, next);
      return null;
    }
    this.#entries.set(producerId, withMarker(entry, batch, nowMs));
    if (entry.firstOffset === null) return null;
    return this.#complete(entry.firstOffset, batch);
  }

  #complete(firstOffset: number, marker: RecordBatch): AbortedTransaction | null {
    const lastOffset = marker.baseOffset;
    this.#open.delete(firstOffset);
    this.#unreplicated.push({ firstOffset, lastOffset });
    if (marker.control !== "ABORT") return null;
    const lastStableOffset = this.#firstOpen() ?? lastOffset + 1;
    return { producerId: marker.producerId, firstOffset, lastOffset, lastStableOffset };
  }

  #firstOpen(): number | null {
    if (this.#open.size === 0) return null;
    for (const firstOffset of this.#open.keys()) return firstOffset;
    return null;
  }

  /** The first offset that is not decided, or whose decision is not replicated; null for none. */
  get firstUnstableOffset(): number | null {
    let first = this.#firstOpen();
    for (const { firstOffset } of this.#unreplicated) {
      if (first === null || firstOffset < first) first = firstOffset;
    }
    return first;
  }

  /** Decisions below it count. */
  passHighWatermark(highWatermark: number): void {
    if (this.#unreplicated.length === 0) return;
    this.#unreplicated = this.#unreplicated.filter(({ lastOffset }) => lastOffset >= highWatermark);
  }

  /** Where open transactions begin, in log order. */
  get open(): readonly { readonly producerId: number; readonly firstOffset: number }[] {
    return [...this.#open].map(([firstOffset, producerId]) => ({ producerId, firstOffset }));
  }

  /** By producer id. */
  known(nowMs: number): readonly ProducerEntry[] {
    return [...this.#entries.values()]
      .filter((entry) => !isExpired(entry, nowMs))
      .toSorted((a, b) => compareNumbers(a.producerId, b.producerId));
  }

  /** Remembers the state for a later cut, or a restart: of each producer the last batch alone, as
   *  Kafka's snapshot files do. */
  takeSnapshot(): void {
    const offset = this.#endOffset;
    if (offset <= (this.#snapshots.at(-1)?.offset ?? 0)) return;
    const entries = new Map<number, ProducerEntry>();
    for (const [producerId, entry] of this.#entries) {
      entries.set(producerId, { ...entry, batches: entry.batches.slice(-1) });
    }
    this.#snapshots.push({ offset, entries });
  }

  /** The log begins there now, and the segment at it has gone. */
  dropSnapshot(offset: number): void {
    this.#snapshots = this.#snapshots.filter((snapshot) => snapshot.offset !== offset);
  }

  clear(endOffset: number): void {
    this.#forget(endOffset);
    this.#snapshots = [];
  }

  #forget(endOffset: number): void {
    this.#entries = new Map();
    this.#open = new Map();
    this.#unreplicated = [];
    this.#endOffset = endOffset;
  }

  /** The state of a log that was cut or opened again: of the last snapshot, and of the batches
   *  after it. */
  reload(
    segments: Segments,
    range: { readonly logStartOffset: number; readonly logEndOffset: number },
  ): void {
    const { logStartOffset, logEndOffset } = range;
    const isUnused = this.#entries.size === 0 && this.#unreplicated.length === 0;
    this.#snapshots = this.#snapshots.filter(
      ({ offset }) => offset <= logEndOffset && offset > logStartOffset,
    );
    const snapshot = this.#snapshots.at(-1);
    this.#forget(snapshot?.offset ?? logStartOffset);
    if (snapshot !== undefined) this.#load(snapshot);
    if (!isUnused) {
      segments.visitFrom(this.#endOffset, (batch) => {
        this.apply(batch, this.#nowMs);
        return true;
      });
    }
    this.#endOffset = logEndOffset;
    this.takeSnapshot();
  }

  #load({ entries }: Snapshot): void {
    const open: [firstOffset: number, producerId: number][] = [];
    for (const [producerId, entry] of entries) {
      if (isIdle(entry, this.#nowMs)) continue;
      this.#entries.set(producerId, { ...entry, writtenMs: this.#nowMs });
      if (entry.firstOffset !== null) open.push([entry.firstOffset, producerId]);
    }
    this.#open = new Map(open.toSorted(([a], [b]) => compareNumbers(a, b)));
  }
}

/** Whether a check of idle producers has found this one since it wrote. */
function isExpired(entry: ProducerEntry, nowMs: number): boolean {
  const checkedMs = Math.floor(nowMs / EXPIRATION_CHECK_MS) * EXPIRATION_CHECK_MS;
  return checkedMs > entry.writtenMs && isIdle(entry, checkedMs);
}

/** By the time stamps of its records, which may be old when they come. */
function isIdle({ firstOffset, lastTimestampMs }: ProducerEntry, nowMs: number): boolean {
  return firstOffset === null && nowMs - lastTimestampMs >= EXPIRATION_MS;
}
