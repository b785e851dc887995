/** Goal: `print` shows what Scala's toString shows. Method: literal values and their texts. */

import { describe, expect, it } from "vitest";
import { scalaText } from "../../core/record/scala-text.ts";
import { valueBuffer } from "../../core/record/value-buffer.ts";

function buffer(...values: unknown[]): unknown[] {
  const made = valueBuffer("ArrayBuffer");
  made.push(...values);
  return made;
}

describe("scalaText(value)", () => {
  it.each([
    ["word", "word"],
    [["a", 1], "(a,1)"],
    [["a", ["b", 2]], "(a,(b,2))"],
    [["a", null], "(a,null)"],
    [["k", buffer(1, 2)], "(k,ArrayBuffer(1, 2))"],
    [[1], "List(1)"],
    [[], "List()"],
    [{ a: 1, b: "x" }, "Map(a -> 1, b -> x)"],
    [new Map([["a", 1]]), "Map(a -> 1)"],
    [1.5, "1.5"],
    [-0, "0"],
    [12345678, "12345678"],
    [12345678.5, "1.23456785E7"],
    [0.0001, "1.0E-4"],
    [Number.NaN, "NaN"],
    [Infinity, "Infinity"],
    [true, "true"],
    [null, "null"],
    [undefined, "()"],
  ])("of %j is %s", (value, text) => {
    expect(scalaText(value)).toBe(text);
  });

  it("of a bigint is its digits", () => {
    expect(scalaText(10n)).toBe("10");
  });
});
