/** Goal: a slow executor makes stragglers, and speculative copies do away with them; executors
 *  whose tasks fail, or whose disk is full, fail a job as Spark says.
 *  Method: whole runs, judged by their traces. */

import { describe, expect, it } from "vitest";
import type { FaultSpec, StreamingContext, WorldSpec } from "streamscope";
import { eventsOf, runWorld, type WorldRun } from "../kit/run-world.ts";

const records = Array.from({ length: 8000 }, (_, index) => index);

function eightTasks(ssc: StreamingContext): void {
  ssc.queueStream([records]).foreachRDD((rdd) => {
    rdd.count();
  });
}

const world: WorldSpec = {
  defaultParallelism: 8,
  executors: [{ cores: 1 }, { cores: 1 }, { cores: 1, speedPercent: 1 }],
  cost: { recordUs: 100 },
  batches: 1,
};

function speculating(conf: Readonly<Record<string, string>>, faults: FaultSpec[] = []): WorldRun {
  return runWorld({ program: eightTasks, world: { ...world, conf }, faults });
}

function doneMs({ events }: WorldRun): number {
  return eventsOf(events, "batch.completed")[0]?.atMs ?? Infinity;
}

describe("a task on an executor that is 100 times slower", () => {
  const without = speculating({});
  const withCopies = speculating({ "spark.speculation": "true" });

  it("holds its stage up", () => {
    expect(eventsOf(without.events, "task.speculated")).toEqual([]);
    expect(doneMs(without)).toBeGreaterThan(10_000);
  });

  it("is copied once 75% of its stage are done and 1.5 times their median is over", () => {
    const [slow] = eventsOf(withCopies.events, "task.speculated");
    const earlier = eventsOf(withCopies.events, "task.finished").filter(
      ({ seq }) => seq < (slow?.seq ?? 0),
    );
    expect(earlier.length).toBeGreaterThanOrEqual(6);
    const durations = earlier.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
    expect(slow?.thresholdMs).toBe(Math.max(1.5 * (durations[3] ?? 0), 100));
    expect(slow?.runningMs).toBeGreaterThan(slow?.thresholdMs ?? Infinity);
    expect((slow?.atMs ?? 1) % 100).toBe(0);
  });

  it("has its copy on another executor; the first to finish counts, the other is killed", () => {
    const [slow] = eventsOf(withCopies.events, "task.speculated");
    const attempts = eventsOf(withCopies.events, "task.started").filter(
      ({ stage, partition }) => stage === slow?.stage && partition === slow.partition,
    );
    expect(attempts.map(({ attempt }) => attempt)).toEqual([0, 1]);
    expect(new Set(attempts.map(({ executor }) => executor)).size).toBe(2);
    const [killed] = eventsOf(withCopies.events, "task.failed");
    expect(killed).toMatchObject({
      task: slow?.task,
      reason: "killed",
      error: "TaskKilled (another attempt succeeded)",
    });
    expect(doneMs(withCopies)).toBeLessThan(doneMs(without) / 5);
  });

  it("is left alone while spark.speculation.minTaskRuntime has not passed", () => {
    const { events } = speculating({
      "spark.speculation": "true",
      "spark.speculation.minTaskRuntime": "5s",
    });
    expect(eventsOf(events, "task.speculated")[0]?.runningMs).toBeGreaterThan(5000);
  });
});

it("an executor may slow down for a while; its tasks take as long again afterwards", () => {
  const { events } = runWorld({
    program: eightTasks,
    world: { ...world, defaultParallelism: 2, executors: [{ cores: 1 }] },
    faults: [{ kind: "slowExecutor", executor: 1, speedPercent: 10, atMs: 0, forMs: 1500 }],
  });
  const changes = eventsOf(events, "executor.speedChanged");
  expect(changes.map(({ speedPercent }) => speedPercent)).toEqual([10, 100]);
  const durations = eventsOf(events, "task.finished").map(({ durationMs }) => durationMs);
  expect(durations).toEqual([4010, 410]);
});

it("tasks that fail on one executor are tried again, anywhere", () => {
  const fault: FaultSpec = { kind: "failTasks", executor: 1, times: 2, atMs: 0 };
  const { run, events } = speculating({}, [fault]);
  const failed = eventsOf(events, "task.failed");
  expect(failed.map(({ executor, error }) => [executor, error])).toEqual([
    [1, "java.io.IOException: Input/output error"],
    [1, "java.io.IOException: Input/output error"],
  ]);
  expect(run.failure).toBeNull();
});

it("a full disk fails the map tasks of its executor until one has failed four times", () => {
  const { run, events } = runWorld({
    program: (ssc) =>
      ssc
        .queueStream([records])
        .map((n) => [n % 2, 1] as const)
        .reduceByKey((a, b) => a + b)
        .print(),
    world: { executors: [{ cores: 1 }], defaultParallelism: 2 },
    faults: [{ kind: "fillDisk", executor: 1, atMs: 0 }],
  });
  expect(eventsOf(events, "task.failed").length).toBe(4);
  expect(run.failure?.message).toContain(
    "(executor 1): java.io.IOException: No space left on device",
  );
});
