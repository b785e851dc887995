/** How the stores are that tasks write to, in a world where they can fail. */

import { Conditions, type Release } from "../base/conditions.ts";
import type { Stage } from "./stage.ts";

/** Actions whose functions write somewhere. */
const WRITING = ["foreachPartition", "foreach"];

/** As a JVM prints what a client of a store throws. */
export const SINK_ERROR = "java.io.IOException: the sink is not available";

/** Shared by the drivers of a world, one after the other. */
export class SinkCondition {
  readonly #fails = new Conditions<"before" | "after">();

  /** Writes fail before anything is written, or after all is, until the function that it gives is
   *  called. */
  fail(when: "before" | "after"): Release {
    return this.#fails.hold(when);
  }

  /** What a task fails with at that point of its work; null when it goes on. */
  errorOf(stage: Stage, point: "before" | "after"): string | null {
    const writes = stage.dependency === null && WRITING.includes(stage.job.action);
    return writes && this.#fails.inForce.includes(point) ? SINK_ERROR : null;
  }
}
