/** The numbers that everybody shows, defined once. All are read off the snapshot; null means "not
 *  known yet", which is not zero. */

import { compareNumbers } from "../base/order.ts";
import { nextBatchTime } from "../base/time.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { EventOf } from "./event.ts";
import type { PartitionSnapshot } from "./cluster-snapshot.ts";
import type { BatchSnapshot, Snapshot } from "./snapshot.ts";

/** High watermark minus the next offset to read; null before the first batch was planned.
 *  Units: records.     Like Kafka: consumer lag, with Spark's own position as the consumer's. */
export function lagRecords(partition: PartitionSnapshot): number | null {
  if (partition.readOffset === null) return null;
  return Math.max(0, partition.highWatermark - partition.readOffset);
}

/** Where a driver restored from the newest checkpoint would read on; null when none knows the
 *  partition. */
export function checkpointedOffset(snapshot: Snapshot, of: TopicPartition): number | null {
  const newest = snapshot.checkpoints.findLast(({ type }) => type === "metadata");
  const ends = (newest?.ranges ?? [])
    .filter(({ topic, partition }) => topic === of.topic && partition === of.partition)
    .map(({ untilOffset }) => untilOffset);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** The lag of all partitions that are read; null when none is. */
export function totalLagRecords(snapshot: Snapshot): number | null {
  let total: number | null = null;
  for (const { partitions } of snapshot.topics) {
    for (const partition of partitions) {
      const lag = lagRecords(partition);
      if (lag !== null) total = (total ?? 0) + lag;
    }
  }
  return total;
}

/** From its submission to the start of its first job; so far, while it waits.
 *  Like Spark: BatchInfo.schedulingDelay. */
export function schedulingDelayMs(batch: BatchSnapshot, nowMs: number): number | null {
  if (batch.schedulingDelayMs !== null) return batch.schedulingDelayMs;
  if (batch.submittedMs === null) return null;
  return batch.status === "queued" ? nowMs - batch.submittedMs : null;
}

/** From the start of its first job to the end of its last; so far, while it runs.
 *  Like Spark: BatchInfo.processingDelay. */
export function processingTimeMs(batch: BatchSnapshot, nowMs: number): number | null {
  if (batch.processingDelayMs !== null) return batch.processingDelayMs;
  if (batch.startedMs === null) return null;
  return batch.status === "running" ? nowMs - batch.startedMs : null;
}

/** Records a second of processing; null while it is not through, or took no time. */
export function processingRate(batch: BatchSnapshot): number | null {
  const { records, processingDelayMs } = batch;
  if (processingDelayMs === null || processingDelayMs === 0) return null;
  return (records * 1000) / processingDelayMs;
}

/** Records a second of batch interval. Like Spark: the input rate of its page. */
export function inputRate(batch: BatchSnapshot, batchIntervalMs: number): number {
  return (batch.records * 1000) / batchIntervalMs;
}

/** A batch that would run again if the driver started now. */
export interface RestartBatch {
  readonly batchTimeMs: number;
  /** As the checkpoint has them; null where it has none: they are planned afresh. */
  readonly ranges: readonly OffsetRange[] | null;
}

export interface RestartPlan {
  /** Null when there is no metadata: the application starts anew. */
  readonly checkpoint: EventOf<"checkpoint.written"> | null;
  readonly batches: readonly RestartBatch[];
}

/** What a driver started at `nowMs` would do: restore the newest metadata, run again what was
 *  pending, and make up for the batches since.
 *  Like Spark: JobGenerator.restart. */
export function restartPlan(snapshot: Snapshot, nowMs: number): RestartPlan {
  const checkpoint = newestMetadata(snapshot);
  if (checkpoint === null || snapshot.run === null) return { checkpoint: null, batches: [] };
  const { batchIntervalMs } = snapshot.run;
  const zeroTimeMs = snapshot.driver?.zeroTimeMs ?? 0;
  const firstMs = nextBatchTime(nowMs, batchIntervalMs, zeroTimeMs);
  const times = new Set(checkpoint.pendingMs);
  for (let timeMs = checkpoint.batchTimeMs; timeMs < firstMs; timeMs += batchIntervalMs) {
    times.add(timeMs);
  }
  const batches = [...times]
    .filter((timeMs) => timeMs < firstMs)
    .sort(compareNumbers)
    .map((batchTimeMs) => {
      const ranges = checkpoint.ranges.filter((range) => range.batchTimeMs === batchTimeMs);
      return { batchTimeMs, ranges: ranges.length === 0 ? null : ranges };
    });
  return { checkpoint, batches };
}

function newestMetadata(snapshot: Snapshot): EventOf<"checkpoint.written"> | null {
  let found: EventOf<"checkpoint.written"> | null = null;
  for (const checkpoint of snapshot.checkpoints) {
    if (checkpoint.type !== "metadata") continue;
    if (found === null || timeInName(checkpoint.file) >= timeInName(found.file)) found = checkpoint;
  }
  return found;
}

/** `checkpoint-3000` -> 3000: the newest name is read first, whatever time it was taken for. */
function timeInName(file: string): number {
  return Number(/checkpoint-(\d+)$/u.exec(file)?.[1] ?? -1);
}
