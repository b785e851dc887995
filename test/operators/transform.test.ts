/** Goal: a function of each batch's RDD, on the driver. */

import { expect, it } from "vitest";
import type { RDD } from "streamscope";
import { runOperator, sorted } from "../kit/run-operator.ts";

it("transform(f) gives f the RDD and the batch time", () => {
  const times: number[] = [];
  const { batches } = runOperator([[1], [2]], (stream) =>
    stream.transform((rdd, timeMs) => {
      times.push(timeMs);
      return rdd.map((n) => n + timeMs);
    }),
  );
  expect(batches).toEqual([[1001], [2002]]);
  expect(times).toEqual([1000, 2000]);
});

it("transform(f) may run jobs, and joins with a static RDD", () => {
  const { batches } = runOperator([[["a", 1] as const, ["b", 2] as const]], (stream, ssc) => {
    const names = ssc.sparkContext.parallelize([["a", "Ada"] as const]);
    return stream.transform((rdd) => {
      expect(rdd.count()).toBe(2);
      return rdd.join(names);
    });
  });
  expect(batches.map(sorted)).toEqual([[["a", [1, "Ada"]]]]);
});

it("transform(f) that gives nothing is refused in Spark's words", () => {
  const nothing = (): RDD<number> => JSON.parse("null");
  expect(() => runOperator([[1]], (stream) => stream.transform(nothing))).toThrow(
    "Transform function must not return null. Return SparkContext.emptyRDD() instead",
  );
});

it("count() gives exactly one record per batch, 0 for an empty one", () => {
  const { batches } = runOperator([[1, 2, 3], [], [4]], (stream) => stream.count());
  expect(batches).toEqual([[3], [0], [1]]);
});

it("join(other) pairs the values of equal keys of the same batch", () => {
  const pairs: (readonly [string, number])[][] = [
    [
      ["a", 1],
      ["a", 2],
      ["b", 3],
    ],
    [["a", 9]],
  ];
  const { batches } = runOperator(pairs, (stream) =>
    stream.join(stream.filter(([, n]) => n !== 3).mapValues((n) => `v${n}`)),
  );
  expect(batches.map(sorted)).toEqual([
    [
      ["a", [1, "v1"]],
      ["a", [1, "v2"]],
      ["a", [2, "v1"]],
      ["a", [2, "v2"]],
    ],
    [["a", [9, "v9"]]],
  ]);
});
