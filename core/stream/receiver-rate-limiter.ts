/** Spaces records evenly in time, and lets up to a second's worth that was not used pass at once.
 *  Like Spark: RateLimiter (S/receiver), which is Guava 14's RateLimiter.create(rate); the sums are
 *  Guava's, in whole microseconds where Guava has them. */

/** Unused permits are kept for so many seconds. */
const BURST_SECONDS = 1;

export class ReceiverRateLimiter {
  readonly #maxRate: number | null;
  #rate: number;
  #intervalUs: number;
  #maxPermits: number;
  #storedPermits = 0;
  #nextFreeUs: number;

  /** `maxRate` is `spark.streaming.receiver.maxRate`, null for none; `initialRate` is
   *  `spark.streaming.backpressure.initialRate`. */
  constructor(options: {
    readonly maxRate: number | null;
    readonly initialRate: number;
    readonly nowUs: number;
  }) {
    const { maxRate, initialRate, nowUs } = options;
    this.#maxRate = maxRate;
    this.#rate = Math.min(initialRate, maxRate ?? initialRate);
    this.#intervalUs = 1_000_000 / this.#rate;
    this.#maxPermits = BURST_SECONDS * this.#rate;
    this.#nextFreeUs = nowUs;
  }

  /** Records a second. */
  get rate(): number {
    return this.#rate;
  }

  /** A rate of the back pressure's; never above the maximum, and ignored unless above 0. */
  updateRate(newRate: number, nowUs: number): void {
    if (newRate <= 0) return;
    const maxRate = this.#maxRate;
    this.#resync(nowUs);
    this.#rate = maxRate === null || maxRate <= 0 ? newRate : Math.min(newRate, maxRate);
    this.#intervalUs = 1_000_000 / this.#rate;
    const oldMaxPermits = this.#maxPermits;
    this.#maxPermits = BURST_SECONDS * this.#rate;
    this.#storedPermits = (this.#storedPermits * this.#maxPermits) / oldMaxPermits;
  }

  /** Takes one permit; gives the microseconds to wait before it may be used. */
  acquire(nowUs: number): number {
    this.#resync(nowUs);
    const waitUs = Math.max(0, this.#nextFreeUs - nowUs);
    const stored = Math.min(1, this.#storedPermits);
    this.#nextFreeUs += Math.trunc((1 - stored) * this.#intervalUs);
    this.#storedPermits -= stored;
    return waitUs;
  }

  #resync(nowUs: number): void {
    if (nowUs <= this.#nextFreeUs) return;
    const permits = (nowUs - this.#nextFreeUs) / this.#intervalUs;
    this.#storedPermits = Math.min(this.#maxPermits, this.#storedPermits + permits);
    this.#nextFreeUs = nowUs;
  }
}
