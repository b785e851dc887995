/** Hears of completed batches and keeps the rate a direct stream should take records in at.
 *  Like Spark: RateController and DirectKafkaInputDStream.DirectKafkaRateController. */

import type { RateCheckpoint } from "../checkpoint/checkpoint.ts";
import { type BatchRate, PidRateEstimator } from "./pid-rate-estimator.ts";
import type { BackpressureSettings } from "./settings.ts";

/** What a batch taught: the rate of its records, and the rate to take them in at from now on. */
export interface RateEstimate {
  /** Whole records a second. */
  readonly rate: number;
  /** Records a second that the batch was processed at, rounded down. */
  readonly processingRate: number;
}

export class RateController {
  readonly #estimator: PidRateEstimator;
  #latestRate = -1;

  constructor(options: {
    readonly settings: BackpressureSettings;
    readonly batchIntervalMs: number;
    /** Of the driver before; its rate is not known to the new one, as in Spark. */
    readonly state: RateCheckpoint | null;
  }) {
    const { proportional, integral, derived, minRate } = options.settings;
    const { batchIntervalMs, state } = options;
    this.#estimator = new PidRateEstimator(
      { batchIntervalMs, proportional, integral, derived, minRate },
      state,
    );
  }

  /** Whole records a second; -1 before the first estimate. */
  get latestRate(): number {
    return this.#latestRate;
  }

  get state(): RateCheckpoint {
    return this.#estimator.state;
  }

  /** Null when the batch taught nothing. */
  batchCompleted(batch: BatchRate): RateEstimate | null {
    const rate = this.#estimator.compute(batch);
    if (rate === null) return null;
    this.#latestRate = Math.trunc(rate);
    const processingRate = Math.trunc((batch.records / batch.processingDelayMs) * 1000);
    return { rate: this.#latestRate, processingRate };
  }
}
