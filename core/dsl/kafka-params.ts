/** The settings of a direct stream's consumer, looked at as Kafka's ConsumerConfig does. */

import { PipelineError } from "../base/errors.ts";
import { nearestWord } from "../base/nearest-word.ts";
import { shown } from "../base/shown.ts";
import { assignorClasses } from "../client/consumer-settings.ts";
import { type Definition, flag, illegalName, int, long, whyRefused } from "../record/config-def.ts";
import type { KafkaSource } from "../stream/kafka-source.ts";

/** Settings of Kafka's consumer. The world has its own brokers and its records are text:
 *  `bootstrap.servers` and the deserializers may be left out. */
export type KafkaParams = Readonly<Record<string, string | number | boolean>>;

const deserializers = ["key.deserializer", "value.deserializer"];

const flags = [
  "allow.auto.create.topics",
  "auto.include.jmx.reporter",
  "check.crcs",
  "enable.auto.commit",
  "exclude.internal.topics",
];

/** Classes of the user's, which a world has none of. */
const plugins = ["interceptor.classes", "metric.reporters"];
const lists = new Set(["bootstrap.servers", "partition.assignment.strategy", ...plugins]);

/** Texts of any kind, which may be null. */
const texts = ["client.id", "client.rack", "group.id", "security.providers"];

