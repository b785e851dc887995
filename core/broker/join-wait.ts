/** How long a group waits for its members to join. Like Kafka: DelayedJoin, InitialDelayedJoin. */

import type { Runtime } from "../sim/runtime.ts";
import type { Group } from "./group.ts";

export class JoinWait {
  readonly #runtime: Runtime;
  readonly #group: Group;
  /** `group.initial.rebalance.delay.ms`. */
  readonly #delayMs: number;
  readonly #isOver: () => void;
  /** Raised with each wait: what an older one waited for is over. */
  #count = 0;
  /** The first rebalance of a group ends by its time only, not as soon as all have joined. */
  isInitial = false;

  constructor(runtime: Runtime, group: Group, delayMs: number, isOver: () => void) {
    this.#runtime = runtime;
    this.#group = group;
    this.#delayMs = delayMs;
    this.#isOver = isOver;
  }

  /** A group that was empty waits a little for more members, longer while they come. */
  startInitial(): void {
    const remainingMs = Math.max(0, this.#group.rebalanceTimeoutMs - this.#delayMs);
    this.#waitInitially(this.#delayMs, remainingMs);
  }

  #waitInitially(delayMs: number, remainingMs: number): void {
    this.isInitial = true;
    this.#after(delayMs, () => {
      if (this.#group.newMemberAdded && remainingMs !== 0) {
        this.#group.newMemberAdded = false;
        const nextMs = Math.min(this.#delayMs, remainingMs);
        this.#waitInitially(nextMs, Math.max(0, remainingMs - delayMs));
      } else {
        this.isInitial = false;
        this.#isOver();
      }
    });
  }

  /** As long as the most patient member allows. */
  start(): void {
    this.isInitial = false;
    this.#after(this.#group.rebalanceTimeoutMs, this.#isOver);
  }

  #after(delayMs: number, then: () => void): void {
    this.#count += 1;
    const own = this.#count;
    this.#runtime.schedule(delayMs, () => {
      if (this.#count === own && this.#group.state === "PreparingRebalance") then();
    });
  }
}
