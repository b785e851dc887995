/** The accumulators of an application: a value on the driver, and one of its own in each task that
 *  adds to it. What a task added reaches the driver when the task has succeeded.
 *  Like Spark: AccumulatorContext, and DAGScheduler.updateAccumulators. */

import { assert } from "../base/assert.ts";

/** How a value comes to be, types erased. */
export interface AccumulatorOptions {
  readonly name: string | null;
  readonly zero: () => unknown;
  readonly merge: (a: unknown, b: unknown) => unknown;
  /** As Spark's pages print it. */
  readonly text: (value: unknown) => string;
}

/** What a task added, and what it makes on the driver, of an accumulator that has a name. */
export interface AccumulatorChange {
  readonly name: string;
  readonly update: string;
  readonly value: string;
}

/** What one task added, by accumulator. */
export type AccumulatorUpdates = ReadonlyMap<number, unknown>;

export class Accumulators {
  readonly #options: AccumulatorOptions[] = [];
  readonly #values: unknown[] = [];
  #ofTask: Map<number, unknown> | null = null;

  /** Gives its number. */
  register(options: AccumulatorOptions): number {
    this.#options.push(options);
    this.#values.push(options.zero());
    return this.#options.length - 1;
  }

  /** The task's own value while a task computes, else the driver's. */
  value(id: number): unknown {
    if (this.#ofTask === null) return this.#values[id];
    return this.#ofTask.has(id) ? this.#ofTask.get(id) : this.#options[id]?.zero();
  }

  change(id: number, value: unknown): void {
    if (this.#ofTask === null) this.#values[id] = value;
    else this.#ofTask.set(id, value);
  }

  /** Runs a task: what it adds is its own. */
  within<R>(run: () => R): { readonly result: R; readonly updates: AccumulatorUpdates } {
    assert(this.#ofTask === null, "one task computes at a time");
    const updates = new Map<number, unknown>();
    this.#ofTask = updates;
    try {
      return { result: run(), updates };
    } finally {
      this.#ofTask = null;
    }
  }

  /** Shape: what changed, by name. */
  apply(updates: AccumulatorUpdates): readonly AccumulatorChange[] {
    const changes: AccumulatorChange[] = [];
    for (const [id, update] of updates) {
      const options = this.#options[id];
      assert(options !== undefined, "an accumulator must be known", { id });
      const { name, merge, text } = options;
      // The text comes first: merging may use up what it is given.
      const updateText = text(update);
      this.#values[id] = merge(this.#values[id], update);
      if (name === null) continue;
      changes.push({ name, update: updateText, value: text(this.#values[id]) });
    }
    return changes;
  }
}
