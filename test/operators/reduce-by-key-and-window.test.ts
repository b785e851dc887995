/** Goal: the window's reduction, both ways. Method: Spark's own vectors (WindowOperationsSuite),
 *  and the plain form as the oracle of the inverse one. */

import { describe, expect, it } from "vitest";
import { Milliseconds, Seconds } from "streamscope";
import { runOperator, sorted } from "../kit/run-operator.ts";

type Word = readonly [string, number];
const add = (a: number, b: number): number => a + b;
const subtract = (a: number, b: number): number => a - b;
const input: Word[][] = [[["a", 1]], [["a", 1]], [], []];

describe("reduceByKeyAndWindow", () => {
  it("without inverse forgets a key that left the window", () => {
    const { batches } = runOperator(input, (s) => s.reduceByKeyAndWindow(add, Seconds(2)));
    expect(batches).toEqual([[["a", 1]], [["a", 2]], [["a", 1]], []]);
  });

  it("with inverse keeps the key with what is left of it", () => {
    const { batches } = runOperator(input, (s) =>
      s.reduceByKeyAndWindow(add, subtract, Seconds(2)),
    );
    expect(batches).toEqual([[["a", 1]], [["a", 2]], [["a", 1]], [["a", 0]]]);
  });

  it("with inverse and a filter forgets a key whose count returns to zero", () => {
    const { batches } = runOperator(input, (s) =>
      s.reduceByKeyAndWindow(add, subtract, Seconds(2), Seconds(1), 2, ([, n]) => n !== 0),
    );
    expect(batches).toEqual([[["a", 1]], [["a", 2]], [["a", 1]], []]);
  });

  it("gives the same both ways, slide by slide", () => {
    const many = Array.from({ length: 24 }, (_, batch) =>
      Array.from({ length: batch % 5 }, (__, i): Word => [
        `k${(batch * 7 + i * 3) % 4}`,
        batch + i,
      ]),
    );
    const nonZero = ([, n]: Word): boolean => n !== 0;
    const world = { untilMs: 24_900, batches: 99 };
    const plain = runOperator(
      many,
      (s) => s.reduceByKeyAndWindow(add, Seconds(6), Seconds(2)).filter(nonZero),
      world,
    );
    const inverse = runOperator(
      many,
      (s) => s.reduceByKeyAndWindow(add, subtract, Seconds(6), Seconds(2), 2, nonZero),
      world,
    );
    expect(plain.batches.length).toBe(12);
    expect(inverse.batches.map(sorted)).toEqual(plain.batches.map(sorted));
  });

  it("touches only what enters and leaves", () => {
    const { run } = runOperator([[["a", 1] as const]], (s) =>
      s.reduceByKeyAndWindow(add, subtract, Seconds(3)),
    );
    expect(run.failure).toBeNull();
  });

  it("that is no multiple of the parent's slide is refused in Spark's words", () => {
    expect(() =>
      runOperator(input, (s) => s.reduceByKeyAndWindow(add, subtract, Milliseconds(2500))),
    ).toThrow(
      "requirement failed: The window duration of ReducedWindowedDStream (2500 ms) must be " +
        "multiple of the slide duration of parent DStream (1000 ms)",
    );
  });
});
