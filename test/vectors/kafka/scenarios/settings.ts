// What Kafka takes for settings and what it refuses, in its words. By Kafka's names; values as the
// texts of a properties file.
import type { SettingsScenario } from "./scenario.ts";

type Given = Readonly<Record<string, string>>;

/** A setting at a time. */
function each(name: string, ...values: readonly string[]): Given[] {
  return values.map((value) => ({ [name]: value }));
}

const sticky = "org.apache.kafka.clients.consumer.StickyAssignor";

const ofGroup = (given: readonly Given[]): Given[] =>
  given.map((one) => ({ "group.id": "g", ...one }));

const consumer: readonly (readonly [title: string, given: readonly Given[]])[] = [
  ["auto.offset.reset is one of three words", each("auto.offset.reset", "smallest", "Latest", "")],
  ["isolation.level is one of two words", each("isolation.level", "committed", "READ_COMMITTED")],
  ["a flag is true or false", each("enable.auto.commit", "yes", "1", "TRUE", "false")],
  [
    "a session and its heartbeats",
    [
      ...each("session.timeout.ms", "100", "3000", "3001", "-1", "1e3", "2147483648", "2.5"),
      ...each("heartbeat.interval.ms", "45000", "44999", "0", "-1", "soon"),
      { "session.timeout.ms": "6000", "heartbeat.interval.ms": "6000" },
      { "session.timeout.ms": "10", "heartbeat.interval.ms": "9" },
    ],
  ],
  [
    "polls",
    [
      ...each("max.poll.interval.ms", "0", "-1", "1", "3000"),
      ...each("max.poll.records", "0", "-1", "1", "many"),
      { "max.poll.interval.ms": "30000", "session.timeout.ms": "45000" },
    ],
  ],
  [
    "fetches",
    [
      ...each("max.partition.fetch.bytes", "-1", "0", "2147483648"),
      ...each("fetch.max.wait.ms", "-1", "0"),
      ...each("fetch.min.bytes", "-1", "0"),
      ...each("fetch.max.bytes", "-1", "0", "1"),
    ],
  ],
  [
    "assignors are classes with a constructor",
    [
      ...each("partition.assignment.strategy", "", "sticky", "range"),
      ...each("partition.assignment.strategy", sticky, `${sticky},${sticky}`),
    ],
  ],
  ["a static member has a name", each("group.instance.id", "", ".", "a b", "a-1", "x".repeat(250))],
  [
    "times that go on",
    [
      ...each("auto.commit.interval.ms", "-1", "0"),
      ...each("metadata.max.age.ms", "-1", "0"),
      ...each("retry.backoff.ms", "-1", "0"),
      ...each("retry.backoff.max.ms", "-1", "0"),
      ...each("default.api.timeout.ms", "-1", "0", "1"),
      { "retry.backoff.ms": "5000", "retry.backoff.max.ms": "1000" },
    ],
  ],
  ["a name nobody knows is no error", each("auto.ofset.reset", "earliest")],
];

const withoutGroup: readonly Given[] = [
  {},
  { "enable.auto.commit": "true" },
  { "enable.auto.commit": "false" },
  { "group.id": "" },
  { "group.id": "", "enable.auto.commit": "true" },
];

