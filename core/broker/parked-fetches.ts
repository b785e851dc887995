/** Fetches of clients that found nothing new: a leader keeps them until there is something, or
 *  their time is up. Like Kafka: DelayedFetch (`fetch.min.bytes` 1). */

import type { Runtime } from "../sim/runtime.ts";
import type { BrokerError } from "./broker-error.ts";

export interface ParkedFetch {
  /** Answers if there is something by now; else false. */
  readonly look: () => boolean;
  /** Answers with what there is. */
  readonly giveUp: () => void;
  readonly refuse: (error: BrokerError) => void;
}

export class ParkedFetches {
  readonly #runtime: Runtime;
  /** In the order they came. */
  readonly #parked = new Set<ParkedFetch>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  park(fetch: ParkedFetch, maxWaitMs: number): void {
    this.#parked.add(fetch);
    this.#runtime.schedule(maxWaitMs, () => {
      if (this.#parked.delete(fetch)) fetch.giveUp();
    });
  }

  /** More can be read than before. */
  look(): void {
    for (const fetch of this.#parked) if (fetch.look()) this.#parked.delete(fetch);
  }

  /** The leader is none any more; nobody is told when its process ended. */
  end(error: BrokerError | null): void {
    const parked = [...this.#parked];
    this.#parked.clear();
    if (error !== null) for (const fetch of parked) fetch.refuse(error);
  }
}
