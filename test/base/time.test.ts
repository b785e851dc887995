// Goal: durations as Spark names them, and the grid on which batches lie.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isMultipleOf,
  Milliseconds,
  Minutes,
  nextBatchTime,
  Seconds,
} from "../../core/base/time.ts";

describe("durations", () => {
  test("are whole milliseconds", () => {
    expect([Milliseconds(250), Seconds(2), Minutes(3)]).toEqual([250, 2_000, 180_000]);
    expect(Seconds(0.5)).toBe(500);
  });

  test("that are not are refused with the remedy", () => {
    expect(() => Milliseconds(0.5)).toThrow(
      "Milliseconds(0.5) is not a whole number of milliseconds; use Milliseconds(n)",
    );
    expect(() => Seconds(1 / 3)).toThrow("is not a whole number of milliseconds");
    expect(() => Minutes(Infinity)).toThrow("Minutes(Infinity)");
  });

  test("know their multiples", () => {
    expect([isMultipleOf(6_000, 2_000), isMultipleOf(5_000, 2_000)]).toEqual([true, false]);
  });
});

describe("nextBatchTime", () => {
  test.each([
    [0, 1_000, 0, 1_000],
    [999, 1_000, 0, 1_000],
    [1_000, 1_000, 0, 2_000],
    [1_001, 1_000, 0, 2_000],
    [0, 1_000, 300, 300],
    [300, 1_000, 300, 1_300],
    [7_500, 2_000, 1_000, 9_000],
  ])("after %i, every %i from %i: %i", (nowMs, intervalMs, zeroMs, nextMs) => {
    expect(nextBatchTime(nowMs, intervalMs, zeroMs)).toBe(nextMs);
  });

  test("is the first on the grid that is later", () => {
    const ms = fc.nat({ max: 1_000_000 });
    fc.assert(
      fc.property(ms, fc.integer({ min: 1, max: 10_000 }), ms, (nowMs, intervalMs, zeroMs) => {
        const nextMs = nextBatchTime(nowMs, intervalMs, zeroMs);
        expect(nextMs).toBeGreaterThan(nowMs);
        expect(nextMs - intervalMs).toBeLessThanOrEqual(nowMs);
        expect(Math.abs(nextMs - zeroMs) % intervalMs).toBe(0);
      }),
    );
  });
});
