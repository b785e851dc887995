/** What a log is made of. A batch is the unit that producers send, leaders stamp, followers copy
 *  and transactions mark. Immutable: replicas share it.
 *  Like Kafka: DefaultRecordBatch (message format 2). */

import type { ConsumerRecord } from "../record/record.ts";

/** One batch, as it lies in a log. */
export interface RecordBatch {
  /** Offset of its first record as it was produced; compaction may have taken that record. */
  readonly baseOffset: number;
  /** Inclusive; stays when compaction takes records. */
  readonly lastOffset: number;
  /** Of the leader that took it. */
  readonly leaderEpoch: number;
  /** -1 from a producer that is not idempotent; then the epoch and the sequence are, too. */
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Of the record at `baseOffset`; -1 for a control batch, and for what a coordinator writes. */
  readonly baseSequence: number;
  readonly isTransactional: boolean;
  /** The marker that ends a transaction on this partition; null for records. It takes one offset,
   *  and consumers never see it. */
  readonly control: "COMMIT" | "ABORT" | null;
  /** In a marker: of the coordinator that wrote it. -1 otherwise. */
  readonly coordinatorEpoch: number;
  /** In offset order. Fewer than offsets after compaction; empty for a control batch and for one
   *  that is kept for its sequence or its end alone. */
  readonly records: readonly ConsumerRecord[];
  readonly sizeBytes: number;
  /** The latest time stamp of its records. */
  readonly maxTimestampMs: number;
  /** When the leader took it, by its clock. */
  readonly appendedMs: number;
  /** Until when tombstones in it stay; null before they were cleaned once. */
  readonly deleteHorizonMs: number | null;
}

/** `batch.size` counts this much for a batch besides its records. */
export const BATCH_OVERHEAD_BYTES = 61;

/** The sequence of the last record; -1 where the first has none. Wraps after 2147483647. */
export function lastSequence(batch: {
  readonly baseSequence: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
}): number {
  if (batch.baseSequence === -1) return -1;
  return addSequence(batch.baseSequence, batch.lastOffset - batch.baseOffset);
}

/** A batch that was a marker, before compaction took that and kept the offset. */
export function isCleanedMarker(batch: RecordBatch): boolean {
  return (
    batch.isTransactional &&
    batch.control === null &&
    batch.baseSequence === -1 &&
    batch.records.length === 0
  );
}

/** Like Kafka: DefaultRecordBatch.incrementSequence. */
export function addSequence(sequence: number, increment: number): number {
  return (sequence + increment) % 2_147_483_648;
}
