/** When a run is over: all there was to read has been read, or nothing gets on any more. */

import { ScenarioError } from "../base/errors.ts";
import type { Driver } from "../stream/driver.ts";
import type { WorldSpec } from "./scenario.ts";

/** So many intervals without a completed batch are taken for ever. */
export const STUCK_BATCHES = 1000;

/** Everything there was to take in is in some batch that was made. */
export function isDrained(
  driver: Driver,
  of: {
    readonly world: WorldSpec;
    /** When records last came to a log. */
    readonly appendedMs: number;
    /** Where a partition can be read to. */
    readonly readableEnd: (topic: string, partition: number) => number;
  },
): boolean {
  const { world, appendedMs, readableEnd } = of;
  const { lastBatchMs } = driver;
  if (lastBatchMs === null || driver.queuedBatches > 0 || driver.isReceiving) return false;
  // A receiver that looks at a topic now and then has to be given the time to.
  const lookedMs = appendedMs + 2 * (world.batchIntervalMs ?? 1000);
  if (driver.hasReceivers && lastBatchMs < lookedMs) return false;
  if ((world.files ?? []).some(({ atMs = 0 }) => atMs >= lastBatchMs)) return false;
  return driver.positions.every((tp) => readableEnd(tp.topic, tp.partition) <= tp.offset);
}

export function stuckError(quietMs: number, pendingMs: number): ScenarioError {
  return new ScenarioError(
    "RUN_LIMIT",
    `no batch has completed for ${STUCK_BATCHES} intervals (${quietMs} ms), and batch ` +
      `${pendingMs} ms waits; look at the executors (a receiver keeps one core), or give the ` +
      "world untilMs",
    { place: { batchTimeMs: pendingMs } },
  );
}

/** Gives a world whose workload is consumed the time for what is on its way. */
export class Settling {
  #sinceMs: number | null = null;

  /** Asked when it is consumed; true once that has been so for the first time so long ago. */
  isOver(nowMs: number, settleMs: number): boolean {
    this.#sinceMs ??= nowMs;
    return nowMs - this.#sinceMs >= settleMs;
  }
}

/** What a run did, in numbers. */
export interface RunSummary {
  readonly records: number;
  readonly batches: number;
  readonly virtualMs: number;
  readonly traceHash: string;
}
