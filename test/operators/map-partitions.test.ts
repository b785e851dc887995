/** Goal: a function sees each partition as a whole, empty ones included. */

import { expect, it } from "vitest";
import { runOperator } from "../kit/run-operator.ts";

const input = [[1, 2, 3], []];

it("mapPartitions(f) calls f once per partition, also for an empty one", () => {
  const { batches } = runOperator(input, (stream) =>
    stream.mapPartitions((numbers) => [numbers.length]),
  );
  expect(batches).toEqual([
    [1, 2],
    [0, 0],
  ]);
});

it("glom() is one array per partition", () => {
  const { batches } = runOperator(input, (stream) => stream.glom());
  expect(batches).toEqual([
    [[1], [2, 3]],
    [[], []],
  ]);
});

it("mapPartitions(f, true) promises that keys stay where they are: no second shuffle", () => {
  const shuffles = (preserves: boolean): number => {
    let lineage = "";
    runOperator([["a", "b"]], (stream) =>
      stream
        .map((word) => [word, 1] as const)
        .reduceByKey((a, b) => a + b)
        .mapPartitions((pairs) => pairs, preserves)
        .reduceByKey((a, b) => a + b)
        .transform((rdd) => {
          lineage = rdd.toDebugString();
          return rdd;
        }),
    );
    return lineage.split("ShuffledRDD").length - 1;
  };
  expect(shuffles(false)).toBe(2);
  expect(shuffles(true)).toBe(1);
});
