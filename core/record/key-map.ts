/** A map whose keys are equal by value, as in Spark: `[1, "a"]` finds `[1, "a"]`; NaN equals NaN;
 *  -0 is 0. Holds a mutable cell per key, so that an update costs one look-up.
 *
 *  Not on a Map: the words of a line are new strings each time, so a Map hashes every one of them
 *  by its own rule, and a partitioner then needs the JVM's hash code besides. Open addressing over
 *  that code hashes once, and the cell keeps it for whoever asks next. */

import { Option } from "./option.ts";
import { jvmHash, plainObjectEntries } from "./jvm-hash.ts";

export interface Cell<C> {
  readonly key: unknown;
  /** The hash code of the key. */
  readonly hash: number;
  value: C;
}

const INITIAL_BITS = 6;

export class KeyMap<C> {
  /** In the order the keys were first seen. */
  readonly cells: Cell<C>[] = [];
  /** At most half of them taken. */
  #slots = emptySlots<C>(INITIAL_BITS);
  /** The high bits of a scrambled hash code are the slot. */
  #shift = 32 - INITIAL_BITS;

  /** `hash` is that of the key, where it is known.
   *  Throws: PipelineError KEY_NOT_COMPARABLE. */
  find(key: unknown, hash = jvmHash(key)): Cell<C> | undefined {
    const slots = this.#slots;
    const last = slots.length - 1;
    for (let slot = scrambled(hash) >>> this.#shift; ; slot = (slot + 1) & last) {
      const cell = slots[slot];
      if (cell === undefined) return undefined;
      if (cell.hash === hash && (cell.key === key || sameKey(cell.key, key))) return cell;
    }
  }

  /** Adds a key that `find` did not find.
   *  Throws: PipelineError KEY_NOT_COMPARABLE. */
  add(key: unknown, value: C, hash = jvmHash(key)): Cell<C> {
    const cell = { key: key === 0 ? 0 : key, hash, value };
    this.cells.push(cell);
    if (2 * this.cells.length > this.#slots.length) this.#grow();
    else this.#place(cell);
    return cell;
  }

  #place(cell: Cell<C>): void {
    const slots = this.#slots;
    const last = slots.length - 1;
    let slot = scrambled(cell.hash) >>> this.#shift;
    while (slots[slot] !== undefined) slot = (slot + 1) & last;
    slots[slot] = cell;
  }

  #grow(): void {
    this.#shift -= 1;
    this.#slots = emptySlots<C>(32 - this.#shift);
    for (const cell of this.cells) this.#place(cell);
  }
}

function emptySlots<C>(bits: number): (Cell<C> | undefined)[] {
  const slots: (Cell<C> | undefined)[] = [];
  // Array.from takes several times as long, which a map that grows pays again and again.
  for (let left = 1 << bits; left > 0; left -= 1) slots.push(undefined);
  return slots;
}

/** Times 2^32 over the golden ratio: neighbouring hash codes lie far apart (Knuth). */
function scrambled(hash: number): number {
  return Math.imul(hash, 0x9e3779b1);
}

/** Equality of keys, as a KeyMap has it.
 *  Throws: PipelineError KEY_NOT_COMPARABLE for instances of classes. */
export function sameKey(a: unknown, b: unknown): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  return isObject(a) && isObject(b) && sameObject(a, b);
}

function isObject(key: unknown): key is object {
  return typeof key === "object" && key !== null;
}

function sameObject(a: object, b: object): boolean {
  if (a instanceof Option) {
    if (!(b instanceof Option) || a.isDefined !== b.isDefined) return false;
    return a.isEmpty || sameKey(a.get, b.get);
  }
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((part, i) => sameKey(part, b[i]));
  }
  if (b instanceof Option || Array.isArray(b)) return false;
  const [ours, theirs] = [plainObjectEntries(a), plainObjectEntries(b)];
  return (
    ours.length === theirs.length &&
    ours.every(([name, part], i) => name === theirs[i]?.[0] && sameKey(part, theirs[i]?.[1]))
  );
}
