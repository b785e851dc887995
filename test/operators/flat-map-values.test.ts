/** Goal: several values for one, under the same key. */

import { expect, it } from "vitest";
import { runOperator } from "../kit/run-operator.ts";

it("flatMapValues(f) gives each value f gives under the key, in their order", () => {
  const { batches } = runOperator([[["a", "x y"] as const, ["b", ""] as const]], (stream) =>
    stream.flatMapValues((text) => text.split(" ").filter((word) => word !== "")),
  );
  expect(batches).toEqual([
    [
      ["a", "x"],
      ["a", "y"],
    ],
  ]);
});

it("flatMapValues(f) on records that are no pairs says what to do", () => {
  const notPairs = JSON.parse('["word"]') as [string, number][];
  expect(() => runOperator([notPairs], (stream) => stream.flatMapValues((n) => [n]))).toThrow(
    expect.objectContaining({
      code: "NOT_A_PAIR",
      message: expect.stringContaining("flatMapValues needs [key, value] pairs"),
    }),
  );
});
