/** The executors of an application: cores that tasks occupy, alive or lost. */

import { assert, get } from "../base/assert.ts";
import { compareNumbers } from "../base/order.ts";
import { ExecutorConditions } from "./executor-conditions.ts";

interface Executor {
  readonly id: number;
  readonly cores: number;
  /** While nothing slows it. */
  readonly speedPercent: number;
  busy: number;
}

export class Executors {
  readonly #alive = new Map<number, Executor>();
  readonly #conditions: ExecutorConditions;

  constructor(conditions: ExecutorConditions = new ExecutorConditions()) {
    this.#conditions = conditions;
  }

  add(executor: { id: number; cores: number; speedPercent: number }): void {
    assert(!this.#alive.has(executor.id), "an executor must be new", { id: executor.id });
    this.#alive.set(executor.id, { ...executor, busy: 0 });
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

  /** Of tasks that start now. */
  speedPercent(id: number): number {
    const { speedPercent } = get(this.#alive, id, "the executor");
    return this.#conditions.speedPercent(id, speedPercent);
  }

  /** The exception that a task ends with; null when nothing is wrong with its executor. */
  faultOf(id: number, writes: boolean): string | null {
    return this.#alive.has(id) ? this.#conditions.takeFault(id, writes) : null;
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
