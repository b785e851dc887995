/** Requests with acks -1 that wait until the high watermark has passed what they wrote.
 *  Like Kafka: DelayedOperationPurgatory of DelayedProduce. */

import type { Runtime } from "../sim/runtime.ts";
import type { BrokerError } from "./broker-error.ts";

interface Waiting {
  readonly endOffset: number;
  readonly deadlineMs: number;
  readonly reply: (error: BrokerError | null) => void;
}

export class PendingAcks {
  readonly #runtime: Runtime;
  /** In the order of their offsets. */
  #waiting: Waiting[] = [];
  #isTimerSet = false;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  wait(endOffset: number, timeoutMs: number, reply: Waiting["reply"]): void {
    this.#waiting.push({ endOffset, deadlineMs: this.#runtime.now() + timeoutMs, reply });
    this.#setTimer();
  }

  /** One timer, for the earliest; it looks again where that one is through. */
  #setTimer(): void {
    if (this.#isTimerSet || this.#waiting.length === 0) return;
    this.#isTimerSet = true;
    const nowMs = this.#runtime.now();
    const deadlineMs = Math.min(...this.#waiting.map((one) => one.deadlineMs));
    this.#runtime.schedule(Math.max(0, deadlineMs - nowMs), () => {
      this.#isTimerSet = false;
      const dueMs = this.#runtime.now();
      const late = this.#waiting.filter((one) => one.deadlineMs <= dueMs);
      this.#waiting = this.#waiting.filter((one) => one.deadlineMs > dueMs);
      for (const { reply } of late) reply("REQUEST_TIMED_OUT");
      this.#setTimer();
    });
  }

  /** The high watermark is here now. */
  passed(highWatermark: number, error: BrokerError | null): void {
    let count = 0;
    for (const { endOffset } of this.#waiting) {
      if (endOffset > highWatermark) break;
      count += 1;
    }
    if (count === 0) return;
    for (const { reply } of this.#waiting.splice(0, count)) reply(error);
  }

  /** Nobody leads here any more. No reply, when null. */
  end(error: BrokerError | null): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (error === null) return;
    for (const { reply } of waiting) reply(error);
  }
}
