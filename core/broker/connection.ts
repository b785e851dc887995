/** A connection of a client to a broker. What is under way on it ends with it, all at once.
 *  Like Kafka: NetworkClient.processDisconnection, cancelInFlightRequests. */

import type { Disconnection } from "./broker.ts";

export class Connection {
  /** What tells each request that is under way that there will be no reply, oldest first. */
  readonly #inFlight = new Set<(how: Disconnection) => void>();
  /** A request has got to the broker. */
  isEstablished = false;
  /** A reply got lost, and nothing behind it gets through either: TCP keeps the order. */
  isSilent = false;
  isClosed = false;

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
}
