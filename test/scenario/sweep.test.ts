/** Goal: a crash at every moment of a window, and what each costs: with a checkpoint duplicates and
 *  no loss, without one loss, where the position is not kept.
 *  Method: sweeps over the first two lessons and over programs that promise less or more. */

import { describe, expect, it } from "vitest";
import {
  KafkaUtils,
  PreferConsistent,
  Run,
  runsWith,
  type StreamingContext,
  Subscribe,
  sweep,
  type WorldSpec,
} from "streamscope";
import clickstream from "../../lessons/02-clickstream/pipeline.ts";
import { world as clickstreamWorld } from "../../lessons/02-clickstream/world.ts";
import wordCount from "../../lessons/01-word-count/pipeline.ts";
import { world as wordCountWorld } from "../../lessons/01-word-count/world.ts";

const batches = { from: 3, to: 4 };

function keeping(program: (ssc: StreamingContext) => void): (ssc: StreamingContext) => void {
  return (ssc) => {
    ssc.checkpoint("checkpoints/kept");
    program(ssc);
  };
}

/** Without a checkpoint, a new driver begins where the topic ends. */
function latestOnly(ssc: StreamingContext): void {
  const params = { "group.id": "g", "auto.offset.reset": "latest" };
  KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["sentences"], params))
    .map(({ value }) => value)
    .print();
}

describe("a sweep over the driver's crashes", () => {
  it("finds duplicates and no loss where there is a checkpoint: word count", () => {
    const program = keeping(wordCount);
    const swept = sweep({ program, world: wordCountWorld, crash: "driver", batches });
    expect(swept.counts.lost).toBe(0);
    expect(swept.counts.duplicated).toBeGreaterThan(0);
    expect(swept.counts.right).toBeGreaterThan(0);
    expect(swept.runs.length).toBeLessThan(swept.events);
    const [first] = runsWith(swept, "duplicated");
    expect(first?.duplicated.example).toMatch(/^sentences-\d@\d+ is 2 times in output 0$/);
  });

  it("finds duplicates and no loss where there is a checkpoint: clickstream", () => {
    const world = clickstreamWorld;
    const swept = sweep({
      program: clickstream,
      world,
      crash: "driver",
      batches: { from: 3, to: 3 },
    });
    expect(swept.counts.lost).toBe(0);
    expect(swept.counts.duplicated).toBeGreaterThan(0);
    expect(swept.runs.every(({ failure }) => failure === null)).toBe(true);
  });

  it("finds everything twice where a driver without a checkpoint reads from the start", () => {
    const swept = sweep({ program: wordCount, world: wordCountWorld, crash: "driver", batches });
    expect(swept.counts).toMatchObject({ lost: 0, right: 0, duplicated: swept.runs.length });
  });

  it("finds loss where a driver without a checkpoint reads from the end", () => {
    const swept = sweep({ program: latestOnly, world: wordCountWorld, crash: "driver", batches });
    expect(swept.counts.lost).toBeGreaterThan(0);
    expect(swept.counts.duplicated).toBe(0);
    expect(runsWith(swept, "lost")[0]?.lost.example).toMatch(/ is missing in output 0$/);
  });

  it("gives runs that can be opened: the line makes the same run", () => {
    const program = keeping(wordCount);
    const swept = sweep({ program, world: wordCountWorld, crash: "driver", batches });
    const [bad] = runsWith(swept, "duplicated");
    const run = new Run({ program, world: wordCountWorld, faults: bad?.script ?? "" });
    run.trace.listen((event) => {
      if (event.seq === bad?.afterSeq) expect(event.kind).toBe(bad.event);
      if (event.kind === "fault.injected") expect(event.script).toBe(bad?.script);
    });
    run.runToEnd();
    expect(run.failure).toBeNull();
  });
});

