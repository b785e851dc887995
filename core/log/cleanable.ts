/** What of a log may be compacted, and when it is worth it. Like Kafka: LogCleanerManager. */

import { compareNumbers } from "../base/order.ts";
import type { LogConfig } from "./log-config.ts";
import type { Segment } from "./segment.ts";
import type { Segments } from "./segments.ts";

/** A log as the cleaner sees it. */
export interface CleanableLog {
  readonly segments: Segments;
  readonly config: LogConfig;
  readonly lastStableOffset: number;
  /** Up to here it was compacted before. */
  readonly firstDirtyOffset: number;
}

/** The first offset that a pass leaves alone: whole closed segments below the last stable offset,
 *  older than `min.compaction.lag.ms`. Never below `firstDirtyOffset`'s segment. */
export function firstUncleanableOffset(log: CleanableLog, nowMs: number): number {
  const { segments, config, firstDirtyOffset } = log;
  let bound = Math.min(log.lastStableOffset, segments.active.baseOffset);
  if (config.minCompactionLagMs > 0) {
    const young = dirtySegments(log).find(
      ({ largestTimestampMs }) => largestTimestampMs > nowMs - config.minCompactionLagMs,
    );
    if (young !== undefined) bound = Math.min(bound, young.baseOffset);
  }
  const offset = Math.max(firstDirtyOffset, bound);
  const { list } = segments;
  return list[segments.indexOf(offset)]?.baseOffset ?? offset;
}

/** Closed segments from the one that holds the first dirty offset on. */
function dirtySegments({ segments, firstDirtyOffset }: CleanableLog): readonly Segment[] {
  return segments.list.slice(segments.indexOf(firstDirtyOffset), -1);
}

/** Whether a pass would compact the log: more of it is dirty than `min.cleanable.dirty.ratio`, or
 *  something has waited for longer than `max.compaction.lag.ms`. */
export function isCleanable(log: CleanableLog, nowMs: number): boolean {
  const { segments, config, firstDirtyOffset } = log;
  const until = firstUncleanableOffset(log, nowMs);
  let [cleanBytes, dirtyBytes] = [0, 0];
  const dirtyIndex = segments.indexOf(Math.min(firstDirtyOffset, until));
  for (const [index, { baseOffset, sizeBytes }] of segments.list.entries()) {
    if (baseOffset < firstDirtyOffset) cleanBytes += sizeBytes;
    if (index >= dirtyIndex && baseOffset < until) dirtyBytes += sizeBytes;
  }
  if (dirtyBytes === 0) return false;
  if (dirtyBytes * 100 > config.minCleanableDirtyPercent * (cleanBytes + dirtyBytes)) return true;
  const waitsSinceMs = oldestDirtyMs(log);
  return waitsSinceMs !== null && waitsSinceMs < nowMs - config.maxCompactionLagMs;
}

/** The earliest time stamp that a dirty segment begins with. */
function oldestDirtyMs(log: CleanableLog): number | null {
  const firstMs = dirtySegments(log)
    .map(({ batches }) => batches[0]?.maxTimestampMs ?? -1)
    .filter((timestampMs) => timestampMs > 0);
  return firstMs.toSorted(compareNumbers)[0] ?? null;
}

/** From when on a pass would compact the log, as it is; null when time alone does not do it. */
export function cleanableFromMs(log: CleanableLog): number | null {
  const { minCompactionLagMs, maxCompactionLagMs } = log.config;
  const oldestMs = oldestDirtyMs(log);
  const waiting = minCompactionLagMs > 0 ? dirtySegments(log) : [];
  const momentsMs = waiting.map((segment) => segment.largestTimestampMs + minCompactionLagMs);
  if (oldestMs !== null && maxCompactionLagMs !== Infinity) {
    momentsMs.push(oldestMs + maxCompactionLagMs + 1);
  }
  const sorted = [0, ...momentsMs].toSorted(compareNumbers);
  return sorted.find((nowMs) => isCleanable(log, nowMs)) ?? null;
}
