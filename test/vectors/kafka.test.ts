// Goal: the simulated cluster does what Kafka does.
// Method: Kafka 3.9.1 itself, its classes and its brokers, ran the scenarios of kafka/scenarios/
// (see kafka/make-kafka.ts), and kafka/*.json holds what each step saw. The same steps run here and
// must see the same. Kafka is not needed for it.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { murmur2, partitionForKey, utf8Bytes } from "../../core/record/partitioner.ts";
import { groups } from "./kafka/scenarios/groups.ts";
import type { KeysScenario, Scenario } from "./kafka/scenarios/scenario.ts";

/** What the steps of a scenario are called, by its kind. */
const parts = { assign: "rounds", partition: "keys", steps: "steps" } as const;

type Recorded = Readonly<Record<string, unknown>> & { readonly saw: unknown };

interface Vector {
  readonly name: string;
  readonly scenario: Scenario;
  /** What Kafka did, step by step. */
  readonly saw: readonly unknown[];
}

/** The generator's own output: a scenario whose steps say what they saw. */
function readVectors(group: string): readonly Vector[] {
  const text = readFileSync(new URL(`kafka/${group}.json`, import.meta.url), "utf8");
  const recorded = JSON.parse(text) as Readonly<Record<string, unknown>>[];
  return recorded.map((vector) => {
    const part = parts[vector["kind"] as Scenario["kind"]];
    const steps = vector[part] as readonly Recorded[];
    const said = steps.map((step) => {
      const rest: Record<string, unknown> = { ...step };
      delete rest["saw"];
      return part === "keys" ? rest["key"] : rest;
    });
    // As the generator was given it.
    const scenario = { ...vector, [part]: said } as unknown as Scenario;
    return { name: scenario.name, scenario, saw: steps.map(({ saw }) => saw) };
  });
}

test.each([...groups.keys()])("the vectors of %s are of the scenarios as they are", (group) => {
  const recorded = readVectors(group).map(({ scenario }) => scenario);
  expect(recorded).toEqual(JSON.parse(JSON.stringify(groups.get(group))));
});

const vectors = [...groups.keys()].flatMap(readVectors);

function ofKind<K extends Scenario["kind"]>(kind: K): [string, Vector][] {
  return vectors
    .filter(({ scenario }) => scenario.kind === kind)
    .map((vector) => [vector.name, vector]);
}

test.each(ofKind("partition"))("%s", (_, { scenario, saw }) => {
  // Its kind has been asked for.
  const { keys, counts } = scenario as KeysScenario;
  const ours = keys.map((key) => ({
    murmur2: murmur2(utf8Bytes(key)),
    partitions: counts.map((count) => partitionForKey(key, count)),
  }));
  expect(ours).toEqual(saw);
});
