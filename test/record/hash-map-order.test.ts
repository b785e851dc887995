// Goal: distinct keys come out in the order that java.util.HashMap iterates over them.
// Method: what OpenJDK 17 printed, for tables that grow by their size and by a long bucket.
import { expect, test } from "vitest";
import { hashMapOrder } from "../../core/record/hash-map-order.ts";

function order(count: number, keyOf: (index: number) => number): number[] {
  const keys = Array.from({ length: count }, (_, index) => keyOf(index));
  return hashMapOrder(keys).map((index) => keys[index] ?? 0);
}

test("hashMapOrder follows the buckets, and within one the order of the puts", () => {
  const keys = [33, 1, 17, 0, -1];
  expect(order(5, (index) => keys[index] ?? 0)).toEqual([0, -1, 33, 1, 17]);
  expect(order(8, (index) => (11 - index) * 16)).toEqual([176, 160, 144, 128, 112, 96, 80, 64]);
});

test("hashMapOrder doubles a small table for the ninth key of a bucket", () => {
  const nine = [160, 128, 96, 64, 176, 144, 112, 80, 48];
  expect(order(9, (index) => (11 - index) * 16)).toEqual(nine);
});

test("hashMapOrder doubles the table above three quarters", () => {
  const thirteen = [65, 100, 37, 72, 44, 79, 16, 51, 86, 23, 58, 93, 30];
  expect(order(13, (index) => 100 - 7 * index)).toEqual(thirteen);
});

test("hashMapOrder mixes the upper bits of a hash code into the lower ones", () => {
  expect(order(4, (index) => index * index * 65537)).toEqual([0, 65537, 262148, 589833]);
});

test("hashMapOrder of no keys is empty", () => {
  expect(hashMapOrder([])).toEqual([]);
});
