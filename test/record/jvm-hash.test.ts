/** Goal: a key lands where Spark puts it. Method: hash codes of the JVM and of Scala 2.12. */

import { describe, expect, it } from "vitest";
import { jvmHash } from "../../core/record/jvm-hash.ts";

describe("jvmHash(key)", () => {
  it.each([
    ["", 0],
    ["a", 97],
    ["kafka", 101807910],
    ["hello", 99162322],
    ["spark", 109638365],
    ["my-group", -1906497762],
    [0, 0],
    [-1, -1],
    [2147483648, -2147483648],
    [4294967296, 1],
    [-4294967297, 1],
    [Number.MAX_SAFE_INTEGER, -2097152],
    [1700000000000, -807048821],
    [-1700000000001, -807048821],
    [1.5, 1073217536],
    [Number.NaN, 2146959360],
    [true, 1231],
    [false, 1237],
    [null, 0],
    [undefined, 0],
    [[1, 2], 1411956066],
    [["a", 1], 128003929],
    [["a", "b"], -900438667],
  ])("of %j is %i", (key, hash) => {
    expect(jvmHash(key)).toBe(hash);
  });

  it("of -0 is that of 0", () => {
    expect(jvmHash(-0)).toBe(jvmHash(0));
  });

  it.each([
    [() => 1, "a function"],
    [Symbol("s"), "a symbol"],
    [new Date(0), "an instance of Date"],
    [new Map(), "an instance of Map"],
    [[1, () => 2], "a function"],
  ])("refuses %s", (key, kind) => {
    expect(() => jvmHash(key)).toThrow(`a key must be comparable by value, and ${kind} is not`);
  });
});
