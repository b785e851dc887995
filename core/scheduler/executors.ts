/** The executors of an application: cores that tasks occupy, alive or lost. */

import { assert, get } from "../base/assert.ts";
import { compareNumbers } from "../base/order.ts";

interface Executor {
  readonly id: number;
  readonly cores: number;
  speedPercent: number;
  busy: number;
  fault: ExecutorFault | null;
}

/** Why tasks of an executor fail whatever they compute. */
export interface ExecutorFault {
  /** The exception, as the JVM prints it. */
  readonly error: string;
  /** Only tasks that write to its disk. */
  readonly onlyWrites: boolean;
  /** How many more. */
  left: number;
}

export class Executors {
  readonly #alive = new Map<number, Executor>();

  add(executor: { id: number; cores: number; speedPercent: number }): void {
    assert(!this.#alive.has(executor.id), "an executor must be new", { id: executor.id });
    this.#alive.set(executor.id, { ...executor, busy: 0, fault: null });
  }

  /** False when it was not there. */
  remove(id: number): boolean {
    return this.#alive.delete(id);
  }

  isAlive(id: number): boolean {
    return this.#alive.has(id);
  }

  /** Ascending. */
  get ids(): readonly number[] {
    return [...this.#alive.keys()].sort(compareNumbers);
  }

  speedPercent(id: number): number {
    return get(this.#alive, id, "the executor").speedPercent;
  }

  /** For tasks that start from now on; false when it is not there. */
  changeSpeed(id: number, speedPercent: number): boolean {
    const executor = this.#alive.get(id);
    if (executor === undefined) return false;
    executor.speedPercent = speedPercent;
    return true;
  }

  /** Null ends it. */
  setFault(id: number, fault: ExecutorFault | null): void {
    const executor = this.#alive.get(id);
    if (executor !== undefined) executor.fault = fault;
  }

  /** The exception that a task ends with; null when nothing is wrong with its executor. */
  faultOf(id: number, writes: boolean): string | null {
    const fault = this.#alive.get(id)?.fault ?? null;
    if (fault === null || fault.left === 0 || (fault.onlyWrites && !writes)) return null;
    fault.left -= 1;
    return fault.error;
  }

  /** The preferred executor if it has a free core, else the one with most, the lowest id first;
   *  null when every core is busy. */
  choose(preferred: number | null, excluded: readonly number[] = []): number | null {
    if (preferred !== null) {
      const wanted = this.#alive.get(preferred);
      if (wanted !== undefined && wanted.busy < wanted.cores) return preferred;
    }
    let chosen: number | null = null;
    let mostFree = 0;
    for (const id of this.ids) {
      if (excluded.includes(id)) continue;
      const executor = get(this.#alive, id, "the executor");
      const free = executor.cores - executor.busy;
      if (free > mostFree) {
        chosen = id;
        mostFree = free;
      }
    }
    return chosen;
  }

  occupy(id: number): void {
    const executor = get(this.#alive, id, "the executor");
    executor.busy += 1;
    assert(executor.busy <= executor.cores, "a core must be free", { id });
  }

  /** Frees a core, if the executor still is. */
  release(id: number): void {
    const executor = this.#alive.get(id);
    if (executor === undefined) return;
    executor.busy -= 1;
    assert(executor.busy >= 0, "a core must have been busy", { id });
  }
}
