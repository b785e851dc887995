/** Assertions state what must hold in our own code; a failed one is our bug and stops the run. */

export type Facts = Readonly<Record<string, unknown>>;

/** A broken promise of the engine itself, never a mistake of the person using it. */
export class AssertionFailure extends Error {
  override readonly name = "AssertionFailure";
  readonly facts: Facts;

  constructor(message: string, facts: Facts = {}) {
    const shown = Object.entries(facts).map(([key, value]) => `${key}=${String(value)}`);
    super(shown.length === 0 ? message : `${message} (${shown.join(", ")})`);
    this.facts = facts;
  }
}

/** Throws: AssertionFailure when the condition does not hold. */
export function assert(condition: boolean, message: string, facts?: Facts): asserts condition {
  if (!condition) throw new AssertionFailure(message, facts);
}

/** The end of an exhaustive switch: compiles only while every kind is handled. */
export function unreachable(value: never): never {
  throw new AssertionFailure("a case that cannot happen was reached", { value });
}

/** The element at an index that must exist. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const value = list[index];
  if (value === undefined && !(index in list)) {
    throw new AssertionFailure("index must be inside the list", { index, length: list.length });
  }
  return value as T;
}

/** The value of a map under a key that must be there. */
export function get<K, V>(map: ReadonlyMap<K, V>, key: K, what: string): V {
  const value = map.get(key);
  if (value === undefined) throw new AssertionFailure(`${what} must be known`, { key });
  return value;
}
