/** Estimates how many records a second a stream should take in, from how long batches took: a
 *  proportional-integral-derivative controller whose error is how far the last estimate was from
 *  the rate at which the batch was processed.
 *  Like Spark: PIDRateEstimator (S/scheduler/rate), in the same order of operations, so that
 *  doubles are the same to the last bit. */

import { PipelineError } from "../base/errors.ts";
import type { RateCheckpoint } from "../checkpoint/checkpoint.ts";

export interface PidTerms {
  readonly batchIntervalMs: number;
  /** `spark.streaming.backpressure.pid.proportional`, `.integral`, `.derived`, `.minRate`. */
  readonly proportional: number;
  readonly integral: number;
  readonly derived: number;
  readonly minRate: number;
}

/** How a batch went. */
export interface BatchRate {
  /** When its processing ended. */
  readonly endedMs: number;
  readonly records: number;
  readonly processingDelayMs: number;
  readonly schedulingDelayMs: number;
}

export class PidRateEstimator {
  readonly #terms: PidTerms;
  #state: RateCheckpoint;

  /** Throws: PipelineError GRAPH_INVALID for terms below their bounds, in Spark's words. */
  constructor(terms: PidTerms, state: RateCheckpoint | null = null) {
    checkTerms(terms);
    this.#terms = terms;
    this.#state = state ?? { isFirstRun: true, latestMs: -1, latestRate: -1, latestError: -1 };
  }

  get state(): RateCheckpoint {
    return this.#state;
  }

  /** Records a second; null for the first batch, for one without records, and for one that is over
   *  within a millisecond or came late. */
  compute({ endedMs, records, processingDelayMs, schedulingDelayMs }: BatchRate): number | null {
    const { latestMs, latestRate, latestError, isFirstRun } = this.#state;
    if (endedMs <= latestMs || records <= 0 || processingDelayMs <= 0) return null;
    const { batchIntervalMs, proportional, integral, derived, minRate } = this.#terms;
    const sinceUpdateS = (endedMs - latestMs) / 1000;
    const processingRate = (records / processingDelayMs) * 1000;
    const error = latestRate - processingRate;
    // What waited in the queue, as a rate over one interval.
    const historicalError = (schedulingDelayMs * processingRate) / batchIntervalMs;
    const errorSlope = (error - latestError) / sinceUpdateS;
    const rate =
      latestRate - proportional * error - integral * historicalError - derived * errorSlope;
    if (isFirstRun) {
      const latest = { latestRate: processingRate, latestError: 0 };
      this.#state = { isFirstRun: false, latestMs: endedMs, ...latest };
      return null;
    }
    const newRate = Math.max(rate, minRate);
    this.#state = { isFirstRun, latestMs: endedMs, latestRate: newRate, latestError: error };
    return newRate;
  }
}

function checkTerms({ batchIntervalMs, proportional, integral, derived, minRate }: PidTerms): void {
  require(batchIntervalMs >
    0, `Specified batch interval ${batchIntervalMs} in PIDRateEstimator is invalid.`);
  require(proportional >= 0, termBelowZero("Proportional", proportional));
  require(integral >= 0, termBelowZero("Integral", integral));
  require(derived >= 0, termBelowZero("Derivative", derived));
  require(minRate > 0, "Minimum rate in PIDRateEstimator should be > 0");
}

function termBelowZero(name: string, value: number): string {
  // As a Double prints.
  const text = Number.isInteger(value) ? `${value}.0` : String(value);
  return `${name} term ${text} in PIDRateEstimator should be >= 0.`;
}

function require(holds: boolean, message: string): void {
  if (!holds) throw new PipelineError("GRAPH_INVALID", `requirement failed: ${message}`);
}
