/** Goal: after a crash at any moment the state is right, and what Spark repeats is repeated.
 *  Method: one world, the driver killed after every single event of its trace. */

import { StreamingContext } from "streamscope";
import { describe, expect, it } from "vitest";
import { batchStream } from "../kit/batch-stream.ts";
import { clicksWorld, finalCounts, runningCount } from "../kit/clicks.ts";
import { sorted } from "../kit/run-operator.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const healthy = runWorld({ program: runningCount, world: clicksWorld, collectOutputs: true });

describe("a driver that crashes", () => {
  it("is not needed for the totals to be right", () => {
    expect(healthy.run.ended).toBe("input consumed");
    expect(sorted(healthy.outputs.at(-1)?.records ?? [])).toEqual(finalCounts);
  });

  it("after any event at all loses nothing and counts nothing twice", () => {
    const last = eventsOf(healthy.events, "batch.completed").at(-1)?.seq ?? 0;
    for (let seq = 1; seq <= last; seq += 1) {
      const { run, outputs } = runWorld({
        program: runningCount,
        world: clicksWorld,
        faults: [{ kind: "crashDriver", afterSeq: seq, downMs: 1500 }],
        collectOutputs: true,
      });
      expect({ seq, failure: run.failure?.message, ended: run.ended }).toEqual({
        seq,
        failure: undefined,
        ended: "input consumed",
      });
      expect({ seq, totals: sorted(outputs.at(-1)?.records ?? []) }).toEqual({
        seq,
        totals: finalCounts,
      });
    }
  });

  it("runs the checkpointed batch again, and those of the down time, with the same ranges", () => {
    const crash = eventsOf(healthy.events, "batch.completed").find(
      (event) => event.batchTimeMs === 3000,
    );
    const { events } = runWorld({
      program: runningCount,
      world: clicksWorld,
      faults: [{ kind: "crashDriver", afterSeq: crash?.seq ?? 0, downMs: 2500 }],
    });
    const [, restarted] = eventsOf(events, "driver.started");
    expect(restarted?.recoveredFrom).toBe("checkpoints/clicks/checkpoint-3000");
    expect(restarted?.rescheduledMs).toEqual([3000, 4000, 5000]);
    const planned = eventsOf(events, "batch.planned").filter((e) => e.batchTimeMs === 3000);
    expect(planned.length).toBe(2);
    expect(planned[1]?.ranges).toEqual(planned[0]?.ranges);
  });

  it("takes the backlog in the first batch of the down time, and nothing in the next", () => {
    const crash = eventsOf(healthy.events, "batch.completed").find(
      (event) => event.batchTimeMs === 2000,
    );
    const { events } = runWorld({
      program: runningCount,
      world: clicksWorld,
      faults: [{ kind: "crashDriver", afterSeq: crash?.seq ?? 0, downMs: 3000 }],
    });
    const restart = eventsOf(events, "driver.started")[1]?.seq ?? 0;
    const sizes = eventsOf(events, "batch.submitted")
      .filter((event) => event.seq > restart)
      .map(({ batchTimeMs, records }) => [batchTimeMs, records]);
    const [again, first, second] = sizes;
    expect([again?.[0], first?.[0], second?.[0]]).toEqual([2000, 3000, 4000]);
    expect(first?.[1]).toBeGreaterThan(again?.[1] ?? Infinity);
    expect(second?.[1]).toBe(0);
  });

  it("goes on with a program made by StreamingContext.getOrCreate", () => {
    const { events, run } = runWorld({
      program: StreamingContext.getOrCreate("checkpoints/words", (ssc) => {
        batchStream(ssc, [["a"], ["a"], ["a"], ["a"]])
          .map((word) => [word, 1] as const)
          .updateStateByKey<number>((values, state) => (state ?? 0) + values.length)
          .print();
      }),
      world: { batches: 6 },
      faults: [{ kind: "crashDriver", atMs: 2500, downMs: 1000 }],
    });
    expect(run.failure?.message).toBeUndefined();
    expect(eventsOf(events, "driver.started")[1]?.recoveredFrom).toBe(
      "checkpoints/words/checkpoint-2000",
    );
    expect(eventsOf(events, "output.written").at(-1)?.lines).toContain("(a,4)");
  });

  it("without a checkpoint directory starts afresh", () => {
    const { events, run } = runWorld({
      program: (ssc) => {
        ssc.queueStream([[1], [2], [3]]).print();
      },
      world: { batches: 5 },
      faults: [{ kind: "crashDriver", atMs: 2500, downMs: 1000 }],
    });
    expect(run.failure).toBeNull();
    const starts = eventsOf(events, "driver.started");
    expect(starts.map(({ recoveredFrom, zeroTimeMs }) => [recoveredFrom, zeroTimeMs])).toEqual([
      [null, 0],
      [null, 3000],
    ]);
  });
});
