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
