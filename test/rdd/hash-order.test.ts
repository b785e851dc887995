/** Goal: hash codes sort as signed numbers, equal ones as they were. Method: against Array.sort. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { hashOrder } from "../../core/rdd/hash-order.ts";

const codes = fc.array(
  fc.oneof(fc.integer(), fc.constantFrom(0, -1, -(2 ** 31), 2 ** 31 - 1, 255)),
);

test("hashOrder(indexes, hashes) is a stable sort by signed hash code", () => {
  fc.assert(
    fc.property(codes, (hashes) => {
      const backwards = hashes.map((_, index) => hashes.length - 1 - index);
      const sorted = backwards.toSorted((a, b) => (hashes[a] ?? 0) - (hashes[b] ?? 0));
      expect([...hashOrder(backwards, hashes)]).toEqual(sorted);
    }),
  );
});