describe("a sweep over an executor's crashes", () => {
  it("finds every run right: lost tasks run again before the output is through", () => {
    const world = wordCountWorld;
    const swept = sweep({ program: wordCount, world, crash: "executor", batches, id: 2 });
    expect(swept.counts).toEqual({
      lost: 0,
      duplicated: 0,
      reordered: 0,
      right: swept.runs.length,
      "not exercised": 0,
    });
  });

  it("finds duplicates in a topic that tasks write", () => {
    const world: WorldSpec = {
      ...wordCountWorld,
      topics: { ...wordCountWorld.topics, copies: { partitions: 1 } },
    };
    const program = (ssc: StreamingContext): void => {
      ssc.checkpoint("checkpoints/copies");
      const params = { "group.id": "g", "auto.offset.reset": "earliest" };
      KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["sentences"], params))
        .map(({ key, value }) => ({ key, value }))
        .foreachRDD((rdd) =>
          rdd.foreachPartition((records, task) => {
            for (const { value } of records) {
              task.send({ topic: "copies", key: null, value, headers: [] });
            }
          }),
        );
    };
    const swept = sweep({ program, world, crash: "executor", batches });
    expect(swept.counts.lost).toBe(0);
    expect(swept.counts.duplicated).toBeGreaterThan(0);
    const examples = swept.runs.map(({ duplicated }) => duplicated.example ?? "");
    expect(examples.join("\n")).toMatch(/ is 2 times in topic copies/);
  });
});

describe("a sweep that can tell nothing", () => {
  it("says so: a pipeline without a sink has none to break", () => {
    const swept = sweep({ program: wordCount, world: wordCountWorld, crash: "sink", batches });
    expect(swept.runs.length).toBeGreaterThan(10);
    expect(swept.counts).toEqual({
      lost: 0,
      duplicated: 0,
      reordered: 0,
      right: 0,
      "not exercised": swept.runs.length,
    });
  });

  it.each([
    [{ from: 900, to: 900 }, /^no crash can come in batch 900: .* ended with batch \d+; give/u],
    [{ from: 900, to: 910 }, /^no crash can come in batches 900 to 910: the undisturbed run/u],
  ])("is refused where no batch is in its window: %j", (window, message) => {
    const world = wordCountWorld;
    const start = (): unknown =>
      sweep({ program: wordCount, world, crash: "driver", batches: window });
    expect(start).toThrow(message);
    expect(start).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
  });
});

describe("a sweep over batches that run side by side", () => {
  /** Batch 3 is at work nearly until batch 4 begins. */
  const world: WorldSpec = {
    topics: { clicks: { partitions: 1 } },
    executors: [{ cores: 1 }, { cores: 1 }, { cores: 1 }],
    cost: { recordUs: 30_000 },
    conf: { "spark.streaming.concurrentJobs": "2" },
    batches: 6,
    workload: [
      {
        topic: "clicks",
        records: function* () {
          for (let n = 0; n < 40; n += 1) {
            const atMs = n < 5 ? n * 400 : n < 30 ? 2100 + (n - 5) * 30 : 3100 + (n - 30) * 300;
            yield { atMs, key: "k", value: `v${n}` };
          }
        },
      },
    ],
  };
  const program = (ssc: StreamingContext): void => {
    const params = { "group.id": "g", "auto.offset.reset": "earliest" };
    KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["clicks"], params))
      .map(({ value }) => value)
      .foreachRDD((rdd) => {
        rdd.collect();
      });
  };
  const over = { program, world, crash: "executor", batches: { from: 3, to: 3 } } as const;

  it("finds an output that overtakes the one whose task had to run again", () => {
    const swept = [1, 2, 3].map((id) => sweep({ ...over, id }));
    const reordered = swept.flatMap((one) => runsWith(one, "reordered"));
    expect(reordered.length).toBeGreaterThan(0);
    expect(reordered[0]?.reordered.example).toMatch(/^clicks-0@\d+ came after clicks-0@\d+ in/);
    expect(swept.every(({ counts }) => counts.lost + counts.duplicated === 0)).toBe(true);
  });

  it("finds none where one batch runs at a time", () => {
    const swept = [1, 2, 3].map((id) => sweep({ ...over, id, world: { ...world, conf: {} } }));
    expect(swept.map(({ counts }) => counts.reordered)).toEqual([0, 0, 0]);
  });
});
