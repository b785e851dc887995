/** Which of the three controllers is active. Without a majority none is; what was asked of it
 *  waits.
 *  Like Kafka: KafkaRaftClient, as far as its elections go. */

import { assert } from "../base/assert.ts";
import { Conditions, type Release } from "../base/conditions.ts";
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
  /** Why they have no majority. */
  readonly #split = new Conditions<null>();
  /** Those of them that are down. */
  readonly #down = new Conditions<null>();
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

  /** The active controller is gone; the others elect one, if they are enough. Until it is back, as
   *  one of the others, another failure would leave too few. */
  fail(): Release {
    this.#resign();
    const release = this.#down.hold(null);
    this.#electAfterTimeout();
    return () => this.#improve(release);
  }

  /** They have no majority. */
  loseMajority(): Release {
    this.#resign();
    const release = this.#split.hold(null);
    return () => this.#improve(release);
  }

  /** Less is wrong with them than before. */
  #improve(release: Release): void {
    release();
    if (this.#active !== null || !this.#canElect) return;
    this.#electLater(this.#settings.controllerElectionTimeoutMs);
  }

  get #canElect(): boolean {
    return this.#split.isEmpty && this.#down.inForce.length <= CONTROLLERS.length >> 1;
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
      if (this.#active === null && this.#epoch === epoch && this.#canElect) this.#become();
    });
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
