/** Which of the three controllers is active. Without a majority none is; what was asked of it
 *  waits.
 *  Like Kafka: KafkaRaftClient, as far as its elections go. */

import { assert } from "../base/assert.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { ClusterSettings } from "./cluster-settings.ts";

/** Their numbers. */
const CONTROLLERS = [3000, 3001, 3002] as const;

export class ControllerQuorum {
  readonly #runtime: Runtime;
  readonly #settings: ClusterSettings;
  /** A new one is active; what had waited is done. */
  readonly #elected: () => void;
  #active: number | null = CONTROLLERS[0];
  #epoch = 1;
  #isThere = true;
  /** How many of them are down. */
  #down = 0;
  #waiting: (() => void)[] = [];

  constructor(runtime: Runtime, settings: ClusterSettings, elected: () => void) {
    this.#runtime = runtime;
    this.#settings = settings;
    this.#elected = elected;
  }

  /** Null while there is none. */
  get active(): number | null {
    return this.#active;
  }

  /** Runs an action of the active controller: now, or when there is one again. */
  perform(action: () => void): void {
    if (this.#active === null) this.#waiting.push(action);
    else action();
  }

  /** The active controller is gone; the others elect one, if they are enough. It is back, as one of
   *  the others, after `downMs`: until then another failure would leave too few. */
  fail(downMs: number): void {
    this.#resign();
    this.#down += 1;
    this.#runtime.schedule(downMs, () => {
      this.#down -= 1;
      if (this.#active === null) this.#electLater(this.#settings.controllerElectionTimeoutMs);
    });
    this.#electAfterTimeout();
  }

  #resign(): void {
    if (this.#active === null) return;
    this.#active = null;
    this.#runtime.emit({ kind: "controller.changed", controller: null, epoch: this.#epoch });
  }

  #electAfterTimeout(): void {
    const { controllerElectionTimeoutMs, controllerFetchTimeoutMs } = this.#settings;
    const drawnMs = this.#runtime.random("controller").below(controllerElectionTimeoutMs + 1);
    this.#electLater(controllerFetchTimeoutMs + drawnMs);
  }

  #electLater(delayMs: number): void {
    const epoch = this.#epoch;
    this.#runtime.schedule(delayMs, () => {
      const canElect = this.#isThere && this.#down <= CONTROLLERS.length >> 1;
      if (this.#active === null && this.#epoch === epoch && canElect) this.#become();
    });
  }

  /** They have no majority, or have it again. */
  setMajority(isThere: boolean): void {
    this.#isThere = isThere;
    if (!isThere) this.#resign();
    else if (this.#active === null) this.#electLater(this.#settings.controllerElectionTimeoutMs);
  }

  #become(): void {
    assert(this.#active === null, "there is one controller at a time");
    this.#epoch += 1;
    this.#active = CONTROLLERS[(this.#epoch - 1) % CONTROLLERS.length] ?? CONTROLLERS[0];
    const controller = this.#active;
    this.#runtime.emit({ kind: "controller.changed", controller, epoch: this.#epoch });
    for (const action of this.#waiting.splice(0)) action();
    this.#elected();
  }
}
