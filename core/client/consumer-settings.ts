/** Settings of consumers by Kafka's names, in our spelling, with its defaults. */

import type { Isolation } from "../record/record.ts";

export type AssignorName = "range" | "roundrobin" | "sticky" | "cooperative-sticky";

export interface ConsumerSettings {
  /** `session.timeout.ms`. */
  readonly sessionTimeoutMs: number;
  /** `heartbeat.interval.ms`. */
  readonly heartbeatIntervalMs: number;
  /** `max.poll.interval.ms`: who does not poll for so long leaves its group. */
  readonly maxPollIntervalMs: number;
  /** `max.poll.records`. */
  readonly maxPollRecords: number;
  /** `auto.offset.reset`. */
  readonly autoOffsetReset: "earliest" | "latest" | "none";
  /** `enable.auto.commit`. */
  readonly enableAutoCommit: boolean;
  /** `auto.commit.interval.ms`. */
  readonly autoCommitIntervalMs: number;
  /** `isolation.level`. */
  readonly isolationLevel: Isolation;
  /** `partition.assignment.strategy`, the one it likes best first. */
  readonly partitionAssignmentStrategy: readonly AssignorName[];
  /** `max.partition.fetch.bytes`. */
  readonly maxPartitionFetchBytes: number;
  /** `fetch.max.wait.ms`: how long a broker keeps a fetch that finds nothing. */
  readonly fetchMaxWaitMs: number;
  /** `metadata.max.age.ms`. */
  readonly metadataMaxAgeMs: number;
  /** `retry.backoff.ms`, doubled with each failure up to `retry.backoff.max.ms`. */
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  /** `default.api.timeout.ms`: how long `commitSync` tries. */
  readonly defaultApiTimeoutMs: number;
}

export const defaultConsumerSettings: ConsumerSettings = {
  sessionTimeoutMs: 45_000,
  heartbeatIntervalMs: 3_000,
  maxPollIntervalMs: 300_000,
  maxPollRecords: 500,
  autoOffsetReset: "latest",
  enableAutoCommit: true,
  autoCommitIntervalMs: 5_000,
  isolationLevel: "read_uncommitted",
  partitionAssignmentStrategy: ["range", "cooperative-sticky"],
  maxPartitionFetchBytes: 1_048_576,
  fetchMaxWaitMs: 500,
  metadataMaxAgeMs: 300_000,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
  defaultApiTimeoutMs: 60_000,
};

/** How long to wait after so many failures in a row, without the jitter of Kafka's clients. */
export function backoffMs(settings: ConsumerSettings, failures: number): number {
  let waitMs = settings.retryBackoffMs;
  for (let n = 1; n < failures && waitMs < settings.retryBackoffMaxMs; n += 1) waitMs *= 2;
  return Math.min(waitMs, settings.retryBackoffMaxMs);
}
