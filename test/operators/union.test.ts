/** Goal: the records of both streams, this one's first. */

import { expect, it } from "vitest";
import { Milliseconds } from "streamscope";
import { runOperator } from "../kit/run-operator.ts";

it("union(other) gives the first stream's partitions, then the second's", () => {
  const { batches } = runOperator([[1, 2], [3]], (stream) => stream.union(stream.map((n) => -n)));
  expect(batches).toEqual([
    [1, 2, -1, -2],
    [3, -3],
  ]);
});

it("union(other) of another slide is refused in Spark's words", () => {
  expect(() =>
    runOperator([[1]], (stream) =>
      stream.union(stream.window(Milliseconds(2000), Milliseconds(2000))),
    ),
  ).toThrow("requirement failed: Some of the DStreams have different slide durations");
});
