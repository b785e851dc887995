// Goal: keys compare as Scala's Orderings compare them.
// Method: lists sorted, and the message for what has no order.
import { expect, test } from "vitest";
import { None, Some } from "streamscope";
import { isAfter, naturalOrdering, reverseOrdering } from "../../core/rdd/ordering.ts";

const sorted = (keys: readonly unknown[]): unknown[] => keys.toSorted(naturalOrdering);

test("naturalOrdering puts NaN last and lower numbers first", () => {
  expect(sorted([Number.NaN, 2, -1, Infinity, 0.5])).toEqual([-1, 0.5, 2, Infinity, Number.NaN]);
});

test("naturalOrdering takes texts by their UTF-16 units", () => {
  const texts = ["b", "", "\uff5e", "\ud83d\ude00", "B", "10", "9"];
  expect(sorted(texts)).toEqual(["", "10", "9", "B", "b", "\ud83d\ude00", "\uff5e"]);
});

test("naturalOrdering takes tuples field by field, false before true, None before Some", () => {
  expect(
    sorted([
      ["b", 1],
      ["a", 2],
      ["a", 1],
    ]),
  ).toEqual([
    ["a", 1],
    ["a", 2],
    ["b", 1],
  ]);
  expect(sorted([true, false])).toEqual([false, true]);
  expect(sorted([Some(2), None, Some(1)])).toEqual([None, Some(1), Some(2)]);
  expect(sorted([3n, -2n])).toEqual([-2n, 3n]);
});

test("naturalOrdering refuses keys of different kinds, and those without an order", () => {
  expect(() => naturalOrdering(1, "a")).toThrow(
    "No implicit Ordering is defined for 1 and a; sort numbers, strings, booleans or tuples of " +
      "these, all of one kind, or give an ordering",
  );
  expect(() => naturalOrdering({ a: 1 }, { a: 2 })).toThrow("No implicit Ordering is defined");
  expect(() => naturalOrdering([1], [1, 2])).toThrow("No implicit Ordering is defined");
  expect(() => naturalOrdering(null, "a")).toThrow("No implicit Ordering is defined");
});

test("isAfter says that NaN is after no number, but asks an ordering of one's own", () => {
  expect(isAfter(naturalOrdering, Number.NaN, 1)).toBe(false);
  expect(isAfter(naturalOrdering, 2, 1)).toBe(true);
  expect(isAfter(reverseOrdering(naturalOrdering), 1, 2)).toBe(true);
});
