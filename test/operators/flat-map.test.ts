/** Goal: any number of records out per record in, in order. */

import { expect, it } from "vitest";
import { runOperator } from "../kit/run-operator.ts";

it("flatMap(f) hands on what f gives, none included", () => {
  const { batches } = runOperator([["a b", "", "c"]], (stream) =>
    stream.flatMap((line) => (line === "" ? [] : line.split(" "))),
  );
  expect(batches).toEqual([["a", "b", "c"]]);
});

it("flatMap(f) takes any iterable, a string by its characters as well", () => {
  const { batches } = runOperator([["ab"]], (stream) => stream.flatMap((word) => new Set(word)));
  expect(batches).toEqual([["a", "b"]]);
});

it("flatMap(f) that gives no iterable is an error with its record", () => {
  const notIterable = (): Iterable<string> => JSON.parse("1");
  expect(() => runOperator([["x"]], (stream) => stream.flatMap(notIterable))).toThrow(
    expect.objectContaining({
      place: expect.objectContaining({ operator: "flatMap", record: "x" }),
    }),
  );
});
