/** What is in force on something. Each condition is held by whoever put it there, until he lets it
 *  go: when two overlap, the first to end does not end the other. How the thing is follows from all
 *  that are in force. */

/** Lets go of a condition; again, it does nothing. */
export type Release = () => void;

export class Conditions<T> {
  readonly #held = new Set<{ readonly value: T }>();
  readonly #changed: () => void;

  /** `changed` is told after each that begins or ends. */
  constructor(changed: () => void = () => undefined) {
    this.#changed = changed;
  }

  hold(value: T): Release {
    const one = { value };
    this.#held.add(one);
    this.#changed();
    return () => {
      if (this.#held.delete(one)) this.#changed();
    };
  }

  /** Nobody holds any longer what he holds now. */
  end(): void {
    if (this.#held.size === 0) return;
    this.#held.clear();
    this.#changed();
  }

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  /** The oldest first. */
  get inForce(): readonly T[] {
    return [...this.#held].map(({ value }) => value);
  }
}

/** The conditions of each thing of a kind, made as they are asked for. */
export class ConditionsBy<K, T> {
  readonly #of = new Map<K, Conditions<T>>();
  readonly #changed: (key: K) => void;

  constructor(changed: (key: K) => void = () => undefined) {
    this.#changed = changed;
  }

  hold(key: K, value: T): Release {
    let conditions = this.#of.get(key);
    if (conditions === undefined) {
      conditions = new Conditions(() => this.#changed(key));
      this.#of.set(key, conditions);
    }
    return conditions.hold(value);
  }

  /** The oldest first; empty for a thing that nothing is wrong with. */
  inForce(key: K): readonly T[] {
    return this.#of.get(key)?.inForce ?? [];
  }
}
