// What tests of the log share: a log by its settings, batches by their keys and times.
import { expect } from "vitest";
import { logConfig } from "../../core/log/log-config.ts";
import { PartitionLog } from "../../core/log/partition-log.ts";
import type { RecordBatch } from "../../core/log/record-batch.ts";
import type { ProducerBatchId } from "../../core/record/producer-id.ts";
import type { ProduceRecord } from "../../core/record/record.ts";
import type { TopicConfig } from "../../core/record/topic-config.ts";

export const everything = { untilOffset: Infinity, maxRecords: Infinity, maxBytes: Infinity };

export type LogSettings = Omit<TopicConfig, "partitions">;

export function emptyLog(config: LogSettings = {}): PartitionLog {
  return new PartitionLog({ topic: "t", partition: 0 }, logConfig(config));
}

/** A record alone in its batch takes 100 bytes: 61 of the batch, 7 besides its value. */
export function hundredBytes(timestampMs: number): ProduceRecord {
  return { key: null, value: "x".repeat(32), timestampMs, headers: [] };
}

export function keyed(key: string | null, value: string | null, timestampMs = 0): ProduceRecord {
  return { key, value, timestampMs, headers: [] };
}

export interface AppendOptions {
  readonly leaderEpoch?: number;
  readonly nowMs?: number;
  readonly batch?: ProducerBatchId;
}

/** Appends records as one batch, which has to be taken. */
export function append(
  log: PartitionLog,
  records: readonly ProduceRecord[],
  { leaderEpoch = 0, nowMs = 0, batch }: AppendOptions = {},
): RecordBatch {
  const result = log.appendAsLeader({ records, batch: batch ?? null, leaderEpoch, nowMs });
  expect(result.kind).toBe("appended");
  if (result.kind !== "appended") throw new Error("the batch must be appended");
  return result.batch;
}

/** A log of batches of one record, all below the high watermark. */
export function logOf(config: LogSettings, timesMs: readonly number[]): PartitionLog {
  const log = emptyLog(config);
  for (const timestampMs of timesMs) append(log, [hundredBytes(timestampMs)]);
  log.raiseHighWatermark(log.logEndOffset);
  return log;
}

/** The records of a transaction, or of an idempotent producer. */
export function from(
  producerId: number,
  baseSequence: number,
  { producerEpoch = 0, isTransactional = false } = {},
): ProducerBatchId {
  const transactionalId = isTransactional ? `tx-${producerId}` : null;
  return { producerId, producerEpoch, baseSequence, transactionalId };
}

/** Ends the transaction of a producer. */
export function end(
  log: PartitionLog,
  producerId: number,
  control: "COMMIT" | "ABORT",
  { producerEpoch = 0, coordinatorEpoch = 0, leaderEpoch = 0, nowMs = 0 } = {},
): void {
  const marker = { producerId, producerEpoch, control, coordinatorEpoch, leaderEpoch, nowMs };
  expect(log.appendMarker(marker).kind).toBe("appended");
}

export function offsetsIn(
  log: PartitionLog,
  isolation: "read_committed" | "read_uncommitted" = "read_uncommitted",
): number[] {
  const { records } = log.read(log.logStartOffset, { ...everything, isolation });
  return records.map(({ offset }) => offset);
}

/** `key=value@offset`, in order. */
export function keysIn(log: PartitionLog): string[] {
  const { records } = log.read(log.logStartOffset, everything);
  return records.map(({ key, value, offset }) => `${key}=${value}@${offset}`);
}
