/** What Kafka refuses of a topic's settings (INVALID_CONFIG).
 *  Like Kafka: LogConfig.validate of 3.9. */

import {
  type Definition,
  type Definitions,
  flag,
  int,
  long,
  type RefusedSetting,
  refusal,
  refusedSetting,
} from "../record/config-def.ts";
import type { TopicConfig } from "../record/topic-config.ts";

/** What says what a topic is, and not how it behaves. */
type Shape = "partitions" | "replicationFactor" | "replicas";

/** A limit that no clock comes to stands for none. */
function limit(name: string, min?: number): Definition {
  return { ...long(name, min), most: Number.MAX_SAFE_INTEGER };
}

/** Like Kafka: LogConfig's ConfigDef. */
export const topicDefinitions: Definitions<Omit<Required<TopicConfig>, Shape>> = {
  retentionMs: limit("retention.ms", -1),
  retentionBytes: limit("retention.bytes"),
  segmentBytes: int("segment.bytes", 14),
  segmentMs: limit("segment.ms", 1),
  maxMessageBytes: int("max.message.bytes", 0),
  minInsyncReplicas: int("min.insync.replicas", 1),
  uncleanLeaderElection: flag("unclean.leader.election.enable"),
  cleanupPolicy: { name: "cleanup.policy", type: "WORDS", choices: ["compact", "delete"] },
  minCleanableDirtyPercent: { name: "min.cleanable.dirty.ratio", type: "RATIO" },
  deleteRetentionMs: limit("delete.retention.ms", 0),
  minCompactionLagMs: limit("min.compaction.lag.ms", 0),
  maxCompactionLagMs: limit("max.compaction.lag.ms", 1),
  timestampType: {
    name: "message.timestamp.type",
    type: "STRING",
    choices: ["CreateTime", "LogAppendTime"],
  },
  timestampBeforeMaxMs: limit("message.timestamp.before.max.ms", 0),
  timestampAfterMaxMs: limit("message.timestamp.after.max.ms", 0),
};

const all: Definitions<Required<TopicConfig>> = {
  partitions: { name: "partitions", type: "OTHER" },
  replicationFactor: { name: "replication.factor", type: "OTHER" },
  replicas: { name: "replica.assignment", type: "OTHER" },
  ...topicDefinitions,
};

/** Worlds may be plain JavaScript, and vectors are: every value is looked at. */
export function areSettingsValid(config: Partial<TopicConfig>): boolean {
  return refusedTopic(config) === null;
}

/** The first setting that cannot be; null when all can. */
export function refusedTopic(config: Partial<TopicConfig>): RefusedSetting | null {
  const refused = refusedSetting(all, config);
  if (refused !== null) return refused;
  const { minCompactionLagMs = 0, maxCompactionLagMs = Infinity } = config;
  if (minCompactionLagMs <= maxCompactionLagMs) return null;
  return refusal(
    "minCompactionLagMs",
    "org.apache.kafka.common.errors.InvalidConfigurationException: conflict topic config setting " +
      `min.compaction.lag.ms (${minCompactionLagMs}) > max.compaction.lag.ms ` +
      `(${maxCompactionLagMs})`,
  );
}
