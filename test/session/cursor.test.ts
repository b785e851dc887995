// Goal: the cursor shows, at every position and however it got there, what folding from the start
// shows, at a cost that does not grow with the run.
// Method: random hand-made runs and random walks; a getter tells which events were folded.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { FRAME_EVENTS, TraceCursor } from "../../core/session/cursor.ts";
import type { TraceEvent } from "../../core/trace/event.ts";
import { applyEvent, emptySnapshot } from "../../core/trace/replay.ts";
import { type BatchShape, handMadeRun } from "../kit/hand-made-run.ts";

const small: BatchShape = { records: [1, 2, 0], processingMs: 300 };

const shapes = fc.array(
  fc.record({
    records: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
    processingMs: fc.integer({ min: 100, max: 1800 }),
    failsOnce: fc.option(fc.nat(2), { nil: undefined }),
    crashes: fc.boolean(),
    generationFails: fc.boolean(),
  }),
  { minLength: 1, maxLength: 25 },
);

function cursorOver(events: readonly TraceEvent[]): TraceCursor {
  const cursor = new TraceCursor();
  cursor.append(events);
  return cursor;
}

/** The same events, watched: which of them have been folded since last asked. */
function watched(all: readonly TraceEvent[]): { events: TraceEvent[]; folded: () => number } {
  const seen = new Set<number>();
  const events = all.map((event) =>
    Object.defineProperty({ ...event }, "atMs", {
      enumerable: true,
      get: () => {
        seen.add(event.seq);
        return event.atMs;
      },
    }),
  );
  const folded = (): number => {
    const { size } = seen;
    seen.clear();
    return size;
  };
  return { events, folded };
}

test("seek(n) shows what folding from the start shows, wherever it came from", () => {
  fc.assert(
    fc.property(shapes, fc.array(fc.nat(), { minLength: 1, maxLength: 12 }), (batches, walk) => {
      const events = handMadeRun(batches);
      const folded = [emptySnapshot];
      for (const event of events) folded.push(applyEvent(folded.at(-1) ?? emptySnapshot, event));
      const cursor = cursorOver(events);
      for (const draw of walk) {
        const seq = (draw % (events.length + 1)) - 1;
        cursor.seek(seq);
        expect(cursor.position).toBe(seq);
        expect(cursor.snapshot).toEqual(folded[seq + 1]);
        expect(cursor.event).toEqual(events[seq] ?? null);
      }
    }),
    { numRuns: 60 },
  );
});

test("append(events) in any chunks gives one cursor, and leaves the position alone", () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 40 }), (batches, size) => {
      const events = handMadeRun(batches);
      const cursor = new TraceCursor();
      cursor.append(events.slice(0, 5));
      cursor.seek(3);
      const before = cursor.snapshot;
      for (let from = 5; from < events.length; from += size) {
        cursor.append(events.slice(from, from + size));
      }
      expect(cursor.snapshot).toBe(before);
      const whole = cursorOver(events);
      for (const seq of [0, (events.length / 2) | 0, events.length - 1]) {
        cursor.seek(seq);
        whole.seek(seq);
        expect(cursor.snapshot).toEqual(whole.snapshot);
      }
    }),
    { numRuns: 30 },
  );
});

test("append(events) refuses an event that is missing or comes twice", () => {
  const events = handMadeRun([small]);
  const cursor = cursorOver(events.slice(0, 4));
  expect(() => cursor.append(events.slice(5))).toThrow("events must come in order");
  expect(() => cursor.append(events.slice(3))).toThrow("events must come in order");
});

test("seek(seq) refuses a position outside the trace", () => {
  const cursor = cursorOver(handMadeRun([small]));
  expect(() => cursor.seek(cursor.length)).toThrow("position must be in the trace");
  expect(() => cursor.seek(-2)).toThrow("position must be in the trace");
});

test("step(granularity) stops at the ends of tasks, stages and batches, forwards and back", () => {
  const events = handMadeRun([
    small,
    { ...small, failsOnce: 1 },
    { ...small, generationFails: true },
  ]);
  const stops = {
    event: () => true,
    task: ({ kind }: TraceEvent) => kind === "task.finished" || kind === "task.failed",
    stage: ({ kind }: TraceEvent) => kind === "stage.completed",
    batch: ({ kind }: TraceEvent) =>
      kind === "batch.completed" || kind === "batch.generationFailed",
  } as const;
  for (const granularity of ["event", "task", "stage", "batch"] as const) {
    const expected = events
      .filter((event) => stops[granularity](event) || event.kind === "run.ended")
      .map(({ seq }) => seq);
    const cursor = cursorOver(events);
    const forwards: number[] = [];
    while (cursor.step(granularity, 1)) forwards.push(cursor.position);
    expect(forwards).toEqual(expected);
    const back: number[] = [];
    while (cursor.step(granularity, -1)) back.push(cursor.position);
    expect(back).toEqual([...expected.slice(0, -1).toReversed(), -1]);
  }
});

test("step(batch) from inside a batch goes to its end, and back to the one before", () => {
  const events = handMadeRun([small, small]);
  const ends = events.filter(({ kind }) => kind === "batch.completed").map(({ seq }) => seq);
  const [first = 0, second = 0] = ends;
  const cursor = cursorOver(events);
  cursor.seek(second - 4);
  expect([cursor.step("batch", 1), cursor.position]).toEqual([true, second]);
  cursor.seek(second - 4);
  expect([cursor.step("batch", -1), cursor.position]).toEqual([true, first]);
});

test("step(task) stays where it is while the engine has not come to the next end", () => {
  const events = handMadeRun([small]);
  const started = events.findIndex(({ kind }) => kind === "task.started");
  const cursor = cursorOver(events.slice(0, started + 1));
  expect([cursor.step("task", 1), cursor.position]).toEqual([false, -1]);
  cursor.append(events.slice(started + 1));
  expect([cursor.step("task", 1), cursor.position]).toEqual([true, started + 1]);
});

test("seek(seq) folds fewer events than a frame holds, in short runs and in long ones", () => {
  for (const batches of [20, 2000]) {
    const { events, folded } = watched(handMadeRun(Array.from({ length: batches }, () => small)));
    const cursor = cursorOver(events);
    expect(folded()).toBe(events.length);
    for (const share of [0.9, 0.1, 0.5, 0.33, 0.99]) {
      cursor.seek(Math.floor(events.length * share));
      expect(folded()).toBeLessThan(FRAME_EVENTS);
    }
    cursor.step("event", 1);
    expect(folded()).toBe(1);
  }
});
