// Goal: what is due first runs first, and of what is due together, what was pushed first.
// Method: random pushes and pops, compared with a list that is sorted by time and stays in order.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventQueue } from "../../core/sim/event-queue.ts";

/** A time to push, or null to pop. */
const script = fc.array(fc.oneof(fc.nat({ max: 9 }), fc.nat(), fc.constant(null)), {
  maxLength: 200,
});

describe("EventQueue", () => {
  test("pops as a stable sort by time would, whatever came between", () => {
    fc.assert(
      fc.property(script, (steps) => {
        const queue = new EventQueue();
        const model: { atMs: number; name: number }[] = [];
        const ran: number[] = [];
        const expected: number[] = [];
        const pop = (): void => {
          const popped = queue.pop();
          popped?.action();
          const first = model.shift();
          expect(popped?.atMs).toBe(first?.atMs);
          if (first !== undefined) expected.push(first.name);
        };
        steps.forEach((atMs, name) => {
          if (atMs === null) pop();
          else {
            queue.push(atMs, () => ran.push(name));
            const later = model.findIndex((pending) => pending.atMs > atMs);
            model.splice(later === -1 ? model.length : later, 0, { atMs, name });
          }
          expect(queue.size).toBe(model.length);
          expect(queue.nextAtMs).toBe(model[0]?.atMs ?? null);
        });
        while (model.length > 0) pop();
        expect(ran).toEqual(expected);
        expect(queue.pop()).toBeNull();
      }),
    );
  });

  test("keeps a thousand actions of one moment in order", () => {
    const queue = new EventQueue();
    const ran: number[] = [];
    for (let index = 0; index < 1_000; index += 1) queue.push(5, () => ran.push(index));
    for (let popped = queue.pop(); popped !== null; popped = queue.pop()) popped.action();
    expect(ran).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
  });

  test.each([0.5, Number.NaN, Infinity])("refuses %d as a time", (atMs) => {
    expect(() => new EventQueue().push(atMs, () => {})).toThrow("whole milliseconds");
  });
});
