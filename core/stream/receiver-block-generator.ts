/** Cuts the records a receiver stores one by one into blocks: at each multiple of the block
 *  interval what came since the one before, if anything did. Blocks are pushed one after the other.
 *
 *      records   a b  c       d           (blockInterval 200 ms)
 *      time      ├────┼────┼────┼────┤
 *      block     input-0-0 │  input-0-400      named by the start of their interval
 *
 *  Like Spark: BlockGenerator (S/receiver/BlockGenerator.scala). */

import { PipelineError } from "../base/errors.ts";
import type { ReceiverRateLimiter } from "./receiver-rate-limiter.ts";

export interface BlockGeneratorOptions {
  readonly streamId: number;
  /** `spark.streaming.blockInterval`. */
  readonly blockIntervalMs: number;
  /** `spark.streaming.blockQueueSize`: more blocks than that do not wait to be pushed; no block is
   *  cut meanwhile. */
  readonly queueSize: number;
  /** Null without a limit. */
  readonly limiter: ReceiverRateLimiter | null;
  readonly now: () => number;
  readonly schedule: (delayMs: number, action: () => void) => void;
  readonly push: (block: string, records: readonly unknown[], done: () => void) => void;
}

interface CutBlock {
  readonly block: string;
  readonly records: readonly unknown[];
}

/** As Spark's StreamBlockId prints. */
export function streamBlockName(streamId: number, uniqueId: number): string {
  return `input-${streamId}-${uniqueId}`;
}

export class BlockGenerator {
  readonly #options: BlockGeneratorOptions;
  #buffer: unknown[] = [];
  readonly #queue: CutBlock[] = [];
  #isPushing = false;
  #isTicking = false;
  #isStalled = false;
  #isActive = true;
  /** Records that wait for the rate limit, in the order they came. */
  #waiting = 0;
  #lastAddMs = 0;
  #drained: (() => void) | null = null;

  constructor(options: BlockGeneratorOptions) {
    this.#options = options;
  }

  /** Nothing is kept here that is not stored yet. */
  get isEmpty(): boolean {
    return (
      this.#waiting === 0 &&
      this.#buffer.length === 0 &&
      this.#queue.length === 0 &&
      !this.#isPushing
    );
  }

  /** Where a limit would make the caller wait, the record waits in its place, and those after it.
   *  Throws: PipelineError CONTEXT_STATE after `stop`. */
  add(record: unknown): void {
    if (!this.#isActive) {
      throw new PipelineError(
        "CONTEXT_STATE",
        "Cannot add data as BlockGenerator has not been started or has been stopped",
      );
    }
    const { limiter, now, schedule } = this.#options;
    const nowMs = now();
    const waitUs = limiter === null ? 0 : limiter.acquire(nowMs * 1000);
    const addMs = Math.max(nowMs + Math.ceil(waitUs / 1000), this.#lastAddMs);
    if (addMs <= nowMs && this.#waiting === 0) {
      this.#put(record);
      return;
    }
    this.#waiting += 1;
    this.#lastAddMs = addMs;
    schedule(addMs - nowMs, () => {
      this.#waiting -= 1;
      // A caller that still waits when the generator stops gets an exception: the record is gone.
      if (this.#isActive) this.#put(record);
      else this.#checkDrained();
    });
  }

  #put(record: unknown): void {
    this.#buffer.push(record);
    this.#tickLater();
  }

  #tickLater(): void {
    if (this.#isTicking || this.#isStalled) return;
    this.#isTicking = true;
    const { now, schedule, blockIntervalMs } = this.#options;
    const timeMs = (Math.floor(now() / blockIntervalMs) + 1) * blockIntervalMs;
    schedule(timeMs - now(), () => this.#tick(timeMs));
  }

  #tick(timeMs: number): void {
    const { streamId, blockIntervalMs, queueSize } = this.#options;
    this.#isTicking = false;
    const records = this.#buffer;
    this.#buffer = [];
    this.#queue.push({ block: streamBlockName(streamId, timeMs - blockIntervalMs), records });
    this.#isStalled = this.#queue.length > queueSize;
    this.#pushNext();
  }

  #pushNext(): void {
    if (this.#isPushing) return;
    const next = this.#queue.shift();
    if (next === undefined) {
      this.#checkDrained();
      return;
    }
    if (this.#isStalled && this.#queue.length <= this.#options.queueSize) {
      this.#isStalled = false;
      if (this.#buffer.length > 0) this.#tickLater();
    }
    this.#isPushing = true;
    this.#options.push(next.block, next.records, () => {
      this.#isPushing = false;
      this.#pushNext();
    });
  }

  /** Takes nothing more; calls back when the last block is pushed. */
  stop(drained: () => void): void {
    this.#isActive = false;
    this.#drained = drained;
    this.#checkDrained();
  }

  #checkDrained(): void {
    const drained = this.#drained;
    if (drained === null || !this.isEmpty) return;
    this.#drained = null;
    drained();
  }
}
