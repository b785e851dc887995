/** What a log knows of one producer, and what it answers to its next batch.
 *  Like Kafka: ProducerStateEntry and ProducerAppendInfo. */

import { addSequence, lastSequence, type RecordBatch } from "./record-batch.ts";

/** A batch as its header tells it, before it has an offset. */
export interface BatchHeader {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** -1 for what a coordinator writes, which has none. */
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly isTransactional: boolean;
}

/** A batch of a producer that can be known when it comes again. */
export interface KnownBatch {
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly timestampMs: number;
}

/** What is known of one producer. */
export interface ProducerEntry {
  readonly producerId: number;
  /** -1 before any is known. */
  readonly producerEpoch: number;
  /** Of the last marker; -1 before the first. */
  readonly coordinatorEpoch: number;
  /** The latest time stamp of its last batch, or of its marker. */
  readonly lastTimestampMs: number;
  /** When this replica took that. */
  readonly writtenMs: number;
  /** Of its open transaction; null when there is none. */
  readonly firstOffset: number | null;
  /** The last five of its epoch, the oldest first. */
  readonly batches: readonly KnownBatch[];
}

/** What a leader says of a producer that is out of step. By Kafka's names. */
export type ProducerError =
  | "OUT_OF_ORDER_SEQUENCE_NUMBER"
  | "INVALID_PRODUCER_EPOCH"
  | "INVALID_TXN_STATE"
  | "TRANSACTION_COORDINATOR_FENCED";

/** Like Kafka: ProducerStateEntry.NUM_BATCHES_TO_RETAIN. */
const BATCHES_KEPT = 5;

/** A producer nothing is known of. */
export function emptyEntry(producerId: number): ProducerEntry {
  const none = { producerEpoch: -1, coordinatorEpoch: -1, lastTimestampMs: -1 };
  return { producerId, ...none, writtenMs: -1, firstOffset: null, batches: [] };
}

/** The batch that has the same sequences, if it is one of the last. */
export function findDuplicate(entry: ProducerEntry, batch: BatchHeader): KnownBatch | undefined {
  if (entry.producerEpoch !== batch.producerEpoch || batch.baseSequence === -1) return undefined;
  return entry.batches.find(
    (known) =>
      known.baseSequence === batch.baseSequence && known.lastSequence === batch.lastSequence,
  );
}

/** Why a batch cannot be appended; null when it can. */
export function checkBatch(entry: ProducerEntry, batch: BatchHeader): ProducerError | null {
  if (batch.producerEpoch < entry.producerEpoch) return "INVALID_PRODUCER_EPOCH";
  // Of an unknown producer (its state has expired, or its records are deleted) all is taken.
  if (entry.producerEpoch !== -1 && batch.baseSequence !== -1) {
    const isNewEpoch = batch.producerEpoch !== entry.producerEpoch;
    const last = isNewEpoch ? undefined : entry.batches.at(-1)?.lastSequence;
    const expected = last === undefined ? 0 : addSequence(last, 1);
    if (batch.baseSequence !== expected) return "OUT_OF_ORDER_SEQUENCE_NUMBER";
  }
  return entry.firstOffset !== null && !batch.isTransactional ? "INVALID_TXN_STATE" : null;
}

/** Why a marker cannot be appended; null when it can. */
export function checkMarker(
  entry: ProducerEntry,
  marker: { readonly producerEpoch: number; readonly coordinatorEpoch: number },
): ProducerError | null {
  if (marker.producerEpoch < entry.producerEpoch) return "INVALID_PRODUCER_EPOCH";
  if (marker.coordinatorEpoch < entry.coordinatorEpoch) return "TRANSACTION_COORDINATOR_FENCED";
  return null;
}

/** What is known of a producer after a batch of records, which replicas take without a check. */
export function withBatch(
  entry: ProducerEntry,
  batch: RecordBatch,
  writtenMs: number,
): ProducerEntry {
  const known = entry.producerEpoch === batch.producerEpoch ? entry.batches : [];
  const added: KnownBatch = {
    baseSequence: batch.baseSequence,
    lastSequence: lastSequence(batch),
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    timestampMs: batch.maxTimestampMs,
  };
  return {
    producerId: entry.producerId,
    producerEpoch: batch.producerEpoch,
    coordinatorEpoch: entry.coordinatorEpoch,
    lastTimestampMs: batch.maxTimestampMs,
    writtenMs,
    firstOffset: entry.firstOffset ?? (batch.isTransactional ? batch.baseOffset : null),
    batches: [...known.slice(1 - BATCHES_KEPT), added],
  };
}

/** What is known of a producer after the marker that ends its transaction. */
export function withMarker(
  entry: ProducerEntry,
  marker: RecordBatch,
  writtenMs: number,
): ProducerEntry {
  return {
    producerId: entry.producerId,
    producerEpoch: marker.producerEpoch,
    coordinatorEpoch: marker.coordinatorEpoch,
    lastTimestampMs: marker.maxTimestampMs,
    writtenMs,
    firstOffset: null,
    batches: entry.producerEpoch === marker.producerEpoch ? entry.batches : [],
  };
}
