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
  /** When the timer that counts is due. */
  #timerMs = Infinity;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  wait(endOffset: number, timeoutMs: number, reply: Waiting["reply"]): void {
    const deadlineMs = this.#runtime.now() + timeoutMs;
    this.#waiting.push({ endOffset, deadlineMs, reply });
    if (deadlineMs < this.#timerMs) this.#setTimer();
  }

  /** One timer, for the earliest; it looks again where that one is through. An earlier one that
   *  comes sets another. */
  #setTimer(): void {
    if (this.#waiting.length === 0) return;
    const deadlineMs = this.#waiting.reduce(
      (least, one) => Math.min(least, one.deadlineMs),
      Infinity,
    );
    if (deadlineMs >= this.#timerMs) return;
    this.#timerMs = deadlineMs;
    this.#runtime.schedule(Math.max(0, deadlineMs - this.#runtime.now()), () => {
      if (this.#timerMs !== deadlineMs) return;
      this.#timerMs = Infinity;
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
