/** Goal: what is written when, what is kept, and what a damaged or foreign file does.
 *  Method: one world with state; its store is looked into, torn, and given to a second run. */

import { describe, expect, it } from "vitest";
import type { Program } from "streamscope";
import { clicksWorld, finalCounts, runningCount } from "../kit/clicks.ts";
import { sorted } from "../kit/run-operator.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const directory = "checkpoints/clicks";

function runOn(files: Map<string, string>, program: Program = runningCount, untilMs = 4500) {
  return runWorld({
    program,
    world: { ...clicksWorld, untilMs },
    checkpointFiles: files,
    collectOutputs: true,
  });
}

function afterRun(untilMs: number): Map<string, string> {
  const files = new Map<string, string>();
  runOn(files, runningCount, untilMs);
  return files;
}

describe("metadata checkpoints", () => {
  it("are written twice a batch: when it is generated and when it has completed", () => {
    const { events } = runOn(new Map());
    const written = eventsOf(events, "checkpoint.written").filter((e) => e.type === "metadata");
    expect(written.filter((event) => event.batchTimeMs === 2000).length).toBe(2);
    expect(written.find((event) => event.batchTimeMs === 2000)?.pendingMs).toEqual([2000]);
  });

  it("are kept ten at most, the one before of the same time as .bk", () => {
    const names = [...afterRun(12_500).keys()].filter((name) => name.includes("/checkpoint-"));
    expect(names.length).toBe(10);
    expect(names.filter((name) => name.endsWith(".bk")).length).toBe(5);
  });

  it("name the offsets of the batches that may run again", () => {
    const { events } = runOn(new Map());
    const [first] = eventsOf(events, "checkpoint.written");
    expect(first?.ranges.map(({ batchTimeMs, fromOffset }) => [batchTimeMs, fromOffset])).toEqual([
      [1000, 0],
      [1000, 0],
      [1000, 0],
    ]);
  });
});

describe("the data of a state stream", () => {
  it("is written every ten seconds and no more than needed is kept", () => {
    const files = afterRun(31_500);
    const data = [...files.keys()].filter((name) => name.includes("/rdd-"));
    expect(data.length).toBeGreaterThanOrEqual(1);
    expect(data.length).toBeLessThanOrEqual(3);
  });

  it("cuts the lineage: a stage reads at most ten batches back", () => {
    const { events } = runOn(new Map(), runningCount, 40_500);
    for (const event of eventsOf(events, "job.submitted")) {
      expect(event.skippedStages.length).toBeLessThanOrEqual(12);
    }
  });
});

describe("a second run on the store of the first", () => {
  it("goes on where the first stopped", () => {
    const second = runOn(afterRun(4500), runningCount, 9500);
    expect(second.run.failure?.message).toBeUndefined();
    expect(eventsOf(second.events, "driver.started")[0]?.recoveredFrom).toBe(
      `${directory}/checkpoint-4000`,
    );
  });

  it("skips a torn newest file for the one before", () => {
    const files = afterRun(4500);
    const newest = `${directory}/checkpoint-4000`;
    files.set(newest, (files.get(newest) ?? "").slice(0, 40));
    const { events } = runOn(files, runningCount, 9500);
    expect(eventsOf(events, "checkpoint.skipped")[0]).toMatchObject({
      file: newest,
      error: expect.stringContaining("it is not whole JSON"),
    });
    expect(eventsOf(events, "driver.started")[0]?.recoveredFrom).toBe(`${newest}.bk`);
  });

  it("fails when no file is whole, in Spark's words and with what to do", () => {
    const files = afterRun(2500);
    for (const name of files.keys()) files.set(name, "\u0000garbage");
    const { run } = runOn(files);
    expect(run.failure?.code).toBe("CHECKPOINT_CORRUPT");
    expect(run.failure?.message).toContain(`Failed to read checkpoint from directory ${directory}`);
    expect(run.failure?.message).toContain("delete the directory to start afresh");
  });

  it("refuses a program that has changed", () => {
    const changed: Program = (ssc) => {
      runningCount(ssc);
      ssc.queueStream([[1]]).print();
    };
    const { run } = runOn(afterRun(2500), changed);
    expect(run.failure?.code).toBe("CHECKPOINT_MISMATCH");
    expect(run.failure?.message).toContain("was written by another version of this program");
  });

  it("refuses state that cannot be written, saying what it may be", () => {
    const { run } = runWorld({
      program: (ssc) => {
        ssc.checkpoint("c");
        ssc
          .queueStream(Array.from({ length: 12 }, () => [["a", 1] as const]))
          .updateStateByKey<{ at: Date }>(() => ({ at: new Date(0) }))
          .print();
      },
      world: {},
    });
    expect(run.failure?.message).toContain("an instance of Date cannot be written to a checkpoint");
    expect(run.failure?.place).toMatchObject({ operator: "updateStateByKey" });
  });
});

it("the totals of two runs together are those of one", () => {
  const files = new Map<string, string>();
  runOn(files, runningCount, 3500);
  const { outputs, run } = runWorld({
    program: runningCount,
    world: clicksWorld,
    checkpointFiles: files,
    collectOutputs: true,
  });
  expect(run.failure?.message).toBeUndefined();
  expect(sorted(outputs.at(-1)?.records ?? [])).toEqual(finalCounts);
});
