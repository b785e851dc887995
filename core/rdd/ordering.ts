/** The order that keys have of their own: numbers by size (NaN last), texts by their UTF-16 units,
 *  false before true, tuples field by field, None before Some.
 *  Like Scala: Ordering.Int, Double, String, Boolean, Tuple2, Option. */

import { PipelineError } from "../base/errors.ts";
import { compareNumbers, compareStrings } from "../base/order.ts";
import { Option } from "../record/option.ts";
import { scalaText } from "../record/scala-text.ts";

/** Negative, zero or positive, as `a` comes before, with or after `b`. */
export type Ordering<K> = (a: K, b: K) => number;

/** Throws: PipelineError KEY_NOT_COMPARABLE for values of different kinds, and for those that have
 *  no order. */
export function naturalOrdering(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return compareDoubles(a, b);
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return compareNumbers(+a, +b);
  if (typeof a === "bigint" && typeof b === "bigint") return a < b ? -1 : a > b ? 1 : 0;
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) return compareTuples(a, b);
  if (a instanceof Option && b instanceof Option) return compareOptions(a, b);
  throw noOrder(a, b);
}

/** True where `a` comes after `b`. NaN, though sorted last, comes after no number.
 *  Like Scala: Ordering.Double.gt, which Spark asks when it looks for the range of a key. */
export function isAfter<K>(ordering: Ordering<K>, a: K, b: K): boolean {
  if (typeof a === "number" && typeof b === "number" && ordering === naturalOrdering) return a > b;
  return ordering(a, b) > 0;
}

export function reverseOrdering<K>(ordering: Ordering<K>): Ordering<K> {
  return (a, b) => ordering(b, a);
}

/** As java.lang.Double.compare: NaN is equal to itself and above all. */
function compareDoubles(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return compareNumbers(+Number.isNaN(a), +Number.isNaN(b));
}

function compareTuples(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [index, field] of a.entries()) {
    const order = naturalOrdering(field, b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareOptions(a: Option<unknown>, b: Option<unknown>): number {
  if (a.isDefined && b.isDefined) return naturalOrdering(a.get, b.get);
  return compareNumbers(+a.isDefined, +b.isDefined);
}

function noOrder(a: unknown, b: unknown): PipelineError {
  return new PipelineError(
    "KEY_NOT_COMPARABLE",
    `No implicit Ordering is defined for ${scalaText(a)} and ${scalaText(b)}; ` +
      "sort numbers, strings, booleans or tuples of these, all of one kind, or give an ordering",
  );
}
