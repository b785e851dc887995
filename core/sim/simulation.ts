/** Virtual time: a runtime whose clock moves only when the next action runs. */

import { assert } from "../base/assert.ts";
import { type RandomStream, randomStream } from "../base/random.ts";
import type { TraceFact } from "../trace/event.ts";
import type { Trace } from "../trace/trace.ts";
import { EventQueue } from "./event-queue.ts";
import type { Runtime } from "./runtime.ts";

export class Simulation implements Runtime {
  readonly canWait = true;
  readonly #trace: Trace;
  readonly #seed: number;
  readonly #queue = new EventQueue();
  readonly #streams = new Map<string, RandomStream>();
  readonly #interrupts: (() => void)[] = [];
  #nowMs = 0;
  #actions = 0;
  #cause: number | null = null;

  constructor(options: { readonly seed: number; readonly trace: Trace }) {
    this.#seed = options.seed;
    this.#trace = options.trace;
  }

  now(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, action: () => void): void {
    assert(delayMs >= 0, "an action must be scheduled now or later", { delayMs });
    const cause = this.#cause;
    this.#queue.push(this.#nowMs + delayMs, () => {
      this.#cause = cause;
      action();
    });
  }

  random(name: string): RandomStream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = randomStream(this.#seed, name);
      this.#streams.set(name, stream);
    }
    return stream;
  }

  emit(fact: TraceFact): number {
    const seq = this.#trace.append(fact, this.#nowMs, this.#cause);
    this.#cause = seq;
    return seq;
  }

  /** The time of the next action; null when nothing is left to happen. */
  get nextAtMs(): number | null {
    return this.#queue.nextAtMs;
  }

  /** Runs an action next, before all that is queued: how a fault strikes right after an event. */
  interrupt(action: () => void): void {
    const cause = this.#cause;
    this.#interrupts.push(() => {
      this.#cause = cause;
      action();
    });
  }

  /** Actions begun so far. Faults strike between two of them. */
  get actions(): number {
    return this.#actions;
  }

  /** Something waits to come before all that is queued. */
  get isInterrupted(): boolean {
    return this.#interrupts.length > 0;
  }

  /** Runs the next action; false when there is none. */
  step(): boolean {
    this.#actions += 1;
    const interrupt = this.#interrupts.shift();
    if (interrupt !== undefined) {
      interrupt();
      return true;
    }
    const next = this.#queue.pop();
    if (next === null) return false;
    assert(next.atMs >= this.#nowMs, "virtual time must not run backwards", {
      nowMs: this.#nowMs,
      nextMs: next.atMs,
    });
    this.#nowMs = next.atMs;
    next.action();
    return true;
  }

  runUntil(condition: () => boolean): void {
    const cause = this.#cause;
    while (!condition()) {
      assert(this.step(), "something must be left that can end the wait", { nowMs: this.#nowMs });
    }
    this.#cause = cause;
  }
}
