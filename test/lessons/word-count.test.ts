// Goal: what lesson 1 says of its run is so, and each wrong answer people give gets its own hint.
// Method: the facts are computed from the trace; the wrong answers are programs that run.
import { readFileSync } from "node:fs";
import {
  type DStream,
  jvmHash,
  KafkaUtils,
  linesWorkload,
  PreferConsistent,
  type Program,
  Seconds,
  Subscribe,
} from "streamscope";
import { readTopic } from "streamscope/lesson";
import { describe, expect, test } from "vitest";
import { check } from "../../lessons/01-word-count/check.ts";
import pipeline from "../../lessons/01-word-count/pipeline.ts";
import { world } from "../../lessons/01-word-count/world.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";
import { judge } from "./judge.ts";

const calm = runWorld({ program: pipeline, world, collectOutputs: true });
const planned = eventsOf(calm.events, "batch.planned");

function stagesOf(batchTimeMs: number) {
  const jobs = new Set(
    eventsOf(calm.events, "job.submitted").flatMap((event) =>
      event.batchTimeMs === batchTimeMs ? [event.job] : [],
    ),
  );
  return eventsOf(calm.events, "stage.submitted").filter(({ job }) => jobs.has(job));
}

describe("the prose", () => {
  test("“spark” arrives once on each of three partitions in the third second", () => {
    const log = readTopic(world, "sentences");
    const ranges = planned.find(({ batchTimeMs }) => batchTimeMs === 3000)?.ranges ?? [];
    const counts = ranges.map(({ partition, fromOffset, untilOffset }) => {
      const records = log[partition]?.slice(fromOffset, untilOffset) ?? [];
      const words = records.flatMap(({ value }) => value?.split(" ") ?? []);
      return words.filter((word) => word === "spark").length;
    });
    expect(counts).toEqual([1, 1, 1]);
    const sums = [1000, 2000, 3000].map((time) => {
      const output = calm.outputs.find(({ timeMs }) => timeMs === time);
      return new Map(output?.records as [string, number][]).get("spark") ?? 0;
    });
    // 3 is the answer of the batch, 1 of one partition, 6 of a running total.
    expect([sums[2], sums.reduce((a, b) => a + b)]).toEqual([3, 6]);
  });

  test("the shuffle cuts the job in two stages, and gives each word one partition", () => {
    const [map, result] = stagesOf(3000);
    expect([map?.type, result?.type]).toEqual(["ShuffleMapStage", "ResultStage"]);
    expect(map?.operators.map(({ operator }) => operator)).toEqual(
      expect.arrayContaining(["flatMap", "map"]),
    );
    const tasks = eventsOf(calm.events, "task.started").filter(({ stage }) => stage === map?.stage);
    expect(tasks.map(({ ranges }) => ranges.map(({ partition }) => partition))).toEqual([
      [0],
      [1],
      [2],
    ]);
    const home = (hash: number): number => ((hash % 3) + 3) % 3;
    const written = calm.outputs.find(({ timeMs }) => timeMs === 3000)?.records ?? [];
    const homes = (written as [string, number][]).map(([word]) => home(jvmHash(word)));
    expect(homes).toEqual(homes.toSorted((a, b) => a - b));
  });

  test("batch 4 is empty, and there all the same, with three tasks", () => {
    const ranges = planned.find(({ batchTimeMs }) => batchTimeMs === 4000)?.ranges ?? [];
    expect(ranges.map(({ fromOffset, untilOffset }) => untilOffset - fromOffset)).toEqual([
      0, 0, 0,
    ]);
    expect(stagesOf(4000)[0]?.partitions).toEqual([0, 1, 2]);
    expect(calm.outputs.find(({ timeMs }) => timeMs === 4000)?.records).toEqual([]);
  });

  test("after a crash the new driver begins at offset 0 and counts everything again", () => {
    const after = calm.events.findLast(
      (event) => event.kind === "batch.completed" && event.batchTimeMs === 3000,
    );
    const fault = { kind: "crashDriver", afterSeq: after?.seq ?? 0 } as const;
    const { events, run } = runWorld({ program: pipeline, world, faults: [fault] });
    const restart = eventsOf(events, "driver.started").at(-1);
    expect([restart?.attempt, restart?.recoveredFrom, run.failure]).toEqual([2, null, null]);
    const first = eventsOf(events, "batch.planned").find(({ seq }) => seq > (restart?.seq ?? 0));
    expect(first?.ranges.map(({ fromOffset }) => fromOffset)).toEqual([0, 0, 0]);
    const seen = planned.find(({ batchTimeMs }) => batchTimeMs === 3000)?.ranges ?? [];
    for (const [index, range] of seen.entries()) {
      expect(first?.ranges[index]?.untilOffset).toBeGreaterThanOrEqual(range.untilOffset);
    }
    expect(eventsOf(events, "offsets.committed")).toEqual([]);
  });

  test("a Chinese sentence comes out as one word", () => {
    const lines = ["流处理把数据切成批次"];
    const workload = [linesWorkload({ topic: "sentences", lines, ratePerSecond: 10 })];
    const { outputs } = runWorld({
      program: pipeline,
      world: { ...world, workload },
      collectOutputs: true,
    });
    expect(outputs[0]?.records).toEqual([["流处理把数据切成批次", 1]]);
  });
});

