/** Goal: how a context stops when it is told from outside or by its own functions, and what
 *  listeners are told of direct streams.
 *  Method: small programs; what Spark's own runs show is in test/vectors/scheduling.test.ts. */

import { type BatchInfo, type Program, type StreamingListener, type WorldSpec } from "streamscope";
import { describe, expect, it } from "vitest";
import { batchStream } from "../kit/batch-stream.ts";
import { clicksWorld, runningCount } from "../kit/clicks.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const numbers: Program = (ssc) => {
  ssc.queueStream([[1], [2], [3], [4], [5], [6], [7], [8]]).print();
};

const stopping = (conf: Readonly<Record<string, string>>): WorldSpec => ({
  conf,
  untilMs: 9000,
  faults: [{ kind: "stopDriver", atMs: 2500 }],
});

function batchesOf(program: Program, world: WorldSpec): number[] {
  const { events } = runWorld({ program, world });
  return eventsOf(events, "batch.completed").map(({ batchTimeMs }) => batchTimeMs);
}

describe("SIGTERM", () => {
  it("stops at once by default", () => {
    expect(batchesOf(numbers, stopping({}))).toEqual([1000, 2000]);
  });

  it("stops gracefully where spark.streaming.stopGracefullyOnShutdown says so", () => {
    const conf = { "spark.streaming.stopGracefullyOnShutdown": "true" };
    expect(batchesOf(numbers, stopping(conf))).toEqual([1000, 2000, 3000, 4000]);
  });

  it("ends the run, or brings the next driver", () => {
    const { run } = runWorld({ program: numbers, world: stopping({}) });
    expect(run.ended).toBe("stopped");
    const { events } = runWorld({
      program: runningCount,
      world: {
        ...clicksWorld,
        faults: [{ kind: "stopDriver", atMs: 2500, gracefully: true, downMs: 1000 }],
      },
    });
    const [, second] = eventsOf(events, "driver.started");
    expect(second?.recoveredFrom).toBe("checkpoints/clicks/checkpoint-4000");
    expect(second?.rescheduledMs).toEqual([4000, 5000]);
  });
});

describe("a graceful stop that takes too long", () => {
  it("gives up what is to be made and written after the time-out, and not the jobs", () => {
    const { events } = runWorld({
      program: (ssc) => {
        ssc.checkpoint("c");
        ssc.queueStream([[1], [2], [3], [4]]).print();
      },
      world: {
        conf: { "spark.streaming.gracefulStopTimeout": "1s" },
        cost: { taskMs: 3000 },
        untilMs: 60_000,
        faults: [{ kind: "stopDriver", atMs: 2500, gracefully: true }],
      },
    });
    const completed = eventsOf(events, "batch.completed");
    expect(completed.map(({ batchTimeMs }) => batchTimeMs)).toEqual([1000, 2000, 3000]);
    const newest = eventsOf(events, "checkpoint.written").at(-1);
    expect(newest?.atMs).toBeLessThan(completed.at(-1)?.atMs ?? 0);
    expect(newest?.pendingMs).toContain(3000);
  });
});

describe("stop inside foreachRDD", () => {
  const stoppedIn = (gracefully: boolean): { state: string; atMs: number; after: string } => {
    let state = "";
    let after = "";
    const { events } = runWorld({
      program: (ssc) => {
        ssc.queueStream([[1], [2]]).foreachRDD((rdd) => {
          ssc.stop(true, gracefully);
          state = ssc.getState();
          try {
            rdd.count();
            after = "counted";
          } catch (error) {
            after = String(error);
          }
        });
      },
      world: { untilMs: 10_000_000 },
    });
    return { state, atMs: eventsOf(events, "driver.stopped")[0]?.atMs ?? 0, after };
  };

  it("waits two seconds for itself, and its SparkContext is gone", () => {
    const { state, atMs, after } = stoppedIn(false);
    expect(state).toBe("STOPPED");
    expect(atMs).toBeLessThanOrEqual(3100);
    expect(after).not.toBe("counted");
  });

  it("gracefully, waits for itself for an hour after the time-out", () => {
    expect(stoppedIn(true).atMs).toBeGreaterThan(3_600_000);
  });
});

describe("a listener", () => {
  it("is told where a direct stream's records come from", () => {
    const infos: BatchInfo[] = [];
    const listener: StreamingListener = {
      onBatchCompleted: ({ batchInfo }) => infos.push(batchInfo),
    };
    runWorld({
      program: (ssc) => {
        runningCount(ssc);
        ssc.addStreamingListener(listener);
      },
      world: clicksWorld,
    });
    const [first] = infos;
    const input = first?.streamIdToInputInfo.get(0);
    expect(first?.numRecords).toBe(input?.numRecords);
    expect(first?.numRecords).toBeGreaterThan(0);
    expect(input?.description).toMatch(/^topic: clicks\tpartition: 0\toffsets: 0 to \d+\n/);
    expect(first?.totalDelay).toBe((first?.schedulingDelay ?? 0) + (first?.processingDelay ?? 0));
  });

  it("is not told of the records of a batch that runs again after a restart", () => {
    const infos: BatchInfo[] = [];
    runWorld({
      program: (ssc) => {
        runningCount(ssc);
        ssc.addStreamingListener({ onBatchSubmitted: ({ batchInfo }) => infos.push(batchInfo) });
      },
      world: { ...clicksWorld, faults: [{ kind: "crashDriver", atMs: 2900, downMs: 500 }] },
    });
    const again = infos.filter(({ batchTime }) => batchTime === 2000);
    expect(again.map(({ numRecords }) => numRecords > 0)).toEqual([true, false]);
  });

  it("may be removed, and may not stop the context", () => {
    let told = 0;
    let refused = "";
    runWorld({
      program: (ssc) => {
        numbers(ssc);
        const listener: StreamingListener = {
          onBatchStarted: () => {
            told += 1;
            ssc.removeStreamingListener(listener);
            try {
              ssc.stop();
            } catch (error) {
              refused = String(error);
            }
          },
        };
        ssc.addStreamingListener(listener);
      },
      world: { batches: 3 },
    });
    expect(told).toBe(1);
    expect(refused).toContain("Cannot stop StreamingContext within listener bus thread.");
  });
});

it("a batch of the down time that cannot be made fails the start", () => {
  const { run, events } = runWorld({
    program: (ssc) => {
      ssc.checkpoint("c");
      batchStream(ssc, [[1], [2], [3], [4], [5]])
        .transform((rdd, timeMs) => {
          if (timeMs === 4000) throw new Error("not now");
          return rdd;
        })
        .print();
      ssc.start();
    },
    world: { untilMs: 20_000, faults: [{ kind: "crashDriver", atMs: 2900, downMs: 2600 }] },
  });
  expect(run.ended).toBe("driver failed");
  expect(run.failure?.message).toContain("not now");
  expect(run.failure?.message).not.toContain("Error generating jobs");
  const started = eventsOf(events, "driver.started")[1]?.seq ?? 0;
  const after = eventsOf(events, "batch.completed").filter(({ seq }) => seq > started);
  expect(after.map(({ batchTimeMs }) => batchTimeMs)).toEqual([2000, 3000]);
});
