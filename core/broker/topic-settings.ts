/** What Kafka refuses of a topic's settings (INVALID_CONFIG).
 *  Like Kafka: LogConfig.validate of 3.9. */

import type { TopicConfig } from "../record/topic-config.ts";

/** The least that each setting may be; -1 says "no limit" where that is the least. */
const least = {
  retentionMs: -1,
  retentionBytes: -Infinity,
  segmentBytes: 14,
  segmentMs: 1,
  maxMessageBytes: 0,
  minInsyncReplicas: 1,
  minCleanableDirtyPercent: 0,
  deleteRetentionMs: 0,
  minCompactionLagMs: 0,
  maxCompactionLagMs: 1,
  timestampBeforeMaxMs: 0,
  timestampAfterMaxMs: 0,
} as const satisfies Partial<Record<keyof TopicConfig, number>>;

/** Settings that say what a topic is, and not how it behaves. */
const shape: readonly string[] = ["partitions", "replicationFactor", "replicas"];

/** Worlds may be plain JavaScript, and vectors are: every value is looked at. */
export function areSettingsValid(config: Partial<TopicConfig>): boolean {
  const values = new Map<string, unknown>(Object.entries(config));
  for (const [name, value] of values) {
    if (value !== undefined && !shape.includes(name) && !isValid(name, value)) return false;
  }
  const { minCompactionLagMs = 0, maxCompactionLagMs = Infinity } = config;
  return minCompactionLagMs <= maxCompactionLagMs;
}

function isValid(name: string, value: unknown): boolean {
  switch (name) {
    case "cleanupPolicy":
      return value === "delete" || value === "compact" || value === "compact,delete";
    case "timestampType":
      return value === "CreateTime" || value === "LogAppendTime";
    case "uncleanLeaderElection":
      return typeof value === "boolean";
    case "minCleanableDirtyPercent":
      return typeof value === "number" && value >= 0 && value <= 100;
    default: {
      const bound = new Map<string, number>(Object.entries(least)).get(name);
      return bound !== undefined && typeof value === "number" && value >= bound;
    }
  }
}
