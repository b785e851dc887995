// Goal: settings are taken and refused as Kafka takes and refuses them, in its words.
// Method: Kafka 3.9.1's own clients, LogConfig and KafkaConfig were given the settings of
// kafka/scenarios/settings.ts (see kafka/make-kafka.ts). The same are given here by our names, each
// value in our form where it has one. Kafka is not needed.
import { expect, test } from "vitest";
import { clusterDefinitions, refusedCluster } from "../../core/broker/cluster-settings.ts";
import { refusedTopic, topicDefinitions } from "../../core/broker/topic-settings.ts";
import {
  type AssignorName,
  assignorClasses,
  consumerDefinitions,
  refusedConsumer,
  refusedInstance,
} from "../../core/client/consumer-settings.ts";
import { producerDefinitions, refusedProducer } from "../../core/client/producer-settings.ts";
import { type Definition, illegalName } from "../../core/record/config-def.ts";
import { readVectors } from "./kafka/ours/vectors.ts";
import type { SettingsScenario } from "./kafka/scenarios/scenario.ts";

type Given = Readonly<Record<string, string>>;

/** What Kafka takes and no world can say, or does not have to: why. */
const stricter = new Map<string, string>([
  ["partition.assignment.strategy=", "a subscription of none fails at once"],
  ["cleanup.policy=", "a topic that is neither deleted from nor compacted"],
  ["cleanup.policy=delete, compact", "a list has one form"],
  ["replica.lag.time.max.ms=0", "half of it is how often it looks"],
  ["replica.fetch.wait.max.ms=-1", "a wait is no less than nothing"],
  ["broker.session.timeout.ms=-1", "a session takes time"],
  ["broker.session.timeout.ms=0", "a session takes time"],
  ["broker.heartbeat.interval.ms=-1", "time would stand still"],
  ["broker.heartbeat.interval.ms=0", "time would stand still"],
  ["broker.heartbeat.interval.ms=9000", "each broker would be fenced between two heartbeats"],
  ["log.cleaner.backoff.ms=0", "time would stand still"],
  ["controller.quorum.fetch.timeout.ms=-1", "a wait is no less than nothing"],
  ["controller.quorum.election.timeout.ms=-1", "a wait is no less than nothing"],
  ["group.initial.rebalance.delay.ms=-1", "a wait is no less than nothing"],
  ["group.min.session.timeout.ms=-1", "a session takes time"],
  ["group.max.session.timeout.ms=-1", "a session takes time"],
  ["retention.ms=9223372036854775807", "times are added up, and exact up to 2^53"],
]);
/** Names that Kafka ignores, with a warning in its log, and ours never knows. */
const ignored = new Set(["auto.ofset.reset", "transactionalid"]);
/** What our consumer does not have. */
const absent = new Set(["fetch.min.bytes", "fetch.max.bytes"]);

/** A value as a world says it; a text that is none of its kind stays one. */
function ourValue(text: string, definition: Definition): unknown {
  switch (definition.type) {
    case "INT":
    case "LONG": {
      const unit = definition.unit ?? 1;
      return /^-?[0-9.]+$/.test(text) ? Number(text) * unit : text;
    }
    case "RATIO":
      return /^-?[0-9.]+$/.test(text) ? Math.round(Number(text) * 100) : text;
    case "BOOLEAN":
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : text;
    case "STRING":
      if (definition.name !== "acks") return text;
      return text === "all" ? -1 : /^-?\d+$/.test(text) ? Number(text) : text;
    case "OTHER": {
      const names = Object.keys(assignorClasses) as AssignorName[];
      const ofClass = new Map(names.map((name) => [assignorClasses[name], name]));
      return text === "" ? [] : text.split(",").map((one) => ofClass.get(one) ?? `${one}?`);
    }
    default:
      return text;
  }
}

function ours(given: Given, definitions: Readonly<Record<string, Definition>>): object {
  const byName = new Map(Object.entries(definitions).map(([our, of]) => [of.name, [our, of]]));
  const entries = Object.entries(given).map(([name, text]) => {
    const [our, definition] = (byName.get(name) ?? []) as [string?, Definition?];
    if (our === undefined || definition === undefined) return [name, text];
    return [our, ourValue(text, definition)];
  });
  return Object.fromEntries(entries) as object;
}

/** Ours: Kafka's words, our own marked as such, or null. */
function refused({ of }: SettingsScenario, given: Given): string | null {
  switch (of) {
    case "topic name": {
      const why = illegalName("Topic name", given["name"] ?? "");
      return why === null ? null : `org.apache.kafka.common.errors.InvalidTopicException: ${why}`;
    }
    case "topic":
      return words(refusedTopic(ours(given, topicDefinitions)));
    case "broker":
      return words(refusedCluster(ours(given, clusterDefinitions)));
    case "producer":
      return words(refusedProducer(ours(given, producerDefinitions)));
    case "consumer": {
      const { "group.id": _, "group.instance.id": id, ...rest } = given;
      if (id !== undefined) return refusedInstance(id);
      return words(refusedConsumer(ours(rest, consumerDefinitions)));
    }
  }
}

function words(found: ReturnType<typeof refusedTopic>): string | null {
  return found === null ? null : (found.words ?? `ours: ${found.describe("it")}`);
}

function textOf(given: Given): string {
  const entries = Object.entries(given).filter(([name]) => name !== "group.id");
  return entries.map(([name, value]) => `${name}=${value}`).join(" ");
}

const vectors = readVectors("settings").map(({ name, scenario, saw }) => {
  // The group holds no others.
  const { of, given } = scenario as SettingsScenario;
  const asked = given.map((one, index) => {
    const { refused: kafka = null } = (saw[index] ?? {}) as { readonly refused?: string };
    return { given: one, kafka };
  });
  return { name, of, asked };
});
// Which streams have theirs: ../dsl; a world's consumers are of a group always.
const inWorlds = vectors.filter(({ name }) => !name.endsWith("a consumer without a group"));

test.each(inWorlds.map((one) => [one.name, one] as const))("%s", (_, { of, asked }) => {
  const scenario = { of } as SettingsScenario;
  for (const { given, kafka } of asked) {
    const names = Object.keys(given);
    if (names.some((name) => absent.has(name))) continue;
    const our = refused(scenario, given);
    const isOurs = our?.startsWith("ours: ") ?? false;
    const text = textOf(given);
    if (names.some((name) => ignored.has(name))) {
      expect([text, kafka, isOurs]).toEqual([text, null, true]);
    } else if (stricter.has(text) && kafka === null) {
      expect([text, isOurs]).toEqual([text, true]);
    } else if (isOurs) {
      // Refused by both, each in its own words: assignors are classes there, topics have no names
      // nobody knows here.
      expect([text, kafka]).toEqual([text, expect.any(String)]);
      expect(text).toMatch(/^(?:partition\.assignment\.strategy|retention)=/);
    } else {
      expect([text, our]).toEqual([text, kafka]);
    }
  }
});

test("what a world is refused and Kafka takes is among these settings", () => {
  const asked = new Set(vectors.flatMap((one) => one.asked.map(({ given }) => textOf(given))));
  expect([...stricter.keys()].filter((text) => !asked.has(text))).toEqual([]);
});
