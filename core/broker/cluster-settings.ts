/** Settings of brokers and controllers, with Kafka's defaults. */

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
