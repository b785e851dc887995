/** Bounds that hold almost surely when many records are drawn: which to take at once, and which to
 *  keep waiting, so that a sample comes out exact.
 *  Like Spark: BinomialBounds, PoissonBounds. */

import { strictLog } from "./strict-math.ts";

/** How likely a bound may fail. */
const DELTA = 5e-5;
const SAMPLING_RATE_MIN = 1e-10;

export interface SamplingBounds {
  readonly accept: number;
  readonly wait: number;
}

/** For one draw in [0, 1) per record: below `accept` it is taken, below `wait` it waits. Before any
 *  record was seen no draw is below `accept`, which is NaN. */
export function binomialBounds(seen: number, fraction: number): SamplingBounds {
  const upper = -strictLog(DELTA) / seen;
  const lower = upper * (2 / 3);
  const wait = fraction + upper + Math.sqrt(upper * upper + 2 * upper * fraction);
  return {
    accept: fraction + lower - Math.sqrt(lower * lower + 3 * lower * fraction),
    wait: Math.min(1, Math.max(SAMPLING_RATE_MIN, wait)),
  };
}

/** Means of two Poisson draws per record, of those to take and of those to keep waiting, for a
 *  sample of `size` from `count` records. */
export function poissonBounds(size: number, count: number): SamplingBounds {
  const spread = deviations(size) * Math.sqrt(size);
  const lower = Math.max(size - spread, 1e-15);
  const upper = Math.max(size + spread, 1e-10);
  return { accept: lower / count, wait: (upper - lower) / count };
}

/** Small samples spread wider than their standard deviation says. */
function deviations(size: number): number {
  if (size < 6) return 12;
  return size < 16 ? 9 : 6;
}
