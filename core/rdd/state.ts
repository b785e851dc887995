/** The state of one key while the person's function looks at it.
 *  Like Spark: org.apache.spark.streaming.State, StateImpl. */

import { PipelineError } from "../base/errors.ts";
import { None, type Option, Some } from "../record/option.ts";

export class State<S> {
  #state: { readonly value: S } | null;
  readonly #isTimingOut: boolean;
  #isUpdated = false;
  #isRemoved = false;

  constructor(state: { readonly value: S } | null, isTimingOut = false) {
    this.#state = state;
    this.#isTimingOut = isTimingOut;
  }

  exists(): boolean {
    return this.#state !== null;
  }

  /** Throws: PipelineError OUT_OF_RANGE where there is no state. */
  get(): S {
    if (this.#state !== null) return this.#state.value;
    throw new PipelineError("OUT_OF_RANGE", "java.util.NoSuchElementException: State is not set");
  }

  getOption(): Option<S> {
    return this.#state === null ? None : Some(this.#state.value);
  }

  /** Throws: PipelineError CONTEXT_STATE for a state removed or timing out. */
  update(newState: S): void {
    if (this.#isRemoved) throw refused("Cannot update the state after it has been removed");
    if (this.#isTimingOut) throw refused("Cannot update the state that is timing out");
    this.#state = { value: newState };
    this.#isUpdated = true;
  }

  /** Throws: PipelineError CONTEXT_STATE for a state removed or timing out. */
  remove(): void {
    if (this.#isTimingOut) throw refused("Cannot remove the state that is timing out");
    if (this.#isRemoved) throw refused("Cannot remove the state that has already been removed");
    this.#state = null;
    this.#isUpdated = false;
    this.#isRemoved = true;
  }

  /** The key had no record for the time-out: this is its last call. */
  isTimingOut(): boolean {
    return this.#isTimingOut;
  }

  isUpdated(): boolean {
    return this.#isUpdated;
  }

  isRemoved(): boolean {
    return this.#isRemoved;
  }

  toString(): string {
    return this.#state === null ? "<state not set>" : String(this.#state.value);
  }
}

function refused(why: string): PipelineError {
  return new PipelineError(
    "CONTEXT_STATE",
    `java.lang.IllegalArgumentException: requirement failed: ${why}`,
  );
}