const producer: readonly (readonly [title: string, given: readonly Given[]])[] = [
  ["acks are all, -1, 0 or 1", each("acks", "2", "ALL", "all", "-1", "0", "1", "")],
  ["a flag is true or false", each("enable.idempotence", "maybe", "TRUE")],
  [
    "idempotence needs acks of all",
    [
      { "enable.idempotence": "true", acks: "1" },
      { "enable.idempotence": "true", acks: "0" },
      { "enable.idempotence": "true", acks: "all" },
      { "enable.idempotence": "false", acks: "0" },
    ],
  ],
  [
    "idempotence needs at most five in flight",
    [
      { "enable.idempotence": "true", "max.in.flight.requests.per.connection": "6" },
      { "enable.idempotence": "true", "max.in.flight.requests.per.connection": "5" },
      { "max.in.flight.requests.per.connection": "6" },
      { "enable.idempotence": "false", "max.in.flight.requests.per.connection": "6" },
      ...each("max.in.flight.requests.per.connection", "0", "-1", "1"),
    ],
  ],
  [
    "idempotence needs retries",
    [
      { "enable.idempotence": "true", retries: "0" },
      { "enable.idempotence": "true", retries: "1" },
      ...each("retries", "-1", "0", "2147483647", "2147483648"),
    ],
  ],
  [
    "several things at odds with idempotence",
    [
      { "enable.idempotence": "true", retries: "0", acks: "1" },
      {
        "enable.idempotence": "true",
        acks: "1",
        "max.in.flight.requests.per.connection": "6",
      },
      { retries: "0", acks: "1", "max.in.flight.requests.per.connection": "6" },
    ],
  ],
  [
    "transactions need idempotence",
    [
      { "transactional.id": "x" },
      { "transactional.id": "" },
      { "transactional.id": "x", "enable.idempotence": "false" },
      { "transactional.id": "x", acks: "1" },
      { "transactional.id": "x", retries: "0" },
      { "transactional.id": "x", "max.in.flight.requests.per.connection": "6" },
      { "transactional.id": "x", "transaction.timeout.ms": "-1" },
      { "transactional.id": "x", "transaction.timeout.ms": "0" },
      ...each("transaction.timeout.ms", "soon", "1000"),
    ],
  ],
  [
    "delivery takes as long as lingering and a request",
    [
      { "delivery.timeout.ms": "30000" },
      { "delivery.timeout.ms": "30004", "linger.ms": "5" },
      { "delivery.timeout.ms": "30005", "linger.ms": "5" },
      { "delivery.timeout.ms": "29999" },
      { "linger.ms": "100000" },
      { "linger.ms": "100000", "delivery.timeout.ms": "120000" },
      { "request.timeout.ms": "200000" },
      { "linger.ms": "2147483647" },
      { "linger.ms": "2147483647", "delivery.timeout.ms": "2147483647" },
      ...each("delivery.timeout.ms", "-1", "0", "2147483648"),
      ...each("linger.ms", "-1", "0", "0.5"),
      ...each("request.timeout.ms", "-1", "0"),
    ],
  ],
  [
    "sizes and times",
    [
      ...each("batch.size", "-1", "0", "big", "2147483648"),
      ...each("buffer.memory", "-1", "0", "4294967296"),
      ...each("max.block.ms", "-1", "0"),
      ...each("metadata.max.age.ms", "-1", "0"),
      ...each("retry.backoff.ms", "-1", "0"),
      ...each("retry.backoff.max.ms", "-1", "0"),
      { "retry.backoff.ms": "5000", "retry.backoff.max.ms": "1000" },
    ],
  ],
  ["a name nobody knows is no error", each("transactionalid", "x")],
];

const topic: readonly (readonly [title: string, given: readonly Given[]])[] = [
  ["a name nobody knows", each("retention", "1")],
  [
    "retention",
    [
      ...each("retention.ms", "-2", "-1", "0", "soon", "1.5", "9223372036854775807"),
      ...each("retention.bytes", "-2", "-1", "0", "lots"),
    ],
  ],
  [
    "segments",
    [
      ...each("segment.bytes", "13", "14", "-1", "2147483648"),
      ...each("segment.ms", "0", "1", "-1"),
      ...each("max.message.bytes", "-1", "0"),
    ],
  ],
  ["copies that must have a record", each("min.insync.replicas", "0", "-1", "1", "100", "two")],
  [
    "cleanup.policy",
    each(
      "cleanup.policy",
      "shrink",
      "Delete",
      "",
      "delete",
      "compact",
      "compact,delete",
      "delete,compact",
      "delete, compact",
      "delete,shrink",
    ),
  ],
  [
    "compaction",
    [
      ...each("min.cleanable.dirty.ratio", "1.5", "-0.1", "0", "1", "half"),
      ...each("delete.retention.ms", "-1", "0"),
      ...each("min.compaction.lag.ms", "-1", "0"),
      ...each("max.compaction.lag.ms", "0", "1"),
      { "min.compaction.lag.ms": "10", "max.compaction.lag.ms": "5" },
      { "min.compaction.lag.ms": "5", "max.compaction.lag.ms": "5" },
    ],
  ],
  [
    "time stamps",
    [
      ...each("message.timestamp.type", "Now", "CreateTime", "LogAppendTime", "createtime"),
      ...each("message.timestamp.before.max.ms", "-1", "0"),
      ...each("message.timestamp.after.max.ms", "-1", "0"),
    ],
  ],
  ["flags", each("unclean.leader.election.enable", "yes", "true", "False")],
];

