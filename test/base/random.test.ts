// Goal: draws that are the same everywhere, evenly spread, and apart from each other by name.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashText, randomStream } from "../../core/base/random.ts";

function draws(seed: number, name: string, count: number, bound: number): number[] {
  const stream = randomStream(seed, name);
  return Array.from({ length: count }, () => stream.below(bound));
}

describe("randomStream", () => {
  test("gives the same draws for the same seed and name", () => {
    expect(draws(42, "a", 100, 1_000_000)).toEqual(draws(42, "a", 100, 1_000_000));
    expect(draws(42, "a", 100, 1_000_000)).not.toEqual(draws(43, "a", 100, 1_000_000));
    expect(draws(42, "a", 100, 1_000_000)).not.toEqual(draws(42, "b", 100, 1_000_000));
  });

  test("of one name is not moved by draws from another", () => {
    const [a, b] = [randomStream(1, "a"), randomStream(1, "b")];
    const mixed = Array.from({ length: 50 }, (_, index) => {
      for (let other = 0; other < index % 3; other += 1) b.below(7);
      return a.below(1_000);
    });
    expect(mixed).toEqual(draws(1, "a", 50, 1_000));
  });

  test("of two names agree no more often than chance has it", () => {
    const [a, b] = [draws(1, "producer a", 10_000, 10), draws(1, "producer b", 10_000, 10)];
    const agreed = a.filter((value, index) => value === b[index]).length;
    // A tenth of 10 000, give or take five standard deviations of 30.
    expect(Math.abs(agreed - 1_000)).toBeLessThan(150);
  });

  test("stays in [0, bound), whatever the bound", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 4_294_967_296 }), (seed, bound) => {
        for (const value of draws(seed, "bounds", 20, bound)) {
          expect(Number.isSafeInteger(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThan(bound);
        }
      }),
    );
  });

  test("spreads evenly, also over a bound that does not divide the range", () => {
    const counts = new Map<number, number>();
    for (const value of draws(9, "spread", 60_000, 6)) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    // A sixth of 60 000, give or take five standard deviations of 91.
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(460);
    const large = draws(9, "large", 10_000, 3_221_225_472);
    const upper = large.filter((value) => value >= 2_147_483_648).length;
    expect(Math.abs(upper - 3_333)).toBeLessThan(240);
  });

  test.each([0, -1, 0.5, 4_294_967_297, Number.NaN])("refuses the bound %d", (bound) => {
    expect(() => randomStream(1, "a").below(bound)).toThrow("bound must fit 32 bits");
  });

  test("ratio holds in numerator of denominator draws", () => {
    const stream = randomStream(5, "ratio");
    let hits = 0;
    for (let draw = 0; draw < 40_000; draw += 1) hits += stream.ratio(1, 4) ? 1 : 0;
    expect(Math.abs(hits - 10_000)).toBeLessThan(440);
    for (let draw = 0; draw < 100; draw += 1) {
      expect(stream.ratio(0, 3)).toBe(false);
      expect(stream.ratio(3, 3)).toBe(true);
    }
  });
});

test("hashText is FNV-1a of 32 bits", () => {
  // From the reference tables of the function's authors.
  expect([hashText(""), hashText("a"), hashText("foobar")]).toEqual([
    0x811c9dc5, 0xe40c292c, 0xbf9cf968,
  ]);
});
