/** Goal: stages are cut at shuffles, lost data is computed again through the lineage, and failures
 *  end as Spark ends them. */

import { describe, expect, it } from "vitest";
import type { FaultSpec, StreamingContext, WorldSpec } from "streamscope";
import { clicksWorld, finalCounts, runningCount } from "../kit/clicks.ts";
import { sorted } from "../kit/run-operator.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const words = [
  ["a", "b"],
  ["b", "c"],
];

function wordCount(ssc: StreamingContext): void {
  ssc
    .queueStream(words)
    .map((word) => [word, 1] as const)
    .reduceByKey((a, b) => a + b)
    .print();
}

describe("a job", () => {
  it("has one stage per shuffle and one for its result, tasks one per partition", () => {
    const { events } = runWorld({ program: wordCount, world: {} });
    const [first] = eventsOf(events, "job.submitted");
    expect(first?.stages).toEqual([0, 1]);
    const stages = eventsOf(events, "stage.submitted").slice(0, 2);
    expect(stages.map(({ stage, type }) => [stage, type])).toEqual([
      [0, "ShuffleMapStage"],
      [1, "ResultStage"],
    ]);
    expect(stages[0]?.operators.map(({ className }) => className)).toEqual([
      "ParallelCollectionRDD",
      "MapPartitionsRDD",
    ]);
    expect(stages[1]?.operators[0]).toMatchObject({ className: "ShuffledRDD", readsStages: [0] });
  });

  it("does not run a map stage again whose output is there: it is skipped", () => {
    const { events } = runWorld({
      program: (ssc) => {
        const counts = ssc
          .queueStream(words)
          .map((word) => [word, 1] as const)
          .reduceByKey((a, b) => a + b);
        counts.print();
        counts.print();
      },
      world: {},
    });
    const second = eventsOf(events, "job.submitted").find((event) => event.output === 1);
    expect([second?.skippedStages, second?.stages]).toEqual([[4], [5]]);
  });

  it("says how many records each operator handed on", () => {
    const { events } = runWorld({
      program: (ssc) =>
        ssc
          .queueStream([["a b", "c"]])
          .flatMap((line) => line.split(" "))
          .filter((word) => word !== "c")
          .print(),
      world: { defaultParallelism: 1 },
    });
    const [task] = eventsOf(events, "task.finished");
    expect(task?.operators.map(({ records }) => records).sort()).toEqual([2, 2, 3]);
  });
});

describe("a task that throws", () => {
  it("is tried four times, then its job is aborted in Spark's words", () => {
    const { run, events } = runWorld({
      program: (ssc) =>
        ssc
          .queueStream([[1, 2]])
          .map((n) => {
            if (n === 2) throw new Error("poison");
            return n;
          })
          .print(),
      world: {},
    });
    const failed = eventsOf(events, "task.failed");
    expect(failed.map(({ attempt, partition }) => [attempt, partition])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    expect(run.failure?.message.replaceAll(/\d+/gu, "n")).toContain(
      "Job aborted due to stage failure: Task n in stage n.n failed n times, " +
        "most recent failure: Lost task n.n in stage n.n (TID n) (executor n): Error: poison",
    );
    expect(run.failure?.place).toMatchObject({
      operator: "map",
      batchTimeMs: 1000,
      partition: 1,
      record: "2",
    });
  });

  it("is tried as often as spark.task.maxFailures says", () => {
    const { events } = runWorld({
      program: (ssc) =>
        ssc
          .queueStream([[1]])
          .map(() => JSON.parse("{"))
          .print(),
      world: { defaultParallelism: 1, conf: { "spark.task.maxFailures": "2" } },
    });
    expect(eventsOf(events, "task.failed").length).toBe(2);
  });
});

describe("an executor that is lost", () => {
  const world: WorldSpec = { ...clicksWorld, cost: { taskMs: 100 } };
  const healthy = runWorld({ program: runningCount, world });

  it("at any task's start or end changes no result", () => {
    const moments = healthy.events.filter(({ kind }) => kind.startsWith("task."));
    for (const { seq } of moments) {
      const faults: FaultSpec[] = [
        { kind: "loseExecutor", executor: 1, afterSeq: seq, backMs: 700 },
      ];
      const { run, outputs } = runWorld({
        program: runningCount,
        world,
        faults,
        collectOutputs: true,
      });
      expect({ seq, failure: run.failure?.message }).toEqual({ seq, failure: undefined });
      expect(sorted(outputs.at(-1)?.records ?? [])).toEqual(finalCounts);
    }
  });

  it("takes its cached blocks and shuffle outputs with it; the map stage runs again", () => {
    const map = eventsOf(healthy.events, "stage.submitted").find(
      (event) => event.type === "ShuffleMapStage",
    );
    const done = eventsOf(healthy.events, "stage.completed").find((e) => e.stage === map?.stage);
    const { events } = runWorld({
      program: runningCount,
      world,
      faults: [{ kind: "loseExecutor", executor: 1, afterSeq: done?.seq ?? 0 }],
    });
    const [lost] = eventsOf(events, "executor.lost");
    expect(lost?.shuffleOutputsLost).toBeGreaterThan(0);
    const again = eventsOf(events, "stage.submitted").filter((e) => e.stage === map?.stage);
    expect(again.map(({ attempt }) => attempt)).toEqual([0, 1]);
  });
});
