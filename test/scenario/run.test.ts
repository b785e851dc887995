/** Goal: a whole run ends when it should, with everything counted, whatever the input.
 *  Method: the word count over texts that break careless programs. */

import { describe, expect, it } from "vitest";
import {
  KafkaUtils,
  linesWorkload,
  PreferConsistent,
  type StreamingContext,
  Subscribe,
  type WorldSpec,
} from "streamscope";
import { runWorld } from "../kit/run-world.ts";

function wordCount(ssc: StreamingContext): void {
  const params = { "group.id": "g", "auto.offset.reset": "earliest" };
  KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["lines"], params))
    .flatMap((record) => record.value.split(" "))
    .map((word) => [word, 1] as const)
    .reduceByKey((a, b) => a + b)
    .print();
}

function worldOf(lines: Iterable<string>, ratePerSecond = 1000): WorldSpec {
  return {
    topics: { lines: { partitions: 2 } },
    workload: [linesWorkload({ topic: "lines", lines, ratePerSecond })],
  };
}

/** Totals over all batches. */
function countWords(lines: Iterable<string>, ratePerSecond?: number): Map<string, number> {
  const totals = new Map<string, number>();
  const { run } = runWorld({
    program: wordCount,
    world: worldOf(lines, ratePerSecond),
    collectOutputs: true,
    onOutput: ({ records }) => {
      for (const record of records ?? []) {
        if (!Array.isArray(record)) throw new Error("a count must be a pair");
        const [word, count] = record;
        totals.set(String(word), (totals.get(String(word)) ?? 0) + Number(count));
      }
    },
  });
  expect(run.failure?.message).toBeUndefined();
  expect(run.ended).toBe("input consumed");
  return totals;
}

function* repeat(line: string, times: number): Generator<string> {
  for (let n = 0; n < times; n += 1) yield line;
}

describe("a word count over", () => {
  it("nothing still makes a batch, and ends", () => {
    const { outputs, run } = runWorld({ program: wordCount, world: worldOf([]) });
    expect(run.ended).toBe("input consumed");
    expect(outputs.map(({ lines }) => lines.length)).toEqual([4]);
  });

  it("a million empty lines counts a million empty words", () => {
    expect(countWords(repeat("", 1_000_000), 500_000)).toEqual(new Map([["", 1_000_000]]));
  });

  it("words that objects have of their own", () => {
    const words = ["__proto__", "constructor", "hasOwnProperty", "toString", "valueOf"];
    expect(countWords(repeat(words.join(" "), 3))).toEqual(new Map(words.map((word) => [word, 3])));
  });

  it("a line of a million bytes, whole", () => {
    expect(countWords(["x".repeat(1_000_000), "y"]).size).toBe(2);
  });

  it("a line larger than a record may be, in Kafka's words", () => {
    const { run } = runWorld({ program: wordCount, world: worldOf(["x".repeat(1_100_000)]) });
    expect(run.failure?.message).toContain("RecordTooLargeException");
    expect(run.failure?.place).toMatchObject({ topic: "lines" });
  });

  it("Chinese text: splitting on blanks takes a sentence for a word", () => {
    expect(countWords(["你好，世界", "你好，世界 你好"])).toEqual(
      new Map([
        ["你好，世界", 2],
        ["你好", 1],
      ]),
    );
  });
});

describe("a function that throws at record n", () => {
  it("is told with its operator, batch, partition and record", () => {
    const { run } = runWorld({
      program: (ssc) => {
        const params = { "group.id": "g", "auto.offset.reset": "earliest" };
        KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["lines"], params))
          .map(({ value, offset }) => {
            if (offset === 700) throw new RangeError(`cannot take ${value}`);
            return value;
          })
          .print();
      },
      world: worldOf(Array.from({ length: 2000 }, (_, n) => `line ${n}`)),
    });
    expect(run.failure?.message).toContain("RangeError: cannot take line 1400");
    expect(run.failure?.place).toMatchObject({
      operator: "map",
      batchTimeMs: 2000,
      partition: 0,
      record: 'lines-0@700 "line 1400"',
    });
  });
});

describe("a world", () => {
  it.each([
    [
      { workload: [linesWorkload({ topic: "typo", lines: [], ratePerSecond: 1 })] },
      'workload writes to topic "typo", which the world does not have; known topics: lines',
    ],
    [{ batchIntervalMs: 0 }, "batchIntervalMs must be a whole number of at least 1, not 0"],
    [
      { defaultParallelism: 1.5 },
      "defaultParallelism must be a whole number of at least 1, not 1.5",
    ],
    [
      { faults: [{ kind: "stopBroker" as const, broker: 3, atMs: 1 }] },
      "broker of faults[0] (stopBroker) is 3, and the world has only 1",
    ],
    [{ executors: [] }, "executors is empty; give at least one"],
    [
      { executors: [{ cores: 0 }] },
      "executors[0].cores must be a whole number of at least 1, not 0",
    ],
    [{ cost: { taskMs: -1 } }, "cost.taskMs must be a whole number of at least 0, not -1"],
    [{ topics: { lines: { partitions: 0 } } }, "partitions of topic lines must be"],
    [
      { faults: [{ kind: "loseExecutor" as const, executor: 1, atMs: -1 }] },
      "atMs of faults[0] (loseExecutor) must be a whole number of at least 0, not -1",
    ],
    [
      { conf: { "spark.streaming.dynamicAllocation.enabled": "true" } },
      "setting spark.streaming.dynamicAllocation.enabled is one of Spark's (default false)",
    ],
    [
      { conf: { "spark.streaming.concurentJobs": "2" } },
      "setting spark.streaming.concurentJobs is not modelled; known settings:",
    ],
    [
      { conf: { "spark.streaming.concurrentJobs": "two" } },
      "spark.streaming.concurrentJobs should be int, but was two",
    ],
  ])("that cannot be is refused: %j", (world, message) => {
    expect(() => runWorld({ program: wordCount, world: { ...worldOf([]), ...world } })).toThrow(
      message,
    );
  });

  it("ends at its limits", () => {
    const endless = worldOf(repeat("a", Infinity));
    expect(runWorld({ program: wordCount, world: { ...endless, batches: 3 } }).run.ended).toBe(
      "batches",
    );
    const until = runWorld({ program: wordCount, world: { ...endless, untilMs: 2500 } });
    expect(until.run.ended).toBe("until");
    expect(until.run.nowMs).toBeLessThanOrEqual(2500);
  });
});
