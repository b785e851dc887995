/** Goal: the order Spark's local mode shows. Method: orders derived from AppendOnlyMap. */

import { describe, expect, it } from "vitest";
import { jvmHash } from "../../core/record/jvm-hash.ts";
import { slotOrder } from "../../core/rdd/slot-order.ts";

function ordered(keys: readonly unknown[]): unknown[] {
  return slotOrder(keys.map(jvmHash)).map((index) => keys[index]);
}

describe("slotOrder(hashes)", () => {
  it("gives strings in the order of their slots", () => {
    const keys = ["a", "b", "c", "d", "e", "f", "g", "h", ""];
    expect(ordered(keys)).toEqual(["d", "e", "a", "b", "h", "", "f", "g", "c"]);
  });

  it("gives integers in the order of their slots", () => {
    expect(ordered([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([4, 0, 1, 6, 3, 7, 9, 8, 5, 2]);
  });

  it("gives the null key first", () => {
    expect(slotOrder([jvmHash("a"), 0, jvmHash("b")], 1)[0]).toBe(1);
  });

  it("gives every key once when the table grows", () => {
    const keys = Array.from({ length: 1000 }, (_, index) => `key-${index}`);
    expect(new Set(ordered(keys)).size).toBe(1000);
  });
});
