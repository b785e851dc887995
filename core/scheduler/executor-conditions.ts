/** What is wrong with the executors of a world: a slow machine, a full disk. It outlives the
 *  process there, and the driver. */

import { ConditionsBy, type Release } from "../base/conditions.ts";

/** Why tasks of an executor fail whatever they compute. */
export interface ExecutorFault {
  /** The exception, as the JVM prints it. */
  readonly error: string;
  /** Only tasks that write to its disk. */
  readonly onlyWrites: boolean;
  /** How many. */
  readonly times: number;
}

/** Shared by the drivers of a world, one after the other. */
export class ExecutorConditions {
  readonly #speeds = new ConditionsBy<number, number>();
  readonly #faults = new ConditionsBy<number, ExecutorFault & { left: number }>();

  /** It works at that speed at most, until the function that it gives is called. */
  slow(executor: number, speedPercent: number): Release {
    return this.#speeds.hold(executor, speedPercent);
  }

  /** Its tasks fail, until the function that it gives is called. */
  fail(executor: number, fault: ExecutorFault): Release {
    return this.#faults.hold(executor, { ...fault, left: fault.times });
  }

  /** The slowest of those in force, or its own. */
  speedPercent(executor: number, ownPercent: number): number {
    const inForce = this.#speeds.inForce(executor);
    return inForce.length === 0 ? ownPercent : Math.min(...inForce);
  }

  /** The exception that a task ends with; null when nothing is wrong with its executor. */
  takeFault(executor: number, writes: boolean): string | null {
    const inForce = this.#faults.inForce(executor);
    const fault = inForce.find(({ left, onlyWrites }) => left > 0 && (writes || !onlyWrites));
    if (fault === undefined) return null;
    fault.left -= 1;
    return fault.error;
  }
}
