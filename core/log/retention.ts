/** Which segments retention may remove. Like Kafka: UnifiedLog.deleteOldSegments. */

import { at } from "../base/assert.ts";
import type { LogConfig } from "./log-config.ts";
import type { Segment } from "./segment.ts";
import type { Segments } from "./segments.ts";

/** How far a log is known to be replicated. */
export interface LogEnds {
  readonly highWatermark: number;
  readonly logEndOffset: number;
}

/** The setting that let segments go. */
export type RetentionReason = "retention.ms" | "retention.bytes";

/** How many of the oldest segments go by size, so that at least `retention.bytes` stay. */
export function deletableBySize(segments: Segments, config: LogConfig, ends: LogEnds): number {
  if (!config.isDeleted || config.retentionBytes < 0) return 0;
  let overBytes = segments.sizeBytes - config.retentionBytes;
  return countOldest(segments, ends, ({ sizeBytes }) => {
    overBytes -= sizeBytes;
    return overBytes >= 0;
  });
}

/** How many of the oldest segments go by time: those whose latest record is too old. */
export function deletableByTime(
  segments: Segments,
  config: LogConfig,
  ends: LogEnds,
  nowMs: number,
): number {
  if (!config.isDeleted || config.retentionMs < 0) return 0;
  return countOldest(
    segments,
    ends,
    (segment) => nowMs - segment.largestTimestampMs > config.retentionMs,
  );
}

function countOldest(
  { list }: Segments,
  ends: LogEnds,
  qualifies: (segment: Segment) => boolean,
): number {
  let count = 0;
  while (count < list.length && isReplicated(list, count, ends) && qualifies(at(list, count))) {
    count += 1;
  }
  return count;
}

/** Nothing at the high watermark or after it may go, and no empty active segment. */
function isReplicated(list: readonly Segment[], index: number, ends: LogEnds): boolean {
  const next = list[index + 1];
  if (next === undefined && at(list, index).isEmpty) return false;
  return ends.highWatermark >= (next?.baseOffset ?? ends.logEndOffset);
}

/** From when on a pass removes something without another append or a higher watermark; null when
 *  none will. */
export function retentionDueMs(
  segments: Segments,
  config: LogConfig,
  ends: LogEnds,
): number | null {
  if (deletableBySize(segments, config, ends) > 0) return 0;
  if (!config.isDeleted || config.retentionMs < 0) return null;
  if (!isReplicated(segments.list, 0, ends)) return null;
  return segments.oldest.largestTimestampMs + config.retentionMs + 1;
}
