/** How the stores are that tasks write to, in a world where they can fail. */

import type { Stage } from "./stage.ts";

/** Actions whose functions write somewhere. */
const WRITING = ["foreachPartition", "foreach"];

/** As a JVM prints what a client of a store throws. */
const ERROR = "java.io.IOException: the sink is not available";

/** Shared by the drivers of a world, one after the other. */
export class SinkCondition {
  #fails: "before" | "after" | null = null;

  /** From now on writes fail before anything is written, or after all is; null for neither. */
  change(fails: "before" | "after" | null): void {
    this.#fails = fails;
  }

  /** What a task fails with at that point of its work; null when it goes on. */
  errorOf(stage: Stage, point: "before" | "after"): string | null {
    const writes = stage.dependency === null && WRITING.includes(stage.job.action);
    return writes && this.#fails === point ? ERROR : null;
  }
}
