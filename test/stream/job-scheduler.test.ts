/** Goal: batches start in order, queue when processing is slower than the interval, and say their
 *  delays as Spark's listener does. */

import { describe, expect, it } from "vitest";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const batches = Array.from({ length: 5 }, (_, n) => [n]);

describe("batches", () => {
  it("fire at multiples of the interval, after zero time", () => {
    const { events } = runWorld({
      program: (ssc) => ssc.queueStream(batches).print(),
      world: { batchIntervalMs: 500 },
    });
    expect(eventsOf(events, "driver.started")[0]?.zeroTimeMs).toBe(0);
    const times = eventsOf(events, "batch.submitted").map((event) => event.batchTimeMs);
    expect(times).toEqual([500, 1000, 1500, 2000, 2500]);
  });

  it("wait when each takes longer than the interval, and the delay grows by the difference", () => {
    const { events } = runWorld({
      program: (ssc) =>
        ssc.queueStream(batches.map((b) => ssc.sparkContext.parallelize(b, 1))).print(),
      world: { cost: { taskMs: 1500, recordUs: 0 } },
    });
    const completed = eventsOf(events, "batch.completed").slice(0, batches.length);
    expect(completed.map((event) => event.processingDelayMs)).toEqual(batches.map(() => 1500));
    expect(completed.map((event) => event.schedulingDelayMs)).toEqual([0, 500, 1000, 1500, 2000]);
    for (const { schedulingDelayMs, processingDelayMs, totalDelayMs } of completed) {
      expect(totalDelayMs).toBe(schedulingDelayMs + processingDelayMs);
    }
  });

  it("run their outputs in the order they were registered; one that throws ends the run", () => {
    const calls: string[] = [];
    const { run } = runWorld({
      program: (ssc) => {
        const stream = ssc.queueStream(batches);
        stream.foreachRDD((_, timeMs) => {
          calls.push(`first ${timeMs}`);
          if (timeMs === 2000) throw new Error("no");
        });
        stream.foreachRDD((_, timeMs) => void calls.push(`second ${timeMs}`));
      },
      world: {},
    });
    expect(calls.slice(0, 3)).toEqual(["first 1000", "second 1000", "first 2000"]);
    expect(run.ended).toBe("driver failed");
  });
});
