/** The order in which scala.collection.immutable.HashMap gives strings back. Nobody promises it; it
 *  breaks ties in Kafka's brokers.
 *  Like Scala 2.13: immutable.HashMap (a tree of nodes of 32), collection.Hashing.improve. */

import { compareNumbers, compareStrings } from "../base/order.ts";
import { stringHash } from "./jvm-hash.ts";

const BITS = 5;

/** Of each node, first what it holds itself by slot, then what its nodes below hold. Strings of one
 *  and the same hash are in the order of their names here. */
export function scalaMapOrder(names: readonly string[], level = 0): string[] {
  if (names.length < 2 || level * BITS >= 32) return names.toSorted(compareStrings);
  const slots = new Map<number, string[]>();
  for (const name of names) {
    const slot = (improvedHash(name) >>> (level * BITS)) & 31;
    slots.set(slot, [...(slots.get(slot) ?? []), name]);
  }
  const bySlot = [...slots].sort(([a], [b]) => compareNumbers(a, b)).map(([, held]) => held);
  const own = bySlot.filter((held) => held.length === 1);
  const below = bySlot.filter((held) => held.length > 1);
  return [...own.flat(), ...below.flatMap((held) => scalaMapOrder(held, level + 1))];
}

function improvedHash(name: string): number {
  const hash = stringHash(name);
  let mixed = (hash + ~(hash << 9)) | 0;
  mixed ^= mixed >>> 14;
  mixed = (mixed + (mixed << 4)) | 0;
  return mixed ^ (mixed >>> 10);
}
