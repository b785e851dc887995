/** What tasks add up and the driver reads. Like Spark: org.apache.spark.util.AccumulatorV2.
 *
 *  In an action, what each task adds reaches the driver exactly once: of an attempt that failed
 *  nothing does. In a transformation it may come more than once, as often as a task that succeeds
 *  computes it. A task sees its own sum only. */

import type { Accumulators } from "../rdd/accumulators.ts";
import { scalaText } from "../record/scala-text.ts";

/** How an accumulator of one's own works: from `zero()`, `add` makes the next state, `merge` one of
 *  two, and `value` is what is read. States may be changed in place. */
export interface AccumulatorParam<In, State, Out> {
  readonly zero: () => State;
  readonly add: (state: State, value: In) => State;
  readonly merge: (a: State, b: State) => State;
  readonly value: (state: State) => Out;
}

export interface Registration<In, State, Out> {
  readonly name: string | null;
  readonly param: AccumulatorParam<In, State, Out>;
  /** As Spark's pages print a value. */
  readonly text?: (value: Out) => string;
}

export class Accumulator<In, State, Out> {
  readonly name: string | null;
  readonly #accumulators: Accumulators;
  readonly #param: AccumulatorParam<In, State, Out>;
  readonly #id: number;

  constructor(accumulators: Accumulators, registration: Registration<In, State, Out>) {
    const { name, param, text = scalaText } = registration;
    this.name = name;
    this.#accumulators = accumulators;
    this.#param = param;
    this.#id = accumulators.register({
      name,
      zero: param.zero,
      // The registry gives back what this accumulator put there.
      merge: (a, b) => param.merge(a as State, b as State),
      text: (state) => text(param.value(state as State)),
    });
  }

  protected get state(): State {
    // The registry gives back what this accumulator put there.
    return this.#accumulators.value(this.#id) as State;
  }

  add(value: In): void {
    this.#accumulators.change(this.#id, this.#param.add(this.state, value));
  }

  /** In a task, of what this task has added. */
  get value(): Out {
    return this.#param.value(this.state);
  }

  /** Back to zero. */
  reset(): void {
    this.#accumulators.change(this.#id, this.#param.zero());
  }
}

interface SumState {
  readonly sum: number;
  readonly count: number;
}

/** Adds numbers, and counts them. Like Spark: LongAccumulator, DoubleAccumulator. */
export class NumberAccumulator extends Accumulator<number, SumState, number> {
  constructor(accumulators: Accumulators, name: string | null, text: (sum: number) => string) {
    super(accumulators, { name, param: sums, text });
  }

  get sum(): number {
    return this.state.sum;
  }

  /** How many numbers were added. */
  get count(): number {
    return this.state.count;
  }

  /** NaN for none. */
  get avg(): number {
    return this.sum / this.count;
  }

  get isZero(): boolean {
    return this.sum === 0 && this.count === 0;
  }
}

const sums: AccumulatorParam<number, SumState, number> = {
  zero: () => ({ sum: 0, count: 0 }),
  add: ({ sum, count }, value) => ({ sum: sum + value, count: count + 1 }),
  merge: (a, b) => ({ sum: a.sum + b.sum, count: a.count + b.count }),
  value: ({ sum }) => sum,
};

/** Gathers values, those of a task together. Like Spark: CollectionAccumulator. */
export class CollectionAccumulator<T> extends Accumulator<T, T[], readonly T[]> {
  constructor(accumulators: Accumulators, name: string | null) {
    super(accumulators, {
      name,
      param: {
        zero: () => [],
        add: (all, value) => {
          all.push(value);
          return all;
        },
        merge: (a, b) => a.concat(b),
        value: (all) => all,
      },
      text: (all) => `[${all.map((value) => scalaText(value)).join(", ")}]`,
    });
  }

  get isZero(): boolean {
    return this.state.length === 0;
  }
}
