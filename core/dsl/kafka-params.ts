/** The settings of a direct stream's consumer, looked at as Kafka's ConsumerConfig does. */

import { PipelineError } from "../base/errors.ts";
import type { KafkaSource } from "../stream/kafka-source.ts";

/** Settings of Kafka's consumer. The world has its own brokers and its records are text:
 *  `bootstrap.servers` and the deserializers may be left out. */
export type KafkaParams = Readonly<Record<string, string | number | boolean>>;

type Kind = "flag" | "whole" | "text";

/** Names of ConsumerConfig (kafka-clients 3.4), by what their values are. Security is left out. */
const known = new Map<string, Kind>([
  ...kinds("flag", [
    "allow.auto.create.topics",
    "auto.include.jmx.reporter",
    "check.crcs",
    "enable.auto.commit",
    "exclude.internal.topics",
  ]),
  ...kinds("whole", [
    "auto.commit.interval.ms",
    "connections.max.idle.ms",
    "default.api.timeout.ms",
    "fetch.max.bytes",
    "fetch.max.wait.ms",
    "fetch.min.bytes",
    "heartbeat.interval.ms",
    "max.partition.fetch.bytes",
    "max.poll.interval.ms",
    "max.poll.records",
    "metadata.max.age.ms",
    "metrics.num.samples",
    "metrics.sample.window.ms",
    "receive.buffer.bytes",
    "reconnect.backoff.max.ms",
    "reconnect.backoff.ms",
    "request.timeout.ms",
    "retry.backoff.ms",
    "send.buffer.bytes",
    "session.timeout.ms",
    "socket.connection.setup.timeout.max.ms",
    "socket.connection.setup.timeout.ms",
  ]),
  ...kinds("text", [
    "auto.offset.reset",
    "bootstrap.servers",
    "client.dns.lookup",
    "client.id",
    "client.rack",
    "group.id",
    "group.instance.id",
    "interceptor.classes",
    "isolation.level",
    "key.deserializer",
    "metric.reporters",
    "metrics.recording.level",
    "partition.assignment.strategy",
    "security.protocol",
    "security.providers",
    "value.deserializer",
  ]),
]);

/** Those of Java's type LONG; the others are INT. */
const longs = new Set([
  "connections.max.idle.ms",
  "metadata.max.age.ms",
  "metrics.sample.window.ms",
  "reconnect.backoff.max.ms",
  "reconnect.backoff.ms",
  "retry.backoff.ms",
  "socket.connection.setup.timeout.max.ms",
  "socket.connection.setup.timeout.ms",
]);

const choices = new Map<string, readonly string[]>([
  ["auto.offset.reset", ["latest", "earliest", "none"]],
  ["isolation.level", ["read_committed", "read_uncommitted"]],
]);

function kinds(kind: Kind, names: readonly string[]): (readonly [string, Kind])[] {
  return names.map((name) => [name, kind] as const);
}

type ReadSetting = "group" | "autoOffsetReset" | "isolation" | "autoCommitMs" | "metadataMaxAgeMs";

/** What the stream needs of the settings.
 *  Throws: PipelineError GRAPH_INVALID for a value Kafka would refuse, in its words, and for a name
 *  it does not know (Kafka warns). */
export function readKafkaParams(params: KafkaParams): Pick<KafkaSource, ReadSetting> {
  for (const [name, value] of Object.entries(params)) checkParam(name, value);
  const group = params["group.id"];
  const hasGroup = group !== undefined;
  const autoCommit = params["enable.auto.commit"];
  const commits = autoCommit === undefined ? hasGroup : isTrue(autoCommit);
  if (commits && !hasGroup) throw refused(AUTO_COMMIT_WITHOUT_GROUP);
  return {
    group: group === undefined ? null : String(group),
    autoOffsetReset: readReset(params["auto.offset.reset"]),
    isolation:
      params["isolation.level"] === "read_committed" ? "read_committed" : "read_uncommitted",
    autoCommitMs: commits ? Number(params["auto.commit.interval.ms"] ?? 5000) : null,
    metadataMaxAgeMs: Number(params["metadata.max.age.ms"] ?? 300_000),
  };
}

const AUTO_COMMIT_WITHOUT_GROUP =
  "org.apache.kafka.common.KafkaException: Failed to construct kafka consumer: " +
  "org.apache.kafka.common.errors.InvalidConfigurationException: enable.auto.commit cannot be " +
  "set to true when default group id (null) is used.";

function checkParam(name: string, value: unknown): void {
  const kind = known.get(name);
  if (kind === undefined && !/^(?:ssl|sasl)\./u.test(name)) throw unknownName(name);
  if (name === "key.deserializer" || name === "value.deserializer") {
    checkDeserializer(name, value);
    return;
  }
  if (value === null || value === undefined) throw invalid(name, value, "must be non-null.");
  if (name === "receive.buffer.bytes" && typeof value === "string") throw refused(BUFFER_AS_TEXT);
  if (kind === "flag" && !/^(?:true|false)$/iu.test(String(value))) {
    throw invalid(name, value, "Expected value to be either true or false");
  }
  if (kind === "whole") checkWhole(name, value);
  const among = choices.get(name);
  if (among !== undefined && !among.includes(String(value))) {
    throw invalid(name, value, `String must be one of: ${among.join(", ")}`);
  }
}

/** What Spark itself says, which expects a number. */
const BUFFER_AS_TEXT =
  "java.lang.ClassCastException: class java.lang.String cannot be cast to class " +
  "java.lang.Integer (java.lang.String and java.lang.Integer are in module java.base of loader " +
  "'bootstrap')";

function checkWhole(name: string, value: unknown): void {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number)) {
    throw invalid(name, value, `Not a number of type ${longs.has(name) ? "LONG" : "INT"}`);
  }
  // Sizes of buffers may be -1: that of the operating system.
  const least = name.endsWith("buffer.bytes") ? -1 : 0;
  if (number < least) throw invalid(name, value, `Value must be at least ${least}`);
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
  return String(value).toLowerCase() === "true";
}

function readReset(value: unknown): "earliest" | "latest" | "none" {
  return value === "earliest" || value === "none" ? value : "latest";
}

function invalid(name: string, value: unknown, why: string): PipelineError {
  return refused(
    `org.apache.kafka.common.config.ConfigException: Invalid value ${String(value ?? null)} for ` +
      `configuration ${name}: ${why}`,
  );
}

function refused(message: string): PipelineError {
  return new PipelineError("GRAPH_INVALID", message);
}

function unknownName(name: string): PipelineError {
  const nearest = [...known.keys()].find((one) => isNear(one, name));
  const remedy =
    nearest === undefined ? "correct its spelling, or leave it out" : `did you mean ${nearest}?`;
  return new PipelineError(
    "GRAPH_INVALID",
    `Kafka's consumer has no setting ${name} and would ignore it; ${remedy}`,
  );
}

/** One letter left out, put in, or changed; or other signs between the words. */
function isNear(a: string, b: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]/gu, "");
  const [short, long] = [plain(a), plain(b)].sort((x, y) => x.length - y.length);
  if (short === undefined || long === undefined || long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  const tail = long.slice(start + 1);
  return tail === short.slice(start) || tail === short.slice(start + 1);
}
