/** One line on standard error that says how far a long run has come; only for a person to see. */

import { writeSync } from "node:fs";
import type { TraceEvent } from "../../trace/event.ts";

const quietMs = 2_000;
const everyMs = 200;

export class Progress {
  readonly #isOn: boolean;
  readonly #startMs = Date.now();
  #shownMs = 0;
  #batches = 0;
  #records = 0;
  #isShown = false;

  /** Shown only where standard error is a terminal and standard output is not beside it. */
  constructor() {
    this.#isOn = process.stderr.isTTY === true && process.stdout.isTTY !== true;
  }

  take(event: TraceEvent): void {
    if (!this.#isOn || event.kind !== "batch.completed") return;
    this.#batches += 1;
    this.#records += event.records;
    const nowMs = Date.now();
    if (nowMs - this.#startMs < quietMs || nowMs - this.#shownMs < everyMs) return;
    this.#shownMs = nowMs;
    this.#isShown = true;
    const counts = `${this.#batches} batches, ${this.#records} records`;
    writeSync(2, `\r\x1b[K${counts}, batch time ${event.batchTimeMs} ms`);
  }

  end(): void {
    if (this.#isShown) writeSync(2, "\r\x1b[K");
    this.#isShown = false;
  }
}
