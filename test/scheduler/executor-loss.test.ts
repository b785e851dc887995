/** Goal: what an executor takes with it comes back as in Spark: finished map tasks run again in the
 *  attempt that runs, a stage that reads is tried again, copies of blocks are made up for.
 *  Method: whole runs, a fault after the event it is about. */

import { describe, expect, it } from "vitest";
import type { FaultSpec, SparkContext, TraceEvent, WorldSpec } from "streamscope";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const pair: WorldSpec = { cost: { recordUs: 1000 }, batches: 1 };
const alone: WorldSpec = { executors: [{ cores: 1 }], cost: { taskMs: 200 }, batches: 1 };

/** A job on the driver, with the faults that an earlier run of it tells. */
function eventsWith(
  program: (sc: SparkContext) => unknown,
  faultsOf: (events: readonly TraceEvent[]) => readonly FaultSpec[],
  world: WorldSpec = pair,
): { readonly events: readonly TraceEvent[]; readonly value: unknown } {
  let value: unknown = null;
  const run = (faults: readonly FaultSpec[]): readonly TraceEvent[] =>
    runWorld({
      program: (ssc) => {
        try {
          value = program(ssc.sparkContext);
        } catch (thrown) {
          value = thrown instanceof Error ? thrown.message : thrown;
        }
        ssc.queueStream([[]]).print();
      },
      world,
      faults,
    }).events;
  const events = run(faultsOf(run([])));
  return { events, value };
}

/** Ones for even and for odd numbers. */
function pairsOf(sc: SparkContext) {
  const numbers = Array.from({ length: 130 }, (_, index) => index);
  return sc.parallelize(numbers, 3).map((n) => [n % 2, 1] as const);
}

const add = (a: number, b: number): number => a + b;

describe("an executor lost while a map stage runs", () => {
  const { events, value } = eventsWith(
    (sc) => pairsOf(sc).reduceByKey(add, 1).collect(),
    (told) => {
      const [first] = eventsOf(told, "task.finished");
      if (first === undefined) return [];
      return [{ kind: "loseExecutor", executor: first.executor, afterSeq: first.seq }];
    },
  );

  it("runs what it had finished again, in the same attempt", () => {
    const stages = eventsOf(events, "stage.submitted").slice(0, 2);
    expect(stages.map(({ stage, attempt }) => [stage, attempt])).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(eventsOf(events, "task.resubmitted").map(({ task }) => task)).toEqual([0]);
    expect(value).toEqual([
      [0, 65],
      [1, 65],
    ]);
  });

  it("fails what it was running, in Spark's words", () => {
    const [lost] = eventsOf(events, "task.failed");
    expect(lost?.error).toBe(
      "ExecutorLostFailure (executor 1 exited caused by one of the running tasks) Reason: Remote " +
        "RPC client disassociated. Likely due to containers exceeding thresholds, or network " +
        "issues. Check driver logs for WARN messages.",
    );
  });
});

describe("an executor that is lost with every attempt of a task", () => {
  const lose = (exit: "crashed" | "killed") => (told: readonly TraceEvent[]) => {
    const [started] = eventsOf(told, "task.started");
    if (started === undefined) return [];
    return [20, 60, 100, 140].map((afterMs): FaultSpec => ({
      kind: "loseExecutor",
      executor: 1,
      exit,
      atMs: started.atMs + afterMs,
      backMs: 10,
    }));
  };
  // One executor with one core; a task takes 200 ms.
  const job = (sc: SparkContext): number => sc.parallelize([1, 2, 3], 1).count();

  it("aborts the job at the fourth crash", () => {
    const { value } = eventsWith(job, lose("crashed"), alone);
    expect(String(value).replaceAll(/\d+/gu, "n")).toContain(
      "Job aborted due to stage failure: Task n in stage n.n failed n times, " +
        "most recent failure: " +
        "Lost task n.n in stage n.n (TID n) (executor n): ExecutorLostFailure (executor n exited " +
        "caused by one of the running tasks) Reason: Remote RPC client disassociated.",
    );
  });

  it("does not count when the driver killed it", () => {
    const { events, value } = eventsWith(job, lose("killed"), alone);
    expect(eventsOf(events, "task.failed").length).toBe(4);
    expect(value).toBe(3);
  });
});

describe("cached blocks", () => {
  const countTwice =
    (level: "MEMORY_ONLY" | "MEMORY_ONLY_2") =>
    (sc: SparkContext): number => {
      const seen = sc.longAccumulator("seen");
      const rdd = sc
        .parallelize([1, 2, 3, 4], 4)
        .map((n) => {
          seen.add(1);
          return n;
        })
        .persist(level);
      rdd.count();
      rdd.map((n) => n).count();
      rdd.count();
      return seen.value;
    };
  const loseInSecondJob = (told: readonly TraceEvent[]): FaultSpec[] => {
    const [started] = eventsOf(told, "task.started").filter(({ stage }) => stage === 1);
    if (started === undefined) return [];
    return [{ kind: "loseExecutor", executor: 2, afterSeq: started.seq, backMs: 1 }];
  };

  it("that are lost are computed again", () => {
    const { value } = eventsWith(countTwice("MEMORY_ONLY"), loseInSecondJob);
    expect(value).toBe(6);
  });

  it("with two copies survive, and are copied again", () => {
    const { events, value } = eventsWith(countTwice("MEMORY_ONLY_2"), loseInSecondJob);
    expect(value).toBe(4);
    const lost = eventsOf(events, "executor.lost")[0];
    expect(lost?.blocksLost.length).toBe(4);
  });
});

it("a task that needs a broadcast that was destroyed fails its job at once", () => {
  const { events, value } = eventsWith(
    (sc) => {
      const factor = sc.broadcast(3);
      const rdd = sc.parallelize([1, 2], 2).map((n) => n * factor.value);
      factor.destroy();
      return rdd.count();
    },
    () => [],
  );
  expect(value).toMatch(
    /^Job aborted due to stage failure: Task serialization failed: java.io.IOException: .*after/u,
  );
  expect(eventsOf(events, "task.failed").every(({ attempt }) => attempt === 0)).toBe(true);
});
