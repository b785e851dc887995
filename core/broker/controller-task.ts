/** Something the controller looks at again and again while there is need: for the first time
 *  `everyMs` after the need arose, not at fixed times. Looks that would find nothing to do are
 *  counted and not scheduled, so that a quiet cluster stays quiet.
 *  Like Kafka: QuorumController.maybeScheduleNextBalancePartitionLeaders and
 *  maybeScheduleNextElectUncleanLeaders, which it calls after each change. */

import type { Runtime } from "../sim/runtime.ts";

export interface ControllerTaskOptions {
  readonly runtime: Runtime;
  readonly everyMs: number;
  /** Whether it goes on looking. */
  readonly isNeeded: () => boolean;
  /** Whether a look would change something. */
  readonly canAct: () => boolean;
  readonly act: () => void;
}

export class ControllerTask {
  readonly #options: ControllerTaskOptions;
  /** When it looks next; null while there is no need. */
  #dueMs: number | null = null;
  #scheduledMs: number | null = null;
  /** After the last change. */
  #isNeeded = false;
  #isActing = false;

  constructor(options: ControllerTaskOptions) {
    this.#options = options;
  }

  /** Something is different from before. */
  changed(): void {
    if (this.#isActing) return;
    const { runtime, everyMs, isNeeded, canAct } = this.#options;
    const nowMs = runtime.now();
    if (this.#dueMs !== null && this.#dueMs < nowMs) {
      const looks = Math.ceil((nowMs - this.#dueMs) / everyMs);
      this.#dueMs = this.#isNeeded ? this.#dueMs + looks * everyMs : null;
    }
    this.#isNeeded = isNeeded();
    if (this.#isNeeded) this.#dueMs ??= nowMs + everyMs;
    const dueMs = this.#dueMs;
    if (dueMs === null || dueMs === this.#scheduledMs || !canAct()) return;
    this.#scheduledMs = dueMs;
    runtime.schedule(dueMs - nowMs, () => this.#look(dueMs));
  }

  #look(dueMs: number): void {
    if (this.#scheduledMs === dueMs) this.#scheduledMs = null;
    if (this.#dueMs !== dueMs) return;
    this.#dueMs = null;
    this.#isActing = true;
    this.#options.act();
    this.#isActing = false;
    this.changed();
  }

  /** There is another controller, which counts anew. */
  restart(): void {
    this.#dueMs = null;
    this.changed();
  }
}
