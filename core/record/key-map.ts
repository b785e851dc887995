/** A map whose keys are equal by value, as in Spark: `[1, "a"]` finds `[1, "a"]`. Strings and
 *  numbers take a fast path; NaN equals NaN; -0 is 0. Holds a mutable cell per key, so that an
 *  update costs one look-up. */

import { Option } from "./option.ts";
import { jvmHash, plainObjectEntries } from "./jvm-hash.ts";

export interface Cell<C> {
  readonly key: unknown;
  value: C;
}

export class KeyMap<C> {
  readonly #simple = new Map<unknown, Cell<C>>();
  readonly #structural = new Map<string, Cell<C>>();
  /** In the order the keys were first seen. */
  readonly cells: Cell<C>[] = [];

  find(key: unknown): Cell<C> | undefined {
    if (typeof key === "string") return this.#simple.get(key);
    return isStructural(key) ? this.#structural.get(structuralName(key)) : this.#simple.get(key);
  }

  /** Adds a key that `find` did not find.
   *  Throws: PipelineError KEY_NOT_COMPARABLE. */
  add(key: unknown, value: C): void {
    if (typeof key === "string") {
      const cell = { key, value };
      this.#simple.set(key, cell);
      this.cells.push(cell);
      return;
    }
    jvmHash(key);
    const cell = { key: key === 0 ? 0 : key, value };
    if (isStructural(key)) this.#structural.set(structuralName(key), cell);
    else this.#simple.set(cell.key, cell);
    this.cells.push(cell);
  }
}

/** Equality of keys, as a KeyMap has it. */
export function sameKey(a: unknown, b: unknown): boolean {
  if (isStructural(a)) return isStructural(b) && structuralName(a) === structuralName(b);
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

function isStructural(key: unknown): key is object {
  return typeof key === "object" && key !== null;
}

/** A text that two values share exactly when they are equal: each part carries its type. */
function structuralName(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return `n${value === 0 ? 0 : value}`;
    case "bigint":
      return `i${value}`;
    case "boolean":
    case "undefined":
      return String(value);
    case "object":
      if (value === null) return "null";
      if (value instanceof Option) return value.toString(structuralName);
      if (Array.isArray(value)) return `[${value.map(structuralName).join(",")}]`;
      return `{${plainObjectEntries(value)
        .map(([name, field]) => `${JSON.stringify(name)}:${structuralName(field)}`)
        .join(",")}}`;
    case "function":
    case "symbol":
      return String(jvmHash(value));
  }
}
