/** Finds offsets of a log by time. Like Kafka: UnifiedLog.fetchOffsetByTimestamp. */

import { at } from "../base/assert.ts";
import type { RecordBatch } from "./record-batch.ts";
import type { Segments } from "./segments.ts";

/** The smallest offset, not below the log start, whose record is at or after a time. */
export function offsetAtTime(
  segments: Segments,
  timestampMs: number,
  logStartOffset: number,
): number | null {
  for (const segment of segments.list) {
    if (segment.maxTimestampMs < timestampMs) continue;
    for (const batch of segment.batches) {
      if (batch.maxTimestampMs < timestampMs || batch.lastOffset < logStartOffset) continue;
      const offset = offsetIn(batch, timestampMs, logStartOffset);
      if (offset !== null) return offset;
    }
  }
  return null;
}

/** The offset of the latest time stamp, the first of them. */
export function offsetOfMaxTimestamp(segments: Segments): number | null {
  let latest: RecordBatch | null = null;
  for (const { maxTimestampMs, batches } of segments.list) {
    if (maxTimestampMs <= (latest?.maxTimestampMs ?? -1)) continue;
    latest = batches.find((batch) => batch.maxTimestampMs === maxTimestampMs) ?? latest;
  }
  return latest === null ? null : offsetIn(latest, latest.maxTimestampMs, 0);
}

/** A marker has a time, too. */
function offsetIn(batch: RecordBatch, timestampMs: number, minOffset: number): number | null {
  if (batch.control !== null) {
    return batch.baseOffset >= minOffset ? batch.baseOffset : null;
  }
  const found = batch.records.find(
    (record) => record.timestampMs >= timestampMs && record.offset >= minOffset,
  );
  return found?.offset ?? null;
}

/** The base offset of the first batch that this replica wrote after a time. */
export function firstWrittenAfter({ list }: Segments, timeMs: number): number | null {
  let found: number | null = null;
  for (let index = list.length - 1; index >= 0; index -= 1) {
    const segment = at(list, index);
    const first = segment.indexWrittenAfter(timeMs);
    found = segment.batches[first]?.baseOffset ?? found;
    // Times never descend: where a segment has an older batch, those before it are older.
    if (first > 0) break;
  }
  return found;
}
