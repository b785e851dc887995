// Settings as Kafka names them, in the words of our cluster.
import type { TopicConfig } from "../../../../core/broker/broker.ts";
import type { ClusterSettings } from "../../../../core/broker/cluster-settings.ts";
import type { ClusterSpec } from "../scenarios/scenario.ts";

type Values = Readonly<Record<string, string | number | boolean>>;
type Field<T> = readonly [field: keyof T, read?: (value: number) => number];

/** What the brokers of the vectors are told beside their scenario: ../BrokerSettings.java. */
const small: Partial<ClusterSettings> = {
  brokerSessionTimeoutMs: 5_000,
  brokerHeartbeatIntervalMs: 300,
  replicaFetchWaitMaxMs: 200,
  transactionAbortCheckMs: 300,
  groupInitialRebalanceDelayMs: 0,
  autoLeaderRebalance: false,
  cleanerBackoffMs: 200,
  retentionCheckMs: 300,
};

const clusterFields = new Map<string, Field<ClusterSettings>>([
  ["replica.lag.time.max.ms", ["replicaLagTimeMaxMs"]],
  ["broker.session.timeout.ms", ["brokerSessionTimeoutMs"]],
  ["group.max.size", ["groupMaxSize"]],
  ["unclean.leader.election.interval.ms", ["uncleanLeaderElectionCheckMs"]],
]);

const hundredths = (ratio: number): number => Math.round(ratio * 100);
const topicFields = new Map<string, Field<TopicConfig>>([
  ["retention.ms", ["retentionMs"]],
  ["retention.bytes", ["retentionBytes"]],
  ["segment.bytes", ["segmentBytes"]],
  ["max.message.bytes", ["maxMessageBytes"]],
  ["min.insync.replicas", ["minInsyncReplicas"]],
  ["unclean.leader.election.enable", ["uncleanLeaderElection"]],
  ["cleanup.policy", ["cleanupPolicy"]],
  ["min.cleanable.dirty.ratio", ["minCleanableDirtyPercent", hundredths]],
  ["delete.retention.ms", ["deleteRetentionMs"]],
  ["min.compaction.lag.ms", ["minCompactionLagMs"]],
  ["max.compaction.lag.ms", ["maxCompactionLagMs"]],
  ["message.timestamp.type", ["timestampType"]],
  ["message.timestamp.before.max.ms", ["timestampBeforeMaxMs"]],
  ["message.timestamp.after.max.ms", ["timestampAfterMaxMs"]],
]);

const ofType = new Map<string, string>([
  ["uncleanLeaderElection", "boolean"],
  ["cleanupPolicy", "string"],
  ["timestampType", "string"],
]);
const spelled = new Set(["delete", "compact", "compact,delete", "CreateTime", "LogAppendTime"]);

/** Null where a value is none that the types of ours can say. */
function translate<T>(values: Values, fields: ReadonlyMap<string, Field<T>>): Partial<T> | null {
  const entries: [string, string | number | boolean][] = [];
  for (const [name, value] of Object.entries(values)) {
    const [field, read] = fields.get(name) ?? [];
    if (field === undefined) return null;
    if (typeof value !== (ofType.get(String(field)) ?? "number")) return null;
    if (typeof value === "string" && !spelled.has(value)) return null;
    entries.push([String(field), typeof value === "number" && read ? read(value) : value]);
  }
  // The fields are T's, their values of the types just compared.
  return Object.fromEntries(entries) as Partial<T>;
}

export function clusterSettings({ settings = {} }: ClusterSpec): Partial<ClusterSettings> {
  const own = translate(settings, clusterFields);
  if (own === null) throw new Error(`our cluster has no setting of ${JSON.stringify(settings)}`);
  return { ...small, ...own };
}

/** Null for settings that ours cannot be told. */
export function topicConfig(settings: Values = {}): Partial<TopicConfig> | null {
  return translate(settings, topicFields);
}
