/** The settings of a topic, by Kafka's names in our spelling. */

export interface TopicConfig {
  readonly partitions: number;
  /** `retention.ms`; -1 keeps for ever. Kafka's default: 7 days. */
  readonly retentionMs?: number;
  /** `retention.bytes` of one partition; -1 (the default) is no limit. */
  readonly retentionBytes?: number;
  /** `segment.bytes`; retention removes whole segments. Kafka's default: 1 GiB. */
  readonly segmentBytes?: number;
  /** `max.message.bytes`. Kafka's default: 1 048 588. */
  readonly maxMessageBytes?: number;
  /** `segment.ms`. Kafka's default: 7 days. */
  readonly segmentMs?: number;
  /** Copies of each partition; 1 when left out. */
  readonly replicationFactor?: number;
  /** The brokers of each partition's replicas, the preferred leader first; chosen by the controller
   *  when left out. */
  readonly replicas?: readonly (readonly number[])[];
  /** `min.insync.replicas`; 1 when left out. */
  readonly minInsyncReplicas?: number;
  /** `unclean.leader.election.enable`; false when left out. */
  readonly uncleanLeaderElection?: boolean;
  /** `cleanup.policy`; `delete` when left out. */
  readonly cleanupPolicy?: "delete" | "compact" | "compact,delete" | "delete,compact";
  /** `min.cleanable.dirty.ratio`: 0.5, in hundredths. */
  readonly minCleanableDirtyPercent?: number;
  /** `delete.retention.ms`: how long a tombstone stays once cleaned; 24 hours. */
  readonly deleteRetentionMs?: number;
  /** `min.compaction.lag.ms`: 0. */
  readonly minCompactionLagMs?: number;
  /** `max.compaction.lag.ms`: unlimited. */
  readonly maxCompactionLagMs?: number;
  /** `message.timestamp.type`; `CreateTime` when left out. */
  readonly timestampType?: "CreateTime" | "LogAppendTime";
  /** `message.timestamp.before.max.ms`: unlimited. */
  readonly timestampBeforeMaxMs?: number;
  /** `message.timestamp.after.max.ms`: unlimited, as in 3.9. */
  readonly timestampAfterMaxMs?: number;
}
