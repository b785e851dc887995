// Goal: every fact a run can tell reads as a sentence in both languages.
// Method: a windowed, stateful program in a world where a driver, a broker and an executor fail,
// and the story of a cluster made by hand; each sentence is looked at for what a broken template
// leaves behind.
import { expect, test } from "vitest";
import { Run, Seconds, type TraceEvent } from "../../core/index.ts";
import { PreferConsistent, Subscribe } from "../../core/dsl/kafka-strategies.ts";
import { KafkaUtils } from "../../core/dsl/kafka-utils.ts";
import { linesWorkload } from "../../core/scenario/workload.ts";
import { numberBatches } from "../../playground/batch-name.ts";
import { describe } from "../../playground/describe.ts";
import { clusterStory } from "../kit/cluster-story.ts";

const batch = numberBatches({ zeroMs: 0, intervalMs: 1000 });

function tellStory(): TraceEvent[] {
  const run = new Run({
    program: (ssc) => {
      ssc.checkpoint("checkpoints");
      const strategy = Subscribe(["words"], { "group.id": "g", "auto.offset.reset": "earliest" });
      const words = KafkaUtils.createDirectStream(ssc, PreferConsistent, strategy).map(
        (record): [string, number] => [record.value, 1],
      );
      words.reduceByKeyAndWindow((a, b) => a + b, Seconds(3), Seconds(1)).print();
      words.updateStateByKey<number>((values, state) => (state ?? 0) + values.length).print();
    },
    world: {
      untilMs: 12_000,
      topics: { words: { partitions: 2 } },
      workload: [
        linesWorkload({ topic: "words", lines: Array(40).fill("spark"), ratePerSecond: 5 }),
      ],
      faults: [
        { kind: "crashDriver", atMs: 3010 },
        { kind: "stopBroker", broker: 1, atMs: 6500, forMs: 1500 },
        { kind: "loseExecutor", executor: 1, atMs: 9500 },
      ],
    },
  });
  const events: TraceEvent[] = [];
  run.trace.listen((event) => events.push(event));
  run.runToEnd();
  return events;
}

const story = [...tellStory(), ...clusterStory().events];

test("the story has the facts that make it worth reading", () => {
  const kinds = new Set(story.map(({ kind }) => kind));
  const wanted = ["batch.completed", "driver.crashed", "broker.stopped", "executor.lost"] as const;
  expect(wanted.filter((kind) => !kinds.has(kind))).toEqual([]);
  expect(kinds.size).toBeGreaterThan(20);
});

test("describe leaves no gap in a sentence of either language", () => {
  const sentences = story.flatMap((event) => [
    describe(event, "en", batch),
    describe(event, "zh", batch),
  ]);
  expect(sentences.filter((text) => /undefined|NaN|null|\[object/.test(text))).toEqual([]);
  expect(sentences.filter((text) => text.length < 6)).toEqual([]);
});

test("describe says the same numbers in both languages", () => {
  const numbers = (text: string) => (text.match(/\d+(?:\.\d+)?/g) ?? []).map(Number).toSorted();
  const apart = story.filter(
    (event) =>
      String(numbers(describe(event, "en", batch))) !==
      String(numbers(describe(event, "zh", batch))),
  );
  expect(apart.map((event) => describe(event, "en", batch))).toEqual([]);
});

test("describe names a batch by its number", () => {
  const completed = story.find(({ kind }) => kind === "batch.completed");
  if (completed === undefined) throw new Error("no batch completed");
  expect(describe(completed, "en", batch)).toMatch(/^Batch 1 is done: \d+ records in \d+ ms\.$/);
  expect(describe(completed, "zh", batch)).toMatch(/^批次 1 完成：\d+ 条记录，用时 \d+ ms。$/);
});
