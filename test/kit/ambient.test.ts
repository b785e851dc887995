// Goal: the guard guards, and gives everything back.
import { expect, test } from "vitest";
import { withoutAmbient } from "./ambient.ts";

test.each([
  ["Date.now", () => Date.now()],
  ["Math.random", () => Math.random()],
  ["performance.now", () => performance.now()],
  ["setTimeout", () => setTimeout(() => {}, 0)],
])("withoutAmbient refuses %s by name", (name, reach) => {
  expect(() => withoutAmbient<unknown>(reach)).toThrow(`${name} was called during a simulated run`);
});

test("withoutAmbient gives everything back, also after an error", () => {
  const before = [Date.now, Math.random, performance.now, setTimeout];
  expect(withoutAmbient(() => 42)).toBe(42);
  expect(() =>
    withoutAmbient(() => {
      throw new Error("mine");
    }),
  ).toThrow("mine");
  expect([Date.now, Math.random, performance.now, setTimeout]).toEqual(before);
  expect(Date.now()).toBeGreaterThan(0);
});

test("withoutAmbient refuses an asynchronous function, which would escape it", () => {
  expect(() => withoutAmbient(async () => 1)).toThrow("give it a synchronous one");
});
