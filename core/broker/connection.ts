/** A connection of a client to a broker. What is under way on it ends with it, all at once.
 *  Like Kafka: NetworkClient.processDisconnection, cancelInFlightRequests. */

import type { Runtime } from "../sim/runtime.ts";
import type { Disconnection } from "./broker.ts";

export class Connection {
  /** What tells each request that is under way that there will be no reply, oldest first. */
  readonly #inFlight = new Set<(how: Disconnection) => void>();
  /** A request has got to the broker. */
  isEstablished = false;
  /** A reply got lost, and nothing behind it gets through either: TCP keeps the order. */
  isSilent = false;
  isClosed = false;
  /** Nothing gets to the broker before. */
  clearAtMs = 0;
  #throttledUntilMs = 0;
  readonly #waiting: (() => void)[] = [];

  /** A request is under way. Shape: its reply has come. */
  sent(lost: (how: Disconnection) => void): () => void {
    // Of its own, for the set to know it by.
    const one = (how: Disconnection): void => lost(how);
    this.#inFlight.add(one);
    return () => this.#inFlight.delete(one);
  }

  close(how: Disconnection): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const inFlight = [...this.#inFlight];
    this.#inFlight.clear();
    for (const lost of inFlight) lost(how);
  }

  // throttle_time_ms: the client sends nothing before that is over

  throttle(untilMs: number): void {
    this.#throttledUntilMs = Math.max(this.#throttledUntilMs, untilMs);
  }

  isThrottled(nowMs: number): boolean {
    return this.#throttledUntilMs > nowMs || this.#waiting.length > 0;
  }

  /** What is to be sent then, in order. */
  sendLater(runtime: Runtime, send: () => void): void {
    this.#waiting.push(send);
    if (this.#waiting.length === 1) this.#wait(runtime);
  }

  #wait(runtime: Runtime): void {
    const leftMs = this.isClosed ? 0 : this.#throttledUntilMs - runtime.now();
    runtime.schedule(Math.max(0, leftMs), () => {
      if (!this.isClosed && this.#throttledUntilMs > runtime.now()) this.#wait(runtime);
      else for (const send of this.#waiting.splice(0)) send();
    });
  }
}
