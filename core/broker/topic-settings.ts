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

/** Settings that are one of a few words. */
const words = {
  cleanupPolicy: ["delete", "compact", "compact,delete"],
  timestampType: ["CreateTime", "LogAppendTime"],
} as const satisfies Partial<Record<keyof TopicConfig, readonly string[]>>;

/** Settings that say what a topic is, and not how it behaves. */
const shape: readonly string[] = ["partitions", "replicationFactor", "replicas"];

/** All the settings a topic has. */
export const topicSettingNames: readonly string[] = [
  ...shape,
  ...Object.keys(least),
  ...Object.keys(words),
  "uncleanLeaderElection",
];

/** A setting that Kafka refuses, and what it takes instead; null where there is no such setting. */
export interface RefusedSetting {
  readonly name: string;
  readonly value: unknown;
  readonly takes: string | null;
}

/** Worlds may be plain JavaScript, and vectors are: every value is looked at. */
export function areSettingsValid(config: Partial<TopicConfig>): boolean {
  return refusedSetting(config) === null;
}

/** The first setting that cannot be; null when all can. */
export function refusedSetting(config: Partial<TopicConfig>): RefusedSetting | null {
  const values = new Map<string, unknown>(Object.entries(config));
  for (const [name, value] of values) {
    if (value === undefined || shape.includes(name)) continue;
    const takes = takenBy(name);
    if (takes === null || !takes.isValid(value)) {
      return { name, value, takes: takes?.description ?? null };
    }
  }
  const { minCompactionLagMs = 0, maxCompactionLagMs = Infinity } = config;
  if (minCompactionLagMs <= maxCompactionLagMs) return null;
  const takes = `at most maxCompactionLagMs (${maxCompactionLagMs})`;
  return { name: "minCompactionLagMs", value: minCompactionLagMs, takes };
}

interface Taken {
  readonly description: string;
  readonly isValid: (value: unknown) => boolean;
}

function takenBy(name: string): Taken | null {
  const choices = new Map<string, readonly string[]>(Object.entries(words)).get(name);
  if (choices !== undefined) {
    const isValid = (value: unknown): boolean => choices.some((choice) => choice === value);
    return { description: choices.join(" or "), isValid };
  }
  if (name === "uncleanLeaderElection") {
    return { description: "true or false", isValid: (value) => typeof value === "boolean" };
  }
  const min = new Map<string, number>(Object.entries(least)).get(name);
  if (min === undefined) return null;
  const max = name === "minCleanableDirtyPercent" ? 100 : Infinity;
  const from = min === -Infinity ? "" : ` of at least ${min}`;
  return {
    description: `a whole number${from}${max === Infinity ? "" : ` and at most ${max}`}`,
    isValid: (value) =>
      typeof value === "number" && Number.isInteger(value) && value >= min && value <= max,
  };
}