const definitions: readonly Definition[] = [
  int("auto.commit.interval.ms", 0),
  long("connections.max.idle.ms"),
  int("default.api.timeout.ms", 0),
  int("fetch.max.bytes", 0),
  int("fetch.max.wait.ms", 0),
  int("fetch.min.bytes", 0),
  int("heartbeat.interval.ms"),
  int("max.partition.fetch.bytes", 0),
  int("max.poll.interval.ms", 1),
  int("max.poll.records", 1),
  long("metadata.max.age.ms", 0),
  int("metrics.num.samples", 1),
  long("metrics.sample.window.ms", 0),
  int("receive.buffer.bytes", -1),
  long("reconnect.backoff.max.ms", 0),
  long("reconnect.backoff.ms", 0),
  int("request.timeout.ms", 0),
  long("retry.backoff.ms", 0),
  int("send.buffer.bytes", -1),
  int("session.timeout.ms"),
  long("socket.connection.setup.timeout.max.ms"),
  long("socket.connection.setup.timeout.ms"),
  oneOf("auto.offset.reset", "latest", "earliest", "none"),
  oneOf("client.dns.lookup", "use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"),
  oneOf("isolation.level", "read_committed", "read_uncommitted"),
  oneOf("metrics.recording.level", "INFO", "DEBUG", "TRACE"),
  oneOf("security.protocol", "PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
  { name: "group.instance.id", type: "NAME" },
  ...flags.map(flag),
  ...[...texts, ...lists, ...deserializers].map((name) => ({ name, type: "OTHER" }) as const),
];

/** Names of ConsumerConfig (kafka-clients 3.4.1). Security is left out. */
const known = new Map(definitions.map((definition) => [definition.name, definition]));

function oneOf(name: string, ...choices: readonly string[]): Definition {
  return { name, type: "STRING", choices };
}

const NOT_MADE = "org.apache.kafka.common.KafkaException: Failed to construct kafka consumer: ";

type ReadSetting = "group" | "autoOffsetReset" | "isolation" | "autoCommitMs" | "metadataMaxAgeMs";

/** What the stream needs of the settings.
 *  Throws: PipelineError GRAPH_INVALID for a value Kafka would refuse, in its words, and for a name
 *  it does not know (Kafka warns). */
export function readKafkaParams(params: KafkaParams): Pick<KafkaSource, ReadSetting> {
  const given = new Map<string, unknown>(Object.entries(params));
  for (const [name, value] of given) checkParam(name, value);
  const group = given.get("group.id") ?? null;
  const autoCommit = given.get("enable.auto.commit");
  const commits = autoCommit === undefined ? group !== null : isTrue(autoCommit);
  if (commits && group === null) throw refused(AUTO_COMMIT_WITHOUT_GROUP);
  checkClasses(given);
  if (group !== null) checkHeartbeat(given);
  return {
    group: group === null ? null : String(group),
    autoOffsetReset: readReset(given.get("auto.offset.reset")),
    isolation:
      given.get("isolation.level") === "read_committed" ? "read_committed" : "read_uncommitted",
    autoCommitMs: commits ? Number(given.get("auto.commit.interval.ms") ?? 5000) : null,
    metadataMaxAgeMs: Number(given.get("metadata.max.age.ms") ?? 300_000),
  };
}

const AUTO_COMMIT_WITHOUT_GROUP =
  `${NOT_MADE}org.apache.kafka.common.errors.InvalidConfigurationException: enable.auto.commit ` +
  "cannot be set to true when default group id (null) is used.";

function checkParam(name: string, value: unknown): void {
  const definition = known.get(name);
  if (definition === undefined) {
    if (/^(?:ssl|sasl)\./u.test(name)) return;
    throw unknownName(name);
  }
  if (deserializers.includes(name)) {
    checkDeserializer(name, value);
    return;
  }
  if (value === undefined || value === null) {
    checkNull(definition, value);
    return;
  }
  if (name === "receive.buffer.bytes" && typeof value === "string") throw refused(BUFFER_AS_TEXT);
  const why = whyOfOtherType(value, definition) ?? whyRefused(value, definition);
  if (why !== null) throw invalid(name, value, why);
  if (name === "group.instance.id") checkInstance(String(value));
}

/** A null is what some settings are when they are left out. */
function checkNull({ name, type }: Definition, value: unknown): void {
  if (value === null && (texts.includes(name) || type === "NAME")) return;
  throw invalid(name, value, "Value must be non-null");
}

/** What Spark itself says, which expects a number. */
const BUFFER_AS_TEXT =
  "java.lang.ClassCastException: class java.lang.String cannot be cast to class " +
  "java.lang.Integer (java.lang.String and java.lang.Integer are in module java.base of loader " +
  "'bootstrap')";

/** What a value of another of Java's types is refused with: Kafka parses texts alone.
 *  Like Kafka: ConfigDef.parseType. */
function whyOfOtherType(value: unknown, { name, type }: Definition): string | null {
  if (typeof value === "string" || type === "BOOLEAN") return null;
  if (lists.has(name)) return "Expected a comma separated list.";
  const given = javaType(value);
  if (type === "INT") return given === "Integer" ? null : wrongType("a 32-bit integer", given);
  if (type !== "LONG") return wrongType("a string", given);
  const isWhole = given === "Integer" || given === "Long";
  return isWhole ? null : wrongType("a 64-bit integer (long)", given);
}

function wrongType(expected: string, given: string): string {
  return `Expected value to be ${expected}, but it was a java.lang.${given}`;
}

/** What a number or a flag of a program would be in Scala. */
function javaType(value: unknown): string {
  if (typeof value === "boolean") return "Boolean";
  if (typeof value !== "number") return "Object";
  if (!Number.isInteger(value)) return "Double";
  return value === (value | 0) ? "Integer" : "Long";
}

function checkInstance(id: string): void {
  const why = illegalName("Group instance id", id);
  if (why === null) return;
  throw refused(`org.apache.kafka.common.errors.InvalidConfigurationException: ${why}`);
}

/** Like Kafka: ClientUtils.parseAndValidateAddresses, ConsumerPartitionAssignor's instances. */
function checkClasses(given: ReadonlyMap<string, unknown>): void {
  for (const name of plugins) {
    const [first] = wordsOf(given.get(name));
    if (first === undefined) continue;
    const thrown = `Class ${first} cannot be found: java.lang.ClassNotFoundException: ${first}`;
    throw refused(`${NOT_MADE}org.apache.kafka.common.KafkaException: ${thrown}`);
  }
  const assignors: readonly string[] = Object.values(assignorClasses);
  for (const name of wordsOf(given.get("partition.assignment.strategy"))) {
    if (assignors.includes(name)) continue;
    throw refused(
      `${NOT_MADE}org.apache.kafka.common.KafkaException: ${name} ClassNotFoundException ` +
        `exception occurred: java.lang.ClassNotFoundException: ${name}; known: ` +
        assignors.join(", "),
    );
  }
  const servers = given.get("bootstrap.servers");
  if (servers === undefined) return;
  const thrown = `${NOT_MADE}org.apache.kafka.common.config.ConfigException: `;
  const urls = wordsOf(servers);
  const bad = urls.find((url) => !/^(?:[\w\-%.]*:\/\/)?\[?[\w\-%.:]*\]?:\d+/u.test(url));
  if (bad !== undefined) throw refused(`${thrown}Invalid url in bootstrap.servers: ${bad}`);
  if (urls.length > 0) return;
  throw refused(`${thrown}No resolvable bootstrap urls given in bootstrap.servers`);
}

function wordsOf(list: unknown): readonly string[] {
  const words = String(list ?? "").split(",");
  return words.map((word) => word.trim()).filter((word) => word !== "");
}

/** Like Kafka: Heartbeat, which only a member of a group has. */
function checkHeartbeat(given: ReadonlyMap<string, unknown>): void {
  const heartbeatMs = Number(given.get("heartbeat.interval.ms") ?? 3_000);
  const sessionMs = Number(given.get("session.timeout.ms") ?? 45_000);
  const thrown = `${NOT_MADE}java.lang.IllegalArgumentException: `;
  if (heartbeatMs >= sessionMs) {
    throw refused(
      `${thrown}Heartbeat must be set lower than the session timeout; heartbeat.interval.ms is ` +
        `${heartbeatMs} and session.timeout.ms ${sessionMs}`,
    );
  }
  if (heartbeatMs < 0) throw refused(`${thrown}Invalid negative timeout ${heartbeatMs}`);
}

/** The world's records are text. */
function checkDeserializer(name: string, value: unknown): void {
  if (value === null || value === undefined) throw invalid(name, value, "must be non-null.");
  if (/(?:^|\.)StringDeserializer$/u.test(String(value))) return;
  throw new PipelineError(
    "GRAPH_INVALID",
    `${name} ${String(value)} is not modelled: keys and values of records are text; use ` +
      "org.apache.kafka.common.serialization.StringDeserializer, and make of the text what you " +
      "need with map",
  );
}

function isTrue(value: unknown): boolean {
  return String(value).trim().toLowerCase() === "true";
}

function readReset(value: unknown): "earliest" | "latest" | "none" {
  return value === "earliest" || value === "none" ? value : "latest";
}

function invalid(name: string, value: unknown, why: string): PipelineError {
  return refused(
    `org.apache.kafka.common.config.ConfigException: Invalid value ${shown(value ?? null)} for ` +
      `configuration ${name}: ${why}`,
  );
}

function refused(message: string): PipelineError {
  return new PipelineError("GRAPH_INVALID", message);
}

function unknownName(name: string): PipelineError {
  const plain = letters(name);
  const names = [...known.keys()];
  const nearest = names.find((one) => letters(one) === plain) ?? nearestWord(name, names);
  const remedy =
    nearest === null ? "correct its spelling, or leave it out" : `did you mean ${nearest}?`;
  return new PipelineError(
    "GRAPH_INVALID",
    `Kafka's consumer has no setting ${name} and would ignore it; ${remedy}`,
  );
}

/** Other signs between the words are a slip, too. */
function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/gu, "");
}
