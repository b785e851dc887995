/** Durations and instants are whole milliseconds, plain numbers. */

import { PipelineError } from "./errors.ts";

/** A length of time in whole milliseconds. Like Spark: org.apache.spark.streaming.Duration. */
export type Duration = number;

export function Milliseconds(milliseconds: number): Duration {
  return duration("Milliseconds", milliseconds, 1);
}

export function Seconds(seconds: number): Duration {
  return duration("Seconds", seconds, 1000);
}

export function Minutes(minutes: number): Duration {
  return duration("Minutes", minutes, 60_000);
}

function duration(name: string, count: number, unitMs: number): Duration {
  const ms = count * unitMs;
  if (!Number.isSafeInteger(ms)) {
    throw new PipelineError(
      "GRAPH_INVALID",
      `${name}(${count}) is not a whole number of milliseconds; use Milliseconds(n)`,
    );
  }
  return ms;
}

/** Like Spark: Duration.isMultipleOf. */
export function isMultipleOf(duration: Duration, unit: Duration): boolean {
  return duration % unit === 0;
}

/** The first batch time strictly after `nowMs` on the grid `zeroMs + n * intervalMs`.
 *  Like Spark: RecurringTimer.getStartTime and getRestartTime. */
export function nextBatchTime(nowMs: number, intervalMs: Duration, zeroMs = 0): number {
  return (Math.floor((nowMs - zeroMs) / intervalMs) + 1) * intervalMs + zeroMs;
}
