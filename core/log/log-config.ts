/** What a log has to know of its topic, with Kafka's defaults filled in. */

import type { TopicConfig } from "../record/topic-config.ts";

/** Settings of one log; by the names of `TopicConfig`, without gaps. */
export interface LogConfig {
  readonly maxMessageBytes: number;
  readonly segmentBytes: number;
  /** Of a compacted topic not more than `max.compaction.lag.ms`. */
  readonly segmentMs: number;
  /** `cleanup.policy` names `delete`. */
  readonly isDeleted: boolean;
  /** `cleanup.policy` names `compact`. */
  readonly isCompacted: boolean;
  /** -1 keeps for ever. */
  readonly retentionMs: number;
  /** -1 is no limit. */
  readonly retentionBytes: number;
  readonly minCleanableDirtyPercent: number;
  readonly deleteRetentionMs: number;
  readonly minCompactionLagMs: number;
  readonly maxCompactionLagMs: number;
  readonly isStampedAtAppend: boolean;
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
}

const day = 86_400_000;

/** The settings of a topic that its logs follow. Like Kafka: LogConfig of 3.9. */
export function logConfig(config: Omit<TopicConfig, "partitions">): LogConfig {
  const policy = config.cleanupPolicy ?? "delete";
  const isCompacted = policy !== "delete";
  const segmentMs = config.segmentMs ?? 7 * day;
  const maxCompactionLagMs = config.maxCompactionLagMs ?? Infinity;
  const isLagLimited = isCompacted && maxCompactionLagMs > 0;
  return {
    maxMessageBytes: config.maxMessageBytes ?? 1_048_588,
    segmentBytes: config.segmentBytes ?? 1_073_741_824,
    segmentMs: isLagLimited ? Math.min(maxCompactionLagMs, segmentMs) : segmentMs,
    isDeleted: policy !== "compact",
    isCompacted,
    retentionMs: config.retentionMs ?? 7 * day,
    retentionBytes: config.retentionBytes ?? -1,
    minCleanableDirtyPercent: config.minCleanableDirtyPercent ?? 50,
    deleteRetentionMs: config.deleteRetentionMs ?? day,
    minCompactionLagMs: config.minCompactionLagMs ?? 0,
    maxCompactionLagMs,
    isStampedAtAppend: config.timestampType === "LogAppendTime",
    timestampBeforeMaxMs: config.timestampBeforeMaxMs ?? Infinity,
    timestampAfterMaxMs: config.timestampAfterMaxMs ?? Infinity,
  };
}
