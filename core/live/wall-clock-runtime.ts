/** Real time: a runtime whose actions run when the clock reaches them, in the same order as in the
 *  simulation, and into which replies from outside are delivered as events.
 *
 *  Time stands still inside an action: `now()` is read once as it begins. So what an action decides
 *  follows from the events that came in, and a recording of those is enough to replay it. */

import { assert } from "../base/assert.ts";
import { LiveError } from "../base/errors.ts";
import { type RandomStream, randomStream } from "../base/random.ts";
import { EventQueue } from "../sim/event-queue.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { TraceFact } from "../trace/event.ts";
import type { Trace } from "../trace/trace.ts";

/** The clock and the timer of the host, given so that tests can give their own. */
export interface WallClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls back once, later, and never inside this call; gives what cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

export interface WallClockOptions {
  readonly trace: Trace;
  /** For the random streams alone: a live run is not determined by it. */
  readonly seed: number;
  /** Told what an action threw; the runtime goes on unless it is stopped there. */
  readonly onError: (thrown: unknown) => void;
  readonly clock?: WallClock;
}

/** Longest wait of one timer; Node takes no more than 2^31 - 1. */
const timerMsMax = 2_000_000_000;
/** Due actions are run this long before the host gets a turn. */
const turnMs = 10;

export class WallClockRuntime implements Runtime {
  /** Replies of a real broker need a turn of the host's loop. */
  readonly canWait = false;
  readonly #options: WallClockOptions;
  readonly #clock: WallClock;
  readonly #queue = new EventQueue();
  readonly #streams = new Map<string, RandomStream>();
  #nowMs: number;
  #depth = 0;
  #cause: number | null = null;
  #timer: { readonly atMs: number; readonly cancel: () => void } | null = null;
  #isStopped = false;

  constructor(options: WallClockOptions) {
    this.#options = options;
    this.#clock = options.clock ?? hostClock;
    this.#nowMs = Math.floor(this.#clock.now());
  }

  now(): number {
    if (this.#depth === 0) this.#readClock();
    return this.#nowMs;
  }

  schedule(delayMs: number, action: () => void): void {
    assert(delayMs >= 0, "an action must be scheduled now or later", { delayMs });
    this.#push(this.now() + Math.ceil(delayMs), this.#cause, action);
  }

  /** Makes something that came from outside the next event: now, and caused by nothing in here. */
  deliver(action: () => void): void {
    this.#push(this.#arrivalMs(), null, action);
  }

  /** For the answer to what is asked now: the same, caused by the last fact up to here. */
  replyTo(): (action: () => void) => void {
    const cause = this.#cause;
    return (action) => this.#push(this.#arrivalMs(), cause, action);
  }

  random(name: string): RandomStream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = randomStream(this.#options.seed, name);
      this.#streams.set(name, stream);
    }
    return stream;
  }

  emit(fact: TraceFact): number {
    const seq = this.#options.trace.append(fact, this.now(), this.#cause);
    this.#cause = seq;
    return seq;
  }

  /** Unlike the simulation, it runs only what is due and never waits for what is outside.
   *  Throws: LiveError CONTEXT_STATE where it would have to. */
  runUntil(condition: () => boolean): void {
    const cause = this.#cause;
    while (!this.#isStopped && !condition()) {
      if (this.#runDue()) continue;
      throw new LiveError(
        "CONTEXT_STATE",
        "an action of an RDD called inside a function needs an answer from outside, for which a " +
          "live run cannot wait there; call it on the RDD that foreachRDD gives, or use an " +
          "output operation of the stream",
      );
    }
    this.#cause = cause;
  }

  /** Nothing runs after this, the actions that are due included. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #push(atMs: number, cause: number | null, action: () => void): void {
    if (this.#isStopped) return;
    this.#queue.push(atMs, () => {
      this.#cause = cause;
      action();
    });
    if (this.#depth === 0) this.#setTimer();
  }

  /** Runs the earliest action if its time has come. */
  #runDue(): boolean {
    this.#readClock();
    const nextAtMs = this.#queue.nextAtMs;
    if (nextAtMs === null || nextAtMs > this.#nowMs) return false;
    const next = this.#queue.pop();
    assert(next !== null, "a queue with a next time must have an action", { nextAtMs });
    this.#depth += 1;
    try {
      next.action();
    } catch (thrown) {
      // An action inside another must end the one that waits for it.
      if (this.#depth > 1) throw thrown;
      this.#options.onError(thrown);
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#cause = null;
    }
    return true;
  }

  #turn(): void {
    this.#timer = null;
    const endMs = this.#clock.now() + turnMs;
    while (!this.#isStopped && this.#runDue()) {
      if (this.#clock.now() >= endMs) break;
    }
    this.#setTimer();
  }

  #setTimer(): void {
    const atMs = this.#queue.nextAtMs;
    if (this.#isStopped || atMs === null) return;
    if (this.#timer !== null) {
      if (this.#timer.atMs <= atMs) return;
      this.#timer.cancel();
    }
    const delayMs = Math.min(Math.max(0, atMs - this.#clock.now()), timerMsMax);
    this.#timer = { atMs, cancel: this.#clock.after(delayMs, () => this.#turn()) };
  }

  /** Inside an action time stands still, but what comes in comes at the clock's own time. */
  #arrivalMs(): number {
    return Math.max(this.#nowMs, Math.floor(this.#clock.now()));
  }

  /** A clock that was set back does not take the run with it. */
  #readClock(): void {
    this.#nowMs = Math.max(this.#nowMs, Math.floor(this.#clock.now()));
  }
}

/** Date.now with Node's timers. A delay of nothing is a turn of the loop, not a millisecond. */
export const hostClock: WallClock = {
  now: () => Date.now(),
  after: (delayMs, action) => {
    if (delayMs <= 0) {
      const immediate = setImmediate(action);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
