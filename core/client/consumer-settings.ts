/** Settings of consumers by Kafka's names, in our spelling, with its defaults. */

import { nearestWord } from "../base/nearest-word.ts";
import { shown } from "../base/shown.ts";
import {
  type Definitions,
  flag,
  illegalName,
  int,
  long,
  type RefusedSetting,
  refusal,
  refusedSetting,
} from "../record/config-def.ts";
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

/** Like Kafka: ConsumerConfig's ConfigDef. */
export const consumerDefinitions: Definitions<ConsumerSettings> = {
  sessionTimeoutMs: int("session.timeout.ms"),
  heartbeatIntervalMs: int("heartbeat.interval.ms"),
  maxPollIntervalMs: int("max.poll.interval.ms", 1),
  maxPollRecords: int("max.poll.records", 1),
  autoOffsetReset: {
    name: "auto.offset.reset",
    type: "STRING",
    choices: ["latest", "earliest", "none"],
  },
  enableAutoCommit: flag("enable.auto.commit"),
  autoCommitIntervalMs: int("auto.commit.interval.ms", 0),
  isolationLevel: {
    name: "isolation.level",
    type: "STRING",
    choices: ["read_committed", "read_uncommitted"],
  },
  partitionAssignmentStrategy: { name: "partition.assignment.strategy", type: "OTHER" },
  maxPartitionFetchBytes: int("max.partition.fetch.bytes", 0),
  fetchMaxWaitMs: int("fetch.max.wait.ms", 0),
  metadataMaxAgeMs: long("metadata.max.age.ms", 0),
  retryBackoffMs: long("retry.backoff.ms", 0),
  retryBackoffMaxMs: long("retry.backoff.max.ms", 0),
  defaultApiTimeoutMs: int("default.api.timeout.ms", 0),
};

const classes = "org.apache.kafka.clients.consumer.";
/** The classes of assignors, by the names they go by in a group. */
export const assignorClasses: Readonly<Record<AssignorName, string>> = {
  range: `${classes}RangeAssignor`,
  roundrobin: `${classes}RoundRobinAssignor`,
  sticky: `${classes}StickyAssignor`,
  "cooperative-sticky": `${classes}CooperativeStickyAssignor`,
};

const NOT_MADE = "org.apache.kafka.common.KafkaException: Failed to construct kafka consumer: ";

/** The first thing that Kafka refuses of a consumer's settings; null for nothing. */
export function refusedConsumer(given: Partial<ConsumerSettings>): RefusedSetting | null {
  const refused = refusedSetting(consumerDefinitions, given);
  if (refused !== null) return refused;
  const all = { ...defaultConsumerSettings, ...given };
  return refusedHeartbeat(all) ?? refusedAssignors(all.partitionAssignmentStrategy);
}

/** Like Kafka: Heartbeat, and its timers. */
function refusedHeartbeat(settings: ConsumerSettings): RefusedSetting | null {
  const { heartbeatIntervalMs, sessionTimeoutMs } = settings;
  const thrown = `${NOT_MADE}java.lang.IllegalArgumentException: `;
  if (heartbeatIntervalMs >= sessionTimeoutMs) {
    const words = `${thrown}Heartbeat must be set lower than the session timeout`;
    const describe = (of: string): string =>
      `${words}: heartbeatIntervalMs is ${heartbeatIntervalMs} and sessionTimeoutMs ` +
      `${sessionTimeoutMs}; correct one of them, of ${of}`;
    return { setting: "heartbeatIntervalMs", words, describe };
  }
  if (heartbeatIntervalMs >= 0) return null;
  return refusal("heartbeatIntervalMs", `${thrown}Invalid negative timeout ${heartbeatIntervalMs}`);
}

/** Kafka names them by their classes, so that some words are ours. */
function refusedAssignors(names: unknown): RefusedSetting | null {
  const setting = "partitionAssignmentStrategy";
  const known: readonly string[] = Object.keys(assignorClasses);
  const ours = (problem: string): RefusedSetting => ({
    setting,
    words: null,
    describe: (of) => `${setting} of ${of} ${problem}`,
  });
  if (!Array.isArray(names)) return ours(`is ${shown(names)}; give a list such as ["range"]`);
  if (names.length === 0) return ours(`is empty; choose from ${known.join(", ")}`);
  for (const [index, name] of names.map(shown).entries()) {
    const assignor = Object.entries(assignorClasses).find(([one]) => one === name)?.[1];
    if (assignor === undefined) {
      const nearest = nearestWord(name, known);
      const remedy =
        nearest === null ? `choose from ${known.join(", ")}` : `did you mean ${nearest}?`;
      return ours(`names ${name}, which is no assignor; ${remedy}`);
    }
    if (names.indexOf(name) === index) continue;
    const words = `The assignor name: '${name}' is used in more than one assignor: `;
    return refusal(
      setting,
      `${NOT_MADE}org.apache.kafka.common.KafkaException: ${words}${assignor}, ${assignor}`,
    );
  }
  return null;
}

/** Why Kafka refuses a `group.instance.id`, in its words; null for what it takes.
 *  Like Kafka: JoinGroupRequest.validateGroupInstanceId. */
export function refusedInstance(id: string): string | null {
  if (id === "") {
    const invalid = "Invalid value  for configuration group.instance.id: String must be non-empty";
    return `org.apache.kafka.common.config.ConfigException: ${invalid}`;
  }
  const why = illegalName("Group instance id", id);
  return why === null
    ? null
    : `org.apache.kafka.common.errors.InvalidConfigurationException: ${why}`;
}

/** How long to wait after so many failures in a row, without the jitter of Kafka's clients. */
export function backoffMs(settings: ConsumerSettings, failures: number): number {
  let waitMs = settings.retryBackoffMs;
  for (let n = 1; n < failures && waitMs < settings.retryBackoffMaxMs; n += 1) waitMs *= 2;
  return Math.min(waitMs, settings.retryBackoffMaxMs);
}
