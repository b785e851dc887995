/** Goal: the numbers of Spark's Streaming page come out of a trace.
 *  Method: an overloaded run, looked at in its middle and at its end, and counted by hand. */

import { expect, it } from "vitest";
import { streamingPage, type TraceEvent } from "streamscope";
import { clicksWorld, runningCount } from "../kit/clicks.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const { events } = runWorld({
  program: runningCount,
  world: { ...clicksWorld, cost: { taskMs: 700 }, untilMs: 9500 },
});

function before(atMs: number): TraceEvent[] {
  return events.filter((event) => event.atMs < atMs);
}

it("counts what was received, what is through, and what waits", () => {
  const page = streamingPage(before(5500), 1000);
  const completed = eventsOf(before(5500), "batch.completed");
  expect(page.totalCompletedBatches).toBe(completed.length);
  expect(page.totalProcessedRecords).toBe(completed.reduce((sum, { records }) => sum + records, 0));
  expect(page.runningBatches.length).toBe(1);
  expect(page.waitingBatches.length).toBeGreaterThan(0);
  const running = page.runningBatches[0];
  expect(page.totalReceivedRecords).toBe(page.totalProcessedRecords + (running?.records ?? 0));
  expect(running?.schedulingDelayMs).not.toBeNull();
  expect(running?.processingDelayMs).toBeNull();
});

it("averages over the batches it keeps, delays in whole milliseconds", () => {
  const page = streamingPage(before(9000), 1000, 2);
  const kept = page.retainedCompletedBatches;
  expect(kept.length).toBe(2);
  const processing = kept.map(({ processingDelayMs }) => processingDelayMs ?? 0);
  expect(page.averageProcessingDelayMs).toBe(
    Math.floor(processing.reduce((sum, ms) => sum + ms, 0) / 2),
  );
  const all = [...kept, ...page.runningBatches, ...page.waitingBatches];
  const records = all.reduce((sum, batch) => sum + batch.records, 0);
  expect(page.averageInputRate).toBe(records / all.length);
});

it("knows nothing of what there is not, and begins anew with a driver", () => {
  expect(streamingPage([], 1000)).toMatchObject({
    totalCompletedBatches: 0,
    averageInputRate: null,
    averageTotalDelayMs: null,
  });
  const started = eventsOf(events, "driver.started")[0];
  if (started === undefined) throw new Error("the driver started");
  expect(streamingPage([...events, started], 1000).totalCompletedBatches).toBe(0);
});