test("the pipeline counts a whole book as a loop does", () => {
  const text = readFileSync(new URL("../../lessons/data/alice.txt", import.meta.url), "utf8");
  const lines = text.split("\n").slice(0, -1);
  const workload = [linesWorkload({ topic: "sentences", lines, ratePerSecond: 1000 })];
  const { outputs, run } = runWorld({
    program: pipeline,
    world: { ...world, workload },
    collectOutputs: true,
  });
  expect(run.failure).toBe(null);
  const totals = new Map<string, number>();
  for (const [word, count] of outputs.flatMap(({ records }) => records as [string, number][])) {
    totals.set(word, (totals.get(word) ?? 0) + count);
  }
  const expected = new Map<string, number>();
  for (const word of lines.flatMap((line) => line.split(" "))) {
    expected.set(word, (expected.get(word) ?? 0) + 1);
  }
  expect(text.length).toBeGreaterThan(100_000);
  expect(totals).toEqual(expected);
});

/** The lesson's program with another way to make words, and perhaps something after the count. */
function counting(
  split: (sentence: string) => string[],
  after: (counts: DStream<[string, number]>) => DStream<unknown> = (counts) => counts,
): Program {
  return (ssc) => {
    ssc.checkpoint("checkpoints/word-count");
    const params = { "group.id": "g", "auto.offset.reset": "earliest" };
    const stream = KafkaUtils.createDirectStream(
      ssc,
      PreferConsistent,
      Subscribe(["sentences"], params),
    );
    const counts = stream
      .flatMap((record) => split(record.value))
      .map((word) => [word, 1] as const)
      .reduceByKey((a, b) => a + b);
    after(counts).print();
  };
}

const plain = (sentence: string): string[] => sentence.toLowerCase().match(/[a-z0-9]+/g) ?? [];

describe("the check", () => {
  test.each([
    ["another splitting", counting(plain)],
    ["a regular expression for marks", counting((s) => words(s.replace(/[^\w\s]/g, " ")))],
    ["no shuffle but groupByKey", counting(plain, (counts) => sumOfGroups(counts))],
  ])("passes another right answer: %s", (_, program) => {
    expect(judge(check, { program, world })).toEqual({ verdict: "pass" });
  });

  test("is not taken in by right counts of every third batch", () => {
    const program = counting(plain, (counts) => counts.window(Seconds(1), Seconds(3)));
    expect(judge(check, { program, world }).verdict).toBe("not proved");
  });

  test.each([
    ["case kept", counting((s) => s.match(/[A-Za-z0-9]+/g) ?? []), "lower case before"],
    ["marks kept", counting((s) => words(s)), "with its punctuation"],
    ["empty words kept", counting((s) => s.toLowerCase().split(/[^a-z0-9]+/)), "an empty word"],
    [
      "empty words filtered before marks are removed",
      counting((s) => words(s).map((word) => word.replace(/[^a-z0-9]/g, ""))),
      "an empty word",
    ],
    [
      "lower case after the shuffle",
      counting(
        (s) => s.match(/[A-Za-z0-9]+/g) ?? [],
        (counts) => counts.map(([word, count]) => [word.toLowerCase(), count]),
      ),
      "after reduceByKey",
    ],
    [
      "a running total",
      counting(plain, (counts) =>
        counts.updateStateByKey<number>((values, total) =>
          values.reduce((a, b) => a + b, total ?? 0),
        ),
      ),
      "totals since the start",
    ],
    [
      "words with marks dropped",
      counting((s) => words(s).filter((word) => /^[a-z0-9]+$/.test(word))),
      "its sentences hold the word",
    ],
    [
      "words alone",
      counting(plain, (counts) => counts.map(([word]) => word)),
      "should write pairs",
    ],
  ])("has a hint for %s", (_, program, hint) => {
    const verdict = judge(check, { program, world });
    if (verdict.verdict !== "fail") throw new Error(`verdict: ${verdict.verdict}`);
    expect(verdict.because.en).toContain(hint);
    expect(verdict.because.zh).toMatch(/批次 \d/);
  });
});

function words(sentence: string): string[] {
  return sentence
    .toLowerCase()
    .split(" ")
    .filter((word) => word !== "");
}

function sumOfGroups(counts: DStream<[string, number]>): DStream<[string, number]> {
  return counts.groupByKey().mapValues((all) => all.reduce((a, b) => a + b));
}
