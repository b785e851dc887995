/** How many times each record of a partition is in a sample, draw for draw as Spark draws.
 *  Like Spark: org.apache.spark.util.random.BernoulliSampler, PoissonSampler, BernoulliCellSampler,
 *  GapSampling, GapSamplingReplacement. */

import { scalaText } from "../record/scala-text.ts";
import { requirement } from "./requirement.ts";
import { strictExp, strictLog, strictLog1p } from "./strict-math.ts";
import { Well19937c } from "./well-19937c.ts";
import { XORShiftRandom } from "./xor-shift-random.ts";

/** Asked once per record. Shape: how many times the record is in the sample. */
export type Sampler = () => number;

/** Makes the sampler of a partition from that partition's seed. */
export type SamplerFactory = (seed: bigint) => Sampler;

/** Up to this fraction the number of records left out is drawn, in place of each one's fate. */
const GAP_SAMPLING_MAX = 0.4;
const DRAW_MIN = 5e-11;
const ROUNDING = 1e-6;

/** From this mean on Commons Math draws by another method. */
const POISSON_PIVOT = 40;

/** Each record with the same chance, at most once.
 *  Throws: PipelineError GRAPH_INVALID for a fraction outside [0, 1]. */
export function bernoulliSampler(fraction: number): SamplerFactory {
  requirement(
    fraction >= -ROUNDING && fraction <= 1 + ROUNDING,
    `Sampling fraction (${doubleText(fraction)}) must be on interval [0, 1]`,
  );
  if (fraction <= 0) return () => () => 0;
  if (fraction >= 1) return () => () => 1;
  return (seed) => {
    const random = new XORShiftRandom(seed);
    if (fraction > GAP_SAMPLING_MAX) return () => (random.nextDouble() <= fraction ? 1 : 0);
    const logKept = strictLog1p(-fraction);
    return gaps({ random, rate: logKept, once: () => 1 });
  };
}

/** Each record `fraction` times on average. */
export function poissonSampler(fraction: number): SamplerFactory {
  if (fraction <= 0) return () => () => 0;
  if (fraction <= GAP_SAMPLING_MAX) {
    return (seed) => {
      const random = new XORShiftRandom(seed);
      const never = strictExp(-fraction);
      return gaps({ random, rate: -fraction, once: () => poissonFromOne(never, random) });
    };
  }
  return (seed) => {
    const random = new Well19937c(seed);
    // A large mean is drawn in equal parts: a sum of Poisson draws is one, though not Spark's.
    const parts = Math.floor(fraction / POISSON_PIVOT) + 1;
    const mean = fraction / parts;
    const never = strictExp(-mean);
    return () => {
      let drawn = 0;
      for (let part = 0; part < parts; part += 1) drawn += poisson(mean, never, random);
      return drawn;
    };
  };
}

/** Records whose draw lies in [from, until): ranges side by side split a partition. */
export function cellSampler(from: number, until: number): SamplerFactory {
  return (seed) => {
    if (until - from <= 0) return () => 0;
    const random = new XORShiftRandom(seed);
    return () => {
      const drawn = random.nextDouble();
      return drawn >= from && drawn < until ? 1 : 0;
    };
  };
}

/** Draws how many records to leave out before each that is taken. */
function gaps(options: {
  readonly random: XORShiftRandom;
  readonly rate: number;
  readonly once: () => number;
}): Sampler {
  const { random, rate, once } = options;
  const draw = (): number => {
    const gap = Math.trunc(strictLog(Math.max(random.nextDouble(), DRAW_MIN)) / rate);
    return Math.min(gap, 0x7fffffff);
  };
  let leftOut = draw();
  return () => {
    if (leftOut > 0) {
      leftOut -= 1;
      return 0;
    }
    const times = once();
    leftOut = draw();
    return times;
  };
}

/** A Poisson draw known to be 1 at least. */
function poissonFromOne(never: number, random: XORShiftRandom): number {
  let product = never + (1 - never) * random.nextDouble();
  let times = 1;
  product *= random.nextDouble();
  while (product > never) {
    times += 1;
    product *= random.nextDouble();
  }
  return times;
}

/** A Poisson draw, of a mean below 40; `never` is the exponential of its negative. */
export function poisson(mean: number, never: number, random: Well19937c): number {
  let times = 0;
  let product = 1;
  while (times < 1000 * mean) {
    product *= random.nextDouble();
    if (product < never) return times;
    times += 1;
  }
  return times;
}

/** A Double always prints a point: `-1.0`. */
export function doubleText(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : scalaText(value);
}