const topicNames: readonly Given[] = each(
  "name",
  "",
  ".",
  "..",
  "...",
  "a b",
  "a/b",
  "ä",
  "A-b_c.9",
  "__consumer_offsets",
  "x".repeat(249),
  "x".repeat(250),
);

const broker: readonly (readonly [title: string, given: readonly Given[]])[] = [
  [
    "replicas",
    [
      ...each("replica.lag.time.max.ms", "-1", "0", "499", "500", "soon"),
      ...each("replica.fetch.wait.max.ms", "-1", "0", "30000", "30001"),
      ...each("replica.fetch.backoff.ms", "-1", "0"),
      ...each("min.insync.replicas", "0", "1", "9"),
      ...each("unclean.leader.election.enable", "yes"),
      ...each("auto.leader.rebalance.enable", "yes"),
      ...each("leader.imbalance.check.interval.seconds", "0", "-1"),
    ],
  ],
  [
    "sessions of brokers",
    [
      ...each("broker.session.timeout.ms", "-1", "0", "3999", "4000"),
      ...each("broker.heartbeat.interval.ms", "-1", "0", "4500", "4501", "9000"),
      ...each("controller.quorum.fetch.timeout.ms", "-1", "0"),
      ...each("controller.quorum.election.timeout.ms", "-1", "0"),
    ],
  ],
  [
    "logs",
    [
      ...each("log.retention.check.interval.ms", "0", "1", "-1"),
      ...each("log.cleaner.backoff.ms", "-1", "0"),
    ],
  ],
  [
    "groups",
    [
      ...each("group.initial.rebalance.delay.ms", "-1", "0"),
      ...each("group.min.session.timeout.ms", "-1", "0", "1800001"),
      ...each("group.max.session.timeout.ms", "-1", "0", "5999"),
      ...each("group.max.size", "0", "1", "-1"),
      ...each("offsets.retention.minutes", "0", "1"),
      ...each("offsets.retention.check.interval.ms", "0", "1"),
    ],
  ],
  [
    "transactions",
    [
      ...each("transaction.max.timeout.ms", "0", "1", "-1"),
      ...each("transaction.abort.timed.out.transaction.cleanup.interval.ms", "0", "1"),
      ...each("transactional.id.expiration.ms", "0", "1"),
      ...each("transaction.remove.expired.transaction.cleanup.interval.ms", "0", "1"),
    ],
  ],
];

function scenarios(
  of: SettingsScenario["of"],
  titled: readonly (readonly [title: string, given: readonly Given[]])[],
): SettingsScenario[] {
  return titled.map(([title, given]) => {
    return { name: `settings/${of}: ${title}`, kind: "settings", of, given };
  });
}

export const settings: readonly SettingsScenario[] = [
  ...scenarios(
    "consumer",
    consumer.map(([title, given]) => [title, ofGroup(given)] as const),
  ),
  ...scenarios("consumer", [["a consumer without a group", withoutGroup]]),
  ...scenarios("producer", producer),
  ...scenarios("topic", topic),
  ...scenarios("topic name", [["letters, digits, dots, lines", topicNames]]),
  ...scenarios("broker", broker),
];
