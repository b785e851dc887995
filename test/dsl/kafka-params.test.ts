// Goal: the settings of a direct stream are taken and refused as its Kafka client takes and refuses
// them, in its words.
// Method: kafka-clients 3.4.1, which Spark 3.5.1 comes with, was given each of these, with a number
// of Scala where one stands here; what it threw is what is expected.
import { describe, expect, test } from "vitest";
import { PipelineError } from "../../core/base/errors.ts";
import { type KafkaParams, readKafkaParams } from "../../core/dsl/kafka-params.ts";

/** Rows may hold what the type forbids and plain JavaScript has. */
function refusal(given: Readonly<Record<string, unknown>>): string | null {
  try {
    // Every value is looked at, whatever its type promises.
    readKafkaParams(given as KafkaParams);
    return null;
  } catch (thrown) {
    if (!(thrown instanceof PipelineError)) throw thrown;
    return thrown.message;
  }
}

const config = (value: string, name: string, why: string): string =>
  `org.apache.kafka.common.config.ConfigException: Invalid value ${value} for configuration ` +
  `${name}: ${why}`;
const notMade = "org.apache.kafka.common.KafkaException: Failed to construct kafka consumer: ";
const int = (type: string): string =>
  `Expected value to be a 32-bit integer, but it was a java.lang.${type}`;
const least = (min: number): string => `Value must be at least ${min}`;
const text = (type: string): string =>
  `Expected value to be a string, but it was a java.lang.${type}`;

type ByValue = readonly (readonly [name: string, value: unknown, why: string])[];

const byValue: ByValue = [
  ["session.timeout.ms", 2_147_483_648, int("Long")],
  ["session.timeout.ms", "2147483648", "Not a number of type INT"],
  ["session.timeout.ms", 10.5, int("Double")],
  ["session.timeout.ms", true, int("Boolean")],
  ["max.poll.records", 0, least(1)],
  ["max.poll.interval.ms", 0, least(1)],
  ["max.poll.records", "many", "Not a number of type INT"],
  ["metadata.max.age.ms", "5.0", "Not a number of type LONG"],
  ["metadata.max.age.ms", -1, least(0)],
  [
    "metadata.max.age.ms",
    5.5,
    "Expected value to be a 64-bit integer (long), but it was a java.lang.Double",
  ],
  ["fetch.min.bytes", -1, least(0)],
  ["fetch.max.bytes", -1, least(0)],
  ["send.buffer.bytes", -2, least(-1)],
  ["metrics.num.samples", 0, least(1)],
  ["reconnect.backoff.ms", -1, least(0)],
  ["default.api.timeout.ms", -1, least(0)],
  ["request.timeout.ms", -1, least(0)],
  ["group.instance.id", "", "String must be non-empty"],
  ["group.id", 5, text("Integer")],
  ["client.id", 5, text("Integer")],
  ["auto.offset.reset", 5, text("Integer")],
  ["auto.offset.reset", true, text("Boolean")],
  ["auto.offset.reset", "smallest", "String must be one of: latest, earliest, none"],
  ["isolation.level", "x", "String must be one of: read_committed, read_uncommitted"],
  ["enable.auto.commit", 1, "Expected value to be either true or false"],
  ["exclude.internal.topics", "maybe", "Expected value to be either true or false"],
  ["partition.assignment.strategy", 5, "Expected a comma separated list."],
  [
    "client.dns.lookup",
    "x",
    "String must be one of: use_all_dns_ips, resolve_canonical_bootstrap_servers_only",
  ],
  ["metrics.recording.level", "info", "String must be one of: INFO, DEBUG, TRACE"],
  [
    "security.protocol",
    "PLAINTXT",
    "String must be one of: PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL",
  ],
  ["metadata.max.age.ms", null, "Value must be non-null"],
];

describe("a setting of a stream's consumer is refused", () => {
  test.each(byValue)("%s: %s", (name, value, why) => {
    expect(refusal({ "group.id": "g", [name]: value })).toBe(config(String(value), name, why));
  });

  test.each([
    [{ "group.instance.id": "a b" }, "InvalidConfigurationException: Group instance id is invalid"],
    [
      { "session.timeout.ms": 100 },
      `${notMade}java.lang.IllegalArgumentException: Heartbeat must be set lower than the ` +
        "session timeout; heartbeat.interval.ms is 3000 and session.timeout.ms 100",
    ],
    [{ "heartbeat.interval.ms": -1 }, "IllegalArgumentException: Invalid negative timeout -1"],
    [
      { "partition.assignment.strategy": "range" },
      `${notMade}org.apache.kafka.common.KafkaException: range ClassNotFoundException exception ` +
        "occurred: java.lang.ClassNotFoundException: range; known: org.apache.kafka.clients.con",
    ],
    [
      { "interceptor.classes": "x" },
      `${notMade}org.apache.kafka.common.KafkaException: Class x cannot be found: ` +
        "java.lang.ClassNotFoundException: x",
    ],
    [
      { "bootstrap.servers": "localhost" },
      `${notMade}org.apache.kafka.common.config.ConfigException: Invalid url in ` +
        "bootstrap.servers: localhost",
    ],
    [{ "bootstrap.servers": "" }, "No resolvable bootstrap urls given in bootstrap.servers"],
    [{ "auto.offset.rest": "latest" }, "did you mean auto.offset.reset?"],
    [{ autoOffsetReset: "latest" }, "did you mean auto.offset.reset?"],
    [{ "group.id": null, "enable.auto.commit": true }, "default group id (null) is used."],
    [{ "session.timeout.ms": undefined }, "Value must be non-null"],
  ])("%o", (given, message) => {
    expect(refusal({ "group.id": "g", ...given })).toContain(message);
  });
});

test.each([
  [{}],
  // Without a group nobody looks at them.
  [{ "session.timeout.ms": 100 }],
  [{ "heartbeat.interval.ms": -5 }],
  [{ "group.id": "g", "max.poll.records": " 5 ", "metadata.max.age.ms": 5 }],
  [{ "group.id": "g", "enable.auto.commit": "TRUE ", "send.buffer.bytes": -1 }],
  [{ "group.id": null, "client.rack": null, "group.instance.id": null }],
  [{ "group.id": "g", "partition.assignment.strategy": "", "interceptor.classes": "" }],
  [
    {
      "group.id": "g",
      "partition.assignment.strategy": "org.apache.kafka.clients.consumer.StickyAssignor",
    },
  ],
  [{ "connections.max.idle.ms": -1, "socket.connection.setup.timeout.ms": -1 }],
  [{ "bootstrap.servers": "a:9092, b:9092", "ssl.protocol": "TLSv1.3", "client.id": "" }],
])("settings of a stream's consumer are taken: %o", (given) => {
  expect(refusal(given)).toBe(null);
});

test("spaces around a flag or a number do not count", () => {
  const params = { "group.id": "g", "enable.auto.commit": "TRUE ", "metadata.max.age.ms": " 5 " };
  expect(readKafkaParams(params)).toMatchObject({ autoCommitMs: 5_000, metadataMaxAgeMs: 5 });
});
