/** Goal: the batches of a window, oldest first. Method: Spark's own vectors
 *  (WindowOperationsSuite). */

import { describe, expect, it } from "vitest";
import { Milliseconds, Seconds } from "streamscope";
import { runOperator, sorted } from "../kit/run-operator.ts";

const input = [[0], [1], [2], [3], [4], [5]];

describe("window(length, slide)", () => {
  it.each([
    [2, 1, [[0], [0, 1], [1, 2], [2, 3], [3, 4], [4, 5]]],
    [
      2,
      2,
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    ],
    [
      4,
      2,
      [
        [0, 1],
        [0, 1, 2, 3],
        [2, 3, 4, 5],
      ],
    ],
    [
      2,
      3,
      [
        [1, 2],
        [4, 5],
      ],
    ],
  ])("of %i and %i seconds", (length, slide, expected) => {
    const { batches } = runOperator(
      input,
      (stream) => stream.window(Seconds(length), Seconds(slide)),
      { untilMs: 6900, batches: 99 },
    );
    expect(batches).toEqual(expected);
  });

  it("nested, counts both from the same zero time", () => {
    const { batches } = runOperator(
      input,
      (stream) => stream.window(Seconds(2), Seconds(1)).window(Seconds(4), Seconds(2)),
      { untilMs: 4900, batches: 99 },
    );
    expect(batches.map(sorted)).toEqual([
      [0, 0, 1],
      [0, 0, 1, 1, 2, 2, 3],
    ]);
  });

  it("that is no multiple of the parent's slide is refused in Spark's words", () => {
    expect(() => runOperator(input, (stream) => stream.window(Milliseconds(2500)))).toThrow(
      "The window duration of windowed DStream (2500 ms) must be a multiple of the slide " +
        "duration of parent DStream (1000 ms)",
    );
    expect(() =>
      runOperator(input, (stream) => stream.window(Seconds(2), Milliseconds(1500))),
    ).toThrow("The slide duration of windowed DStream (1500 ms) must be a multiple");
  });
});
