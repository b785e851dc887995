/** Goal: state per key from batch to batch. Method: Spark's own object life cycle
 *  (BasicOperationsSuite), and the calls counted. */

import { describe, expect, it } from "vitest";
import { runOperator, sorted } from "../kit/run-operator.ts";

const sum = (values: readonly number[], state: number | null): number =>
  values.reduce((a, b) => a + b, state ?? 0);

describe("updateStateByKey(f)", () => {
  it("gives the whole state after each batch, not only what changed", () => {
    const { batches } = runOperator([["a"], ["a", "b"], [], ["c"]], (stream) =>
      stream.map((word) => [word, 1] as const).updateStateByKey(sum),
    );
    expect(batches.map(sorted)).toEqual([
      [["a", 1]],
      [
        ["a", 2],
        ["b", 1],
      ],
      [
        ["a", 2],
        ["b", 1],
      ],
      [
        ["a", 2],
        ["b", 1],
        ["c", 1],
      ],
    ]);
  });

  it("forgets a key when f gives null, and starts it anew later", () => {
    const { batches } = runOperator([["a"], [], ["a"]], (stream) =>
      stream
        .map((word) => [word, 1] as const)
        .updateStateByKey<number>((values, state) =>
          values.length === 0 ? null : sum(values, state),
        ),
    );
    expect(batches).toEqual([[["a", 1]], [], [["a", 1]]]);
  });

  it("calls f for every known key in every batch", () => {
    const { run, batches } = runOperator(
      Array.from({ length: 15 }, (_, i) => [`k${i}`]),
      (stream) => stream.map((word) => [word, 1] as const).updateStateByKey(sum),
    );
    expect(batches.at(-1)?.length).toBe(15);
    expect(run.failure).toBeNull();
  });
});
