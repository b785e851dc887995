// Goal: strings in the order in which Scala's immutable HashMap gives them.
// Method: what scala-library 2.13.15 gave for the same sets.
import { expect, test } from "vitest";
import { scalaMapOrder } from "../../core/record/scala-map-order.ts";

test.each([
  ["cooperative-sticky roundrobin range sticky"],
  ["range sticky"],
  ["e f a b g d c h"],
  ["x C1 m-1 C0 zzz range yy m-2 m-3"],
])("scalaMapOrder gives %s", (order) => {
  const names = order.split(" ");
  expect(scalaMapOrder(names.toReversed())).toEqual(names);
});
