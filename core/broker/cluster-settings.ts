/** Settings of brokers and controllers, with Kafka's defaults, and what Kafka refuses of them. */

import {
  type Definitions,
  flag,
  int,
  long,
  type RefusedSetting,
  refusal,
  refusedSetting,
  type WholeDefinition,
} from "../record/config-def.ts";

export interface ClusterSettings {
  /** `replica.lag.time.max.ms`: a follower that has not caught up for so long is out of sync. */
  readonly replicaLagTimeMaxMs: number;
  /** `replica.fetch.wait.max.ms`: how long a leader keeps a follower's fetch that finds nothing. */
  readonly replicaFetchWaitMaxMs: number;
  /** `replica.fetch.backoff.ms`. */
  readonly replicaFetchBackoffMs: number;
  /** `broker.session.timeout.ms`: a silent broker is fenced after so long. */
  readonly brokerSessionTimeoutMs: number;
  /** `broker.heartbeat.interval.ms`. */
  readonly brokerHeartbeatIntervalMs: number;
  /** How long controllers take to elect a new one; `controller.quorum.fetch.timeout.ms` plus a draw
   *  up to `controller.quorum.election.timeout.ms`. */
  readonly controllerFetchTimeoutMs: number;
  readonly controllerElectionTimeoutMs: number;
  /** `leader.imbalance.check.interval.seconds`, in ms, and `auto.leader.rebalance.enable`. */
  readonly leaderImbalanceCheckMs: number;
  readonly autoLeaderRebalance: boolean;
  /** `log.retention.check.interval.ms`. */
  readonly retentionCheckMs: number;
  /** `log.cleaner.backoff.ms`. */
  readonly cleanerBackoffMs: number;
  /** What was written less than this ago is in memory alone, and goes with the power: Linux writes
   *  pages back after about 30 s. */
  readonly flushMs: number;
  /** `unclean.leader.election.enable` of topics that do not say. */
  readonly uncleanLeaderElection: boolean;
  /** `unclean.leader.election.interval.ms`: how often the controller looks for partitions without
   *  a leader whose topic has come to allow one that is not in sync. */
  readonly uncleanLeaderElectionCheckMs: number;
  /** `min.insync.replicas` of topics that do not say. */
  readonly minInsyncReplicas: number;
  /** `group.initial.rebalance.delay.ms`. */
  readonly groupInitialRebalanceDelayMs: number;
  /** `group.min.session.timeout.ms`, `group.max.session.timeout.ms`. */
  readonly groupMinSessionTimeoutMs: number;
  readonly groupMaxSessionTimeoutMs: number;
  /** `group.max.size`. */
  readonly groupMaxSize: number;
  /** `offsets.retention.minutes`, in ms. */
  readonly offsetsRetentionMs: number;
  /** `offsets.retention.check.interval.ms`. */
  readonly offsetsRetentionCheckMs: number;
  /** `transaction.max.timeout.ms`. */
  readonly transactionMaxTimeoutMs: number;
  /** `transaction.abort.timed.out.transaction.cleanup.interval.ms`. */
  readonly transactionAbortCheckMs: number;
  /** `transactional.id.expiration.ms`. */
  readonly transactionalIdExpirationMs: number;
  /** `transaction.remove.expired.transaction.cleanup.interval.ms`. */
  readonly transactionalIdExpirationCheckMs: number;
}

export const defaultClusterSettings: ClusterSettings = {
  replicaLagTimeMaxMs: 30_000,
  replicaFetchWaitMaxMs: 500,
  replicaFetchBackoffMs: 1_000,
  brokerSessionTimeoutMs: 9_000,
  brokerHeartbeatIntervalMs: 2_000,
  controllerFetchTimeoutMs: 2_000,
  controllerElectionTimeoutMs: 1_000,
  leaderImbalanceCheckMs: 300_000,
  autoLeaderRebalance: true,
  retentionCheckMs: 300_000,
  cleanerBackoffMs: 15_000,
  flushMs: 30_000,
  uncleanLeaderElection: false,
  uncleanLeaderElectionCheckMs: 300_000,
  minInsyncReplicas: 1,
  groupInitialRebalanceDelayMs: 3_000,
  groupMinSessionTimeoutMs: 6_000,
  groupMaxSessionTimeoutMs: 1_800_000,
  groupMaxSize: 2_147_483_647,
  offsetsRetentionMs: 604_800_000,
  offsetsRetentionCheckMs: 600_000,
  transactionMaxTimeoutMs: 900_000,
  transactionAbortCheckMs: 10_000,
  transactionalIdExpirationMs: 604_800_000,
  transactionalIdExpirationCheckMs: 3_600_000,
};

