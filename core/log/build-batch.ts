/** Makes batches of what producers and coordinators send, as a leader does: checks them, gives the
 *  records their offsets, stamps them. Like Kafka: LogValidator. */

import type { ProducerBatchId } from "../record/producer-id.ts";
import type { ConsumerRecord, ProduceRecord } from "../record/record.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { LogConfig } from "./log-config.ts";
import { BATCH_OVERHEAD_BYTES, type RecordBatch } from "./record-batch.ts";
import { wireSizeBytes } from "./wire-size.ts";

/** What a producer sends to one partition. */
export interface ProducedBatch {
  readonly records: readonly ProduceRecord[];
  /** Null from a producer that is not idempotent. */
  readonly batch: ProducerBatchId | null;
  readonly leaderEpoch: number;
  readonly nowMs: number;
}

/** What ends a transaction on one partition. */
export interface Marker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly control: "COMMIT" | "ABORT";
  readonly coordinatorEpoch: number;
  readonly leaderEpoch: number;
  readonly nowMs: number;
}

/** What a leader says of records before it looks at their producer. By Kafka's names. */
export type RecordError = "MESSAGE_TOO_LARGE" | "INVALID_RECORD" | "INVALID_TIMESTAMP";

/** Bytes of the one record of a marker: a type and a coordinator epoch. */
const MARKER_RECORD_BYTES = 17;

/** Of a plain producer. */
const noProducer = { producerId: -1, producerEpoch: -1, baseSequence: -1, transactionalId: null };

/** Why records cannot be taken; null when they can. */
export function checkRecords(
  { records, nowMs }: ProducedBatch,
  config: LogConfig,
): RecordError | null {
  if (records.length === 0) return "INVALID_RECORD";
  if (!config.isStampedAtAppend && hasWindow(config)) {
    // A record without a key has that one problem; an invalid time of another goes first.
    const isOutside = records.some(
      (record) => !(config.isCompacted && record.key === null) && !isInside(record, config, nowMs),
    );
    if (isOutside) return "INVALID_TIMESTAMP";
  }
  if (config.isCompacted && records.some(({ key }) => key === null)) return "INVALID_RECORD";
  return null;
}

function hasWindow({ timestampBeforeMaxMs, timestampAfterMaxMs }: LogConfig): boolean {
  return timestampBeforeMaxMs !== Infinity || timestampAfterMaxMs !== Infinity;
}

function isInside({ timestampMs }: ProduceRecord, config: LogConfig, nowMs: number): boolean {
  if (timestampMs === -1) return true;
  const ageMs = nowMs - timestampMs;
  return ageMs <= config.timestampBeforeMaxMs && -ageMs <= config.timestampAfterMaxMs;
}

/** Gives the records their offsets. */
export function buildBatch(
  input: ProducedBatch,
  of: TopicPartition,
  baseOffset: number,
  isStampedAtAppend: boolean,
): RecordBatch {
  const { topic, partition } = of;
  const { nowMs } = input;
  const records: ConsumerRecord[] = [];
  let offset = baseOffset;
  let sizeBytes = BATCH_OVERHEAD_BYTES;
  let maxTimestampMs = -1;
  const baseTimestampMs = input.records[0]?.timestampMs ?? -1;
  for (const produced of input.records) {
    const { key, value, headers } = produced;
    const timestampMs = isStampedAtAppend ? nowMs : produced.timestampMs;
    if (timestampMs > maxTimestampMs) maxTimestampMs = timestampMs;
    sizeBytes += wireSizeBytes(produced, { offsetDelta: offset - baseOffset, baseTimestampMs });
    records.push({ topic, partition, offset, key, value, timestampMs, headers });
    offset += 1;
  }
  const { producerId, producerEpoch, baseSequence, transactionalId } = input.batch ?? noProducer;
  return {
    baseOffset,
    lastOffset: offset - 1,
    leaderEpoch: input.leaderEpoch,
    producerId,
    producerEpoch,
    baseSequence,
    isTransactional: transactionalId !== null,
    control: null,
    coordinatorEpoch: -1,
    records,
    sizeBytes,
    maxTimestampMs,
    appendedMs: nowMs,
    deleteHorizonMs: null,
  };
}

/** Gives a marker its offset. */
export function buildMarker(marker: Marker, baseOffset: number): RecordBatch {
  return {
    baseOffset,
    lastOffset: baseOffset,
    leaderEpoch: marker.leaderEpoch,
    producerId: marker.producerId,
    producerEpoch: marker.producerEpoch,
    baseSequence: -1,
    isTransactional: true,
    control: marker.control,
    coordinatorEpoch: marker.coordinatorEpoch,
    records: [],
    sizeBytes: BATCH_OVERHEAD_BYTES + MARKER_RECORD_BYTES,
    maxTimestampMs: marker.nowMs,
    appendedMs: marker.nowMs,
    deleteHorizonMs: null,
  };
}
