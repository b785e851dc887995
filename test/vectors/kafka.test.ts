// Goal: the simulated cluster does what Kafka does.
// Method: Kafka 3.9.1 itself, its classes and its brokers, ran the scenarios of kafka/scenarios/
// (see kafka/make-kafka.ts), and kafka/*.json holds what each step saw. The same steps run here and
// must see the same; what no client of ours asks is left out (kafka/ours/comparable.ts), and so are
// the scenarios of kafka/ours/recorded-only.ts. Assignors have a test of their own. Kafka is not
// needed.
import { expect, test } from "vitest";
import { murmur2, partitionForKey, utf8Bytes } from "../../core/record/partitioner.ts";
import { comparable } from "./kafka/ours/comparable.ts";
import { differences } from "./kafka/ours/differences.ts";
import type { Saw } from "./kafka/ours/saw.ts";
import { recordedOnly } from "./kafka/ours/recorded-only.ts";
import { isOfCluster, isPlayed, ScenarioRun } from "./kafka/ours/scenario-run.ts";
import { readVectors, type Vector } from "./kafka/ours/vectors.ts";
import { groups } from "./kafka/scenarios/groups.ts";
import type { KeysScenario, StepsScenario } from "./kafka/scenarios/scenario.ts";

const vectors = [...groups.keys()].flatMap(readVectors);
const named = (list: readonly Vector[]): [string, Vector][] =>
  list.map((vector) => [vector.name, vector]);

test.each([...groups.keys()])("the vectors of %s are of the scenarios as they are", (group) => {
  const recorded = readVectors(group).map(({ scenario }) => scenario);
  expect(recorded).toEqual(JSON.parse(JSON.stringify(groups.get(group))));
});

test("no two vectors have the same name", () => {
  expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
});

const keys = vectors.filter(({ scenario }) => scenario.kind === "partition");

test.each(named(keys))("%s", (_, { scenario, saw }) => {
  // Its kind has been asked for.
  const { keys: all, counts } = scenario as KeysScenario;
  const ours = all.map((key) => ({
    murmur2: murmur2(utf8Bytes(key)),
    partitions: counts.map((count) => partitionForKey(key, count)),
  }));
  expect(ours).toEqual(saw);
});

const played = vectors.filter(({ scenario }) => scenario.kind === "steps" && isPlayed(scenario));

test("scenarios that ours cannot do are those that say why", () => {
  const names = new Set(played.map(({ name }) => name));
  const others = vectors.filter(({ scenario, name }) => {
    return scenario.kind === "steps" && !names.has(name);
  });
  expect(others.map(({ name }) => name).toSorted()).toEqual([...recordedOnly.keys()].toSorted());
});

/** What each step saw, ours and Kafka's, as far as both can say it. */
function play({ scenario, saw }: Vector): { ours: unknown[]; kafka: unknown[] } {
  const { steps } = scenario as StepsScenario;
  const run = new ScenarioRun(scenario as StepsScenario);
  const [ours, kafka]: [unknown[], unknown[]] = [[], []];
  for (const [index, step] of steps.entries()) {
    // The generator writes an object for each.
    const seen = comparable(step, saw[index] as Saw);
    const own = isOfCluster(step) ? run.run(step) : null;
    ours.push({ step, saw: own ?? "not asked" });
    kafka.push({ step, saw: own === null ? "not asked" : seen });
  }
  return { ours, kafka };
}

test.each(named(played.filter(({ name }) => !differences.has(name))))("%s", (_, vector) => {
  const { ours, kafka } = play(vector);
  expect(ours).toEqual(kafka);
});

const differing = played.filter(({ name }) => differences.has(name));

test.each(named(differing))("%s differs, or leaves ours/differences.ts", (_, vector) => {
  let isSame = false;
  try {
    const { ours, kafka } = play(vector);
    expect(ours).toEqual(kafka);
    isSame = true;
  } catch {
    // It differs.
  }
  expect(isSame).toBe(false);
});

test("each difference is of a vector that there is", () => {
  const names = new Set(differing.map(({ name }) => name));
  expect([...differences.keys()].filter((name) => !names.has(name))).toEqual([]);
});