/** Of these Kafka takes any number. */
function from(least: number, name: string): WholeDefinition {
  return { name, type: "INT", least };
}

/** Like Kafka: KafkaConfig's ConfigDef. */
export const clusterDefinitions: Definitions<ClusterSettings> = {
  replicaLagTimeMaxMs: long("replica.lag.time.max.ms"),
  replicaFetchWaitMaxMs: from(0, "replica.fetch.wait.max.ms"),
  replicaFetchBackoffMs: int("replica.fetch.backoff.ms", 0),
  brokerSessionTimeoutMs: from(1, "broker.session.timeout.ms"),
  brokerHeartbeatIntervalMs: from(1, "broker.heartbeat.interval.ms"),
  controllerFetchTimeoutMs: from(0, "controller.quorum.fetch.timeout.ms"),
  controllerElectionTimeoutMs: from(0, "controller.quorum.election.timeout.ms"),
  leaderImbalanceCheckMs: {
    name: "leader.imbalance.check.interval.seconds",
    type: "LONG",
    min: 1,
    unit: 1_000,
  },
  autoLeaderRebalance: flag("auto.leader.rebalance.enable"),
  retentionCheckMs: long("log.retention.check.interval.ms", 1),
  cleanerBackoffMs: { name: "log.cleaner.backoff.ms", type: "LONG", min: 0, least: 1 },
  flushMs: long("flushMs", 0),
  uncleanLeaderElection: flag("unclean.leader.election.enable"),
  uncleanLeaderElectionCheckMs: long("unclean.leader.election.interval.ms", 1),
  minInsyncReplicas: int("min.insync.replicas", 1),
  groupInitialRebalanceDelayMs: from(0, "group.initial.rebalance.delay.ms"),
  groupMinSessionTimeoutMs: from(0, "group.min.session.timeout.ms"),
  groupMaxSessionTimeoutMs: from(0, "group.max.session.timeout.ms"),
  groupMaxSize: int("group.max.size", 1),
  offsetsRetentionMs: { name: "offsets.retention.minutes", type: "INT", min: 1, unit: 60_000 },
  offsetsRetentionCheckMs: long("offsets.retention.check.interval.ms", 1),
  transactionMaxTimeoutMs: int("transaction.max.timeout.ms", 1),
  transactionAbortCheckMs: int("transaction.abort.timed.out.transaction.cleanup.interval.ms", 1),
  transactionalIdExpirationMs: int("transactional.id.expiration.ms", 1),
  transactionalIdExpirationCheckMs: int(
    "transaction.remove.expired.transaction.cleanup.interval.ms",
    1,
  ),
};

/** `replica.socket.timeout.ms`. */
const REPLICA_SOCKET_TIMEOUT_MS = 30_000;

/** The first thing that Kafka refuses of its brokers' settings; null for nothing.
 *  Like Kafka: KafkaConfig.validateValues. */
export function refusedCluster(given: Partial<ClusterSettings>): RefusedSetting | null {
  const refused = refusedSetting(clusterDefinitions, given);
  if (refused !== null) return refused;
  const all = { ...defaultClusterSettings, ...given };
  if (all.brokerSessionTimeoutMs <= all.brokerHeartbeatIntervalMs) {
    const { brokerSessionTimeoutMs: sessionMs, brokerHeartbeatIntervalMs: beatMs } = all;
    return {
      setting: "brokerSessionTimeoutMs",
      words: null,
      describe: (of) =>
        `brokerSessionTimeoutMs of ${of} is ${sessionMs} and brokerHeartbeatIntervalMs ` +
        `${beatMs}, so that every broker is fenced between two heartbeats; give the session ` +
        "more time",
    };
  }
  const required = "java.lang.IllegalArgumentException: requirement failed: ";
  if (all.replicaFetchWaitMaxMs > REPLICA_SOCKET_TIMEOUT_MS) {
    return refusal(
      "replicaFetchWaitMaxMs",
      `${required}replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms ` +
        "to prevent unnecessary socket timeouts",
    );
  }
  if (all.replicaFetchWaitMaxMs <= all.replicaLagTimeMaxMs) {
    const { replicaLagTimeMaxMs } = clusterDefinitions;
    const stricter = { replicaLagTimeMaxMs: { ...replicaLagTimeMaxMs, least: 2 } };
    return refusedSetting(stricter, { replicaLagTimeMaxMs: all.replicaLagTimeMaxMs });
  }
  return refusal(
    given.replicaLagTimeMaxMs === undefined ? "replicaFetchWaitMaxMs" : "replicaLagTimeMaxMs",
    `${required}replica.fetch.wait.max.ms should always be less than or equal to ` +
      "replica.lag.time.max.ms to prevent frequent changes in ISR",
  );
}
