/** Goal: what a slow, full or torn checkpoint store does to a run, and to the driver after it.
 *  Method: one world with state; the store goes wrong, then the driver crashes. */

import { describe, expect, it } from "vitest";
import type { FaultSpec } from "streamscope";
import { clicksWorld, finalCounts, runningCount } from "../kit/clicks.ts";
import { sorted } from "../kit/run-operator.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const directory = "checkpoints/clicks";
const crash: FaultSpec = { kind: "crashDriver", atMs: 4900, downMs: 1000 };

function runWith(faults: readonly FaultSpec[]) {
  const world = { ...clicksWorld, faults };
  return runWorld({ program: runningCount, world, collectOutputs: true });
}

function recoveredFrom(faults: readonly FaultSpec[]): string | null | undefined {
  const { events, outputs } = runWith([...faults, crash]);
  expect(sorted(outputs.at(-1)?.records ?? [])).toEqual(finalCounts);
  return eventsOf(events, "driver.started")[1]?.recoveredFrom;
}

describe("a slow store", () => {
  const slow: FaultSpec = { kind: "slowCheckpoints", atMs: 1500, writeMs: 1500 };

  it("queues its writes and leaves none out", () => {
    const { events } = runWith([{ ...slow, forMs: 2000 }]);
    const times = eventsOf(events, "checkpoint.written").map(({ batchTimeMs }) => batchTimeMs);
    const batches = eventsOf(events, "batch.completed").map(({ batchTimeMs }) => batchTimeMs);
    for (const batch of batches.slice(0, -1)) {
      expect([batch, times.filter((time) => time === batch).length]).toEqual([batch, 2]);
    }
    const late = eventsOf(events, "checkpoint.written").find((e) => e.batchTimeMs === 3000);
    expect(late?.atMs).toBeGreaterThan(3500);
  });

  it("makes a restart go further back, and the totals are right all the same", () => {
    expect(recoveredFrom([])).toBe(`${directory}/checkpoint-4000`);
    expect(recoveredFrom([slow])).toBe(`${directory}/checkpoint-2000`);
  });
});

describe("a full store", () => {
  const full: FaultSpec = { kind: "fillCheckpoints", atMs: 2500, forMs: 1000 };

  it("fails each write after three attempts, and the batches go on", () => {
    const { events, run } = runWith([full]);
    expect(run.failure).toBeNull();
    expect(eventsOf(events, "error.reported").map(({ message }) => message)).toContain(
      `Could not write checkpoint for time 3000 ms to file '${directory}/checkpoint-3000' ` +
        "after 3 attempts: java.io.IOException: No space left on device",
    );
    const written = eventsOf(events, "checkpoint.written").map(({ batchTimeMs }) => batchTimeMs);
    expect(written).not.toContain(3000);
    expect(written).toContain(4000);
  });

  it("leaves a restart with the last file that was written", () => {
    const { atMs } = crash;
    expect(atMs).toBe(4900);
    expect(recoveredFrom([{ kind: "fillCheckpoints", atMs: 2500 }])).toBe(
      `${directory}/checkpoint-2000`,
    );
  });

  it("fails the batch whose state it cannot take", () => {
    const { run } = runWorld({
      program: runningCount,
      world: { ...clicksWorld, untilMs: 12_500, faults: [{ kind: "fillCheckpoints", atMs: 9500 }] },
    });
    expect(run.failure?.message).toContain("No space left on device");
    expect(run.failure?.place.batchTimeMs).toBe(10_000);
  });
});

describe("a torn file", () => {
  it("is skipped for the one before by the next driver", () => {
    const torn: FaultSpec = { kind: "tearCheckpoint", atMs: 4800 };
    const { events } = runWith([torn, crash]);
    expect(eventsOf(events, "fault.injected")[0]?.fault).toBe(
      `tear newest checkpoint (${directory}/checkpoint-4000)`,
    );
    expect(eventsOf(events, "checkpoint.skipped").map(({ file }) => file)).toEqual([
      `${directory}/checkpoint-4000`,
    ]);
    expect(recoveredFrom([torn])).toBe(`${directory}/checkpoint-4000.bk`);
  });

  it("is nothing where there is no checkpoint yet", () => {
    const { events } = runWith([{ kind: "tearCheckpoint", atMs: 100 }]);
    expect(eventsOf(events, "fault.injected")[0]?.fault).toBe(
      "tear newest checkpoint (there is none)",
    );
  });
});
