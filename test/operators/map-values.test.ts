/** Goal: values change, keys stay. */

import { expect, it } from "vitest";
import { runOperator } from "../kit/run-operator.ts";

it("mapValues(f) leaves keys alone", () => {
  const { batches } = runOperator([[["a", 1] as const, ["b", 2] as const]], (stream) =>
    stream.mapValues((n) => n + 1),
  );
  expect(batches).toEqual([
    [
      ["a", 2],
      ["b", 3],
    ],
  ]);
});

it("mapValues(f) on records that are no pairs says what to do", () => {
  const notPairs = JSON.parse('["word"]') as [string, number][];
  expect(() => runOperator([notPairs], (stream) => stream.mapValues((n) => n))).toThrow(
    expect.objectContaining({
      code: "NOT_A_PAIR",
      message: expect.stringContaining(
        "mapValues needs [key, value] pairs, and word is none; map each record to [key, value]",
      ),
    }),
  );
});
