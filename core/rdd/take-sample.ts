/** A sample of a given size.
 *  Like Spark: RDD.takeSample, SamplingUtils.computeFractionForSampleSize. */

import { JavaRandom, randomizeInPlace } from "./java-random.ts";
import type { RDDNode } from "./rdd.ts";
import { requirement } from "./requirement.ts";
import { runAction } from "./run-action.ts";
import { sample } from "./sampled.ts";
import { strictLog } from "./strict-math.ts";

const INT_MAX = 0x7fffffff;
/** As many standard deviations are left below Int.MaxValue. */
const DEVIATIONS = 10;
/** How likely a sample may turn out too small. */
const FAILURE_RATE = 1e-4;
const RATE_MIN = 1e-10;

/** Counts, samples somewhat more than asked for until it is enough, and shuffles: two jobs or more.
 *  Throws: PipelineError GRAPH_INVALID for a size that cannot be. */
export function takeSample<T>(
  parent: RDDNode<T>,
  options: {
    readonly withReplacement: boolean;
    readonly num: number;
    readonly seed: bigint;
  },
): T[] {
  const { withReplacement, num, seed } = options;
  requirement(num >= 0, "Negative number of elements requested");
  requirement(
    num <= INT_MAX - Math.trunc(DEVIATIONS * Math.sqrt(INT_MAX)),
    "Cannot support a sample size > Int.MaxValue - 10.0 * math.sqrt(Int.MaxValue)",
  );
  if (num === 0) return [];
  const counts = runAction(parent, "takeSample", (records) => records.length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  const random = new JavaRandom(seed);
  const collect = (rdd: RDDNode<T>): T[] =>
    runAction(rdd, "takeSample", (records) => records).flat();
  if (!withReplacement && num >= total) return randomizeInPlace(collect(parent), random);
  const fraction = withReplacement ? poissonRate(num, total) : bernoulliRate(num, total);
  const draw = (): T[] =>
    collect(sample(parent, { withReplacement, fraction, seed: BigInt(random.nextInt()) }));
  let samples = draw();
  while (samples.length < num) samples = draw();
  return randomizeInPlace(samples, random).slice(0, num);
}

/** Like Spark: PoissonBounds.getUpperBound. */
function poissonRate(num: number, total: number): number {
  const deviations = num < 6 ? 12 : num < 16 ? 9 : 6;
  return Math.max(num + deviations * Math.sqrt(num), RATE_MIN) / total;
}

/** Like Spark: BinomialBounds.getUpperBound. */
function bernoulliRate(num: number, total: number): number {
  const fraction = num / total;
  const gamma = -strictLog(FAILURE_RATE) / total;
  const rate = fraction + gamma + Math.sqrt(gamma * gamma + 2 * gamma * fraction);
  return Math.min(1, Math.max(RATE_MIN, rate));
}
