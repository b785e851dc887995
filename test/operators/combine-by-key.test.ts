/** Goal: one pair per key and batch. */

import { expect, it } from "vitest";
import { runOperator, sorted } from "../kit/run-operator.ts";

const words = [["a", "b", "a"], [], ["c", "a"]];

it("reduceByKey(f) starts anew in each batch", () => {
  const { batches } = runOperator(words, (stream) =>
    stream.map((word) => [word, 1] as const).reduceByKey((a, b) => a + b),
  );
  expect(batches.map(sorted)).toEqual([
    [
      ["a", 2],
      ["b", 1],
    ],
    [],
    [
      ["a", 1],
      ["c", 1],
    ],
  ]);
});

it("groupByKey() gathers the values of a key in the order of their partitions", () => {
  const { batches } = runOperator(
    [[["k", 1] as const, ["k", 2] as const, ["k", 3] as const]],
    (s) => s.groupByKey(),
  );
  expect(batches.map((batch) => batch.map((record) => JSON.stringify(record)))).toEqual([
    ['["k",[1,2,3]]'],
  ]);
});

it("countByValue() counts each value", () => {
  const { batches } = runOperator(words, (stream) => stream.countByValue());
  expect(batches.map(sorted)[0]).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
});

it("reduce(f) gives one record, and none for an empty batch", () => {
  const { batches } = runOperator([[1, 2, 3], []], (stream) => stream.reduce((a, b) => a + b));
  expect(batches).toEqual([[6], []]);
});

it("reduceByKey(f) takes keys of every type that has value equality", () => {
  const keys: unknown[] = [
    "__proto__",
    "constructor",
    1,
    "1",
    1.5,
    Number.NaN,
    -0,
    0,
    true,
    null,
    10n,
    ["a", 1],
    { id: 1 },
  ];
  const { batches } = runOperator([[...keys, ...keys]], (stream) =>
    stream.map((key) => [key, 1] as const).reduceByKey((a, b) => a + b),
  );
  const counted = batches[0] ?? [];
  expect(counted.length).toBe(keys.length - 1);
  const zero = counted.find((pair) => Array.isArray(pair) && pair[0] === 0);
  expect(zero).toEqual([0, 4]);
  const nan = counted.find((pair) => Array.isArray(pair) && Number.isNaN(pair[0]));
  expect(nan).toEqual([Number.NaN, 2]);
});

it("reduceByKey(f) refuses keys that cannot be compared, and says which", () => {
  expect(() =>
    runOperator([[1]], (stream) =>
      stream.map((n) => [() => n, 1] as const).reduceByKey((a, b) => a + b),
    ),
  ).toThrow(
    expect.objectContaining({
      code: "KEY_NOT_COMPARABLE",
      message: expect.stringContaining("a function is not"),
      place: expect.objectContaining({ operator: "reduceByKey" }),
    }),
  );
});
