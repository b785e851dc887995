/** Goal: what a checkpoint holds comes back as it was. Method: round trips, and refusals. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textToValue, valueToText } from "../../core/record/value-text.ts";
import { bufferName, valueBuffer } from "../../core/record/value-buffer.ts";

describe("valueToText(value)", () => {
  it("is undone by textToValue, for every plain value", () => {
    const anything = fc.anything({
      withBigInt: true,
      withMap: true,
      withSet: true,
      withNullPrototype: false,
    });
    fc.assert(
      fc.property(anything, (value) => {
        expect(textToValue(valueToText(value))).toEqual(value);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("keeps -0, NaN and undefined", () => {
    expect(textToValue(valueToText([-0, Number.NaN, undefined, null]))).toEqual([
      -0,
      Number.NaN,
      undefined,
      null,
    ]);
  });

  it("keeps the name of a buffer", () => {
    const buffer = valueBuffer<number>("CompactBuffer");
    buffer.push(1, 2);
    const read = textToValue(valueToText(buffer));
    expect(read).toEqual([1, 2]);
    expect(Array.isArray(read) && bufferName(read)).toBe("CompactBuffer");
  });

  it("is not fooled by an object with a $ of its own", () => {
    expect(textToValue(valueToText({ $: "NaN" }))).toEqual({ $: "NaN" });
  });

  it.each([[() => 1], [new Date(0)], [Symbol("s")]])("refuses %s", (value) => {
    expect(() => valueToText(value)).toThrow("cannot be written to a checkpoint");
  });
});
