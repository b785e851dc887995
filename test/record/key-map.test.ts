/** Goal: keys are equal by value, whatever their type. Method: literal keys of every JS type. */

import { describe, expect, it } from "vitest";
import { KeyMap } from "../../core/record/key-map.ts";

function countKeys(keys: readonly unknown[]): [unknown, number][] {
  const counts = new KeyMap<number>();
  for (const key of keys) {
    const cell = counts.find(key);
    if (cell === undefined) counts.add(key, 1);
    else cell.value += 1;
  }
  return counts.cells.map(({ key, value }) => [key, value]);
}

describe("KeyMap", () => {
  it("finds arrays and plain objects by value, however deep", () => {
    const keys = [[1, "a"], [1, "a"], ["1", "a"], { x: [1], y: 2 }, { y: 2, x: [1] }, { x: 1 }];
    expect(countKeys(keys)).toEqual([
      [[1, "a"], 2],
      [["1", "a"], 1],
      [{ x: [1], y: 2 }, 2],
      [{ x: 1 }, 1],
    ]);
  });

  it("tells types apart", () => {
    const keys = [1, "1", 1n, true, "true", null, "null", undefined, "undefined", [1], "[1]"];
    expect(countKeys(keys).map(([, count]) => count)).toEqual(keys.map(() => 1));
  });

  it("takes NaN as equal to NaN, and -0 as 0", () => {
    expect(countKeys([Number.NaN, Number.NaN, -0, 0])).toEqual([
      [Number.NaN, 2],
      [0, 2],
    ]);
    expect(Object.is(countKeys([-0])[0]?.[0], 0)).toBe(true);
  });

  it("is not fooled by words that objects have", () => {
    const words = ["__proto__", "constructor", "toString", "__proto__", "hasOwnProperty"];
    expect(countKeys(words)).toEqual([
      ["__proto__", 2],
      ["constructor", 1],
      ["toString", 1],
      ["hasOwnProperty", 1],
    ]);
  });

  it("keeps keys of one hash code apart", () => {
    const pairs = [["Aa"], ["BB"], ["Aa"], [["Aa"]], [["BB"]]];
    expect(countKeys(["Aa", "BB", "Aa", null, undefined, 0, false]).length).toBe(6);
    expect(countKeys(pairs).map(([, count]) => count)).toEqual([2, 1, 1, 1]);
  });

  it("finds every key of many, in the order they came", () => {
    const keys = Array.from({ length: 5000 }, (_, n) => (n % 2 === 0 ? n : `key-${n}`));
    expect(countKeys([...keys, ...keys])).toEqual(keys.map((key) => [key, 2]));
  });

  it("refuses a key that has no value of its own", () => {
    expect(() => countKeys([new Date(0)])).toThrow("an instance of Date is not");
    expect(() => new KeyMap().find(() => 1)).toThrow("a function is not");
  });

  it("keeps strings apart that only a careless name would join", () => {
    expect(countKeys([["a,b"], ["a", "b"], ['a","b'], [["a"], "b"]]).length).toBe(4);
  });
});
