// Goal: the wall clock orders events as the simulation does, and lets the outside in.
// Method: a clock of the test's own, moved by hand; nothing here waits.
import { expect, test } from "vitest";
import { WallClockRuntime, type WallClock } from "../../core/live/wall-clock-runtime.ts";
import { Simulation } from "../../core/sim/simulation.ts";
import type { Runtime } from "../../core/sim/runtime.ts";
import type { TraceEvent } from "../../core/trace/event.ts";
import { Trace } from "../../core/trace/trace.ts";

/** A host whose time moves when told to, firing what is due on the way. */
class HandClock implements WallClock {
  nowMs: number;
  readonly #timers = new Map<number, { readonly atMs: number; readonly action: () => void }>();
  #nextId = 0;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  now(): number {
    return this.nowMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#timers.set(id, { atMs: this.nowMs + delayMs, action });
    return () => this.#timers.delete(id);
  }

  get timers(): number {
    return this.#timers.size;
  }

  moveTo(untilMs: number): void {
    for (;;) {
      const [due] = [...this.#timers]
        .filter(([, timer]) => timer.atMs <= untilMs)
        .toSorted(([a, x], [b, y]) => x.atMs - y.atMs || a - b);
      if (due === undefined) break;
      this.#timers.delete(due[0]);
      this.nowMs = Math.max(this.nowMs, due[1].atMs);
      due[1].action();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }
}

function world(nowMs = 5_000) {
  const clock = new HandClock(nowMs);
  const trace = new Trace();
  const events: TraceEvent[] = [];
  trace.listen((event) => events.push(event));
  const errors: unknown[] = [];
  const onError = (thrown: unknown): void => {
    errors.push(thrown);
  };
  const runtime = new WallClockRuntime({ trace, seed: 42, onError, clock });
  return { clock, runtime, events, errors };
}

test("schedule runs by time, and by order of scheduling at the same time", () => {
  const { clock, runtime } = world();
  const ran: string[] = [];
  runtime.schedule(20, () => ran.push("20 first"));
  runtime.schedule(10, () => ran.push("10"));
  runtime.schedule(20, () => ran.push("20 second"));
  runtime.schedule(0, () => ran.push("0"));
  expect(ran).toEqual([]);
  clock.moveTo(5_015);
  expect(ran).toEqual(["0", "10"]);
  clock.moveTo(5_020);
  expect(ran).toEqual(["0", "10", "20 first", "20 second"]);
  expect(clock.timers).toBe(0);
});

test("the order is that of the simulation for the same schedule", () => {
  const plan = (runtime: Runtime, ran: string[]): void => {
    for (const [index, delayMs] of [7, 3, 7, 0, 3, 12, 0].entries()) {
      runtime.schedule(delayMs, () => {
        ran.push(`${index}`);
        if (index % 2 === 0) runtime.schedule(4, () => ran.push(`after ${index}`));
      });
    }
  };
  const simulated: string[] = [];
  const simulation = new Simulation({ seed: 1, trace: new Trace() });
  plan(simulation, simulated);
  while (simulation.step());
  const live: string[] = [];
  const { clock, runtime } = world();
  plan(runtime, live);
  clock.moveTo(6_000);
  expect(live).toEqual(simulated);
});

test("now() stands still inside an action and is whole milliseconds", () => {
  const { clock, runtime } = world(1_000.75);
  const seen: number[] = [];
  runtime.schedule(10, () => {
    seen.push(runtime.now());
    clock.nowMs += 500;
    seen.push(runtime.now());
  });
  clock.moveTo(1_020);
  expect(seen).toEqual([1_010, 1_010]);
  expect(runtime.now()).toBe(1_510);
});

test("now() never goes back when the host's clock is set back", () => {
  const { clock, runtime } = world(9_000);
  expect(runtime.now()).toBe(9_000);
  clock.nowMs = 2_000;
  expect(runtime.now()).toBe(9_000);
});

test("emit carries the last fact before scheduling as its cause", () => {
  const { clock, runtime, events } = world();
  runtime.schedule(0, () => {
    runtime.emit({ kind: "broker.started", broker: 1 });
    const reply = runtime.replyTo();
    runtime.schedule(5, () => runtime.emit({ kind: "broker.started", broker: 2 }));
    runtime.emit({ kind: "broker.started", broker: 3 });
    reply(() => runtime.emit({ kind: "broker.started", broker: 4 }));
    runtime.deliver(() => runtime.emit({ kind: "broker.started", broker: 5 }));
  });
  clock.moveTo(5_100);
  const causes = events.map((event) =>
    event.kind === "broker.started" ? [event.broker, event.cause] : [],
  );
  expect(causes).toEqual([
    [1, null],
    [3, 0],
    [4, 0],
    [5, null],
    [2, 0],
  ]);
});

test("deliver takes a reply in as an event of now, never inside the call", () => {
  const { clock, runtime } = world();
  const ran: string[] = [];
  runtime.schedule(50, () => ran.push("timer"));
  clock.moveTo(5_010);
  runtime.deliver(() => ran.push(`reply at ${runtime.now()}`));
  expect(ran).toEqual([]);
  clock.moveTo(5_010);
  expect(ran).toEqual(["reply at 5010"]);
  clock.moveTo(5_050);
  expect(ran).toEqual(["reply at 5010", "timer"]);
});

test("an action that throws is told to onError, and the next ones still run", () => {
  const { clock, runtime, errors } = world();
  const ran: string[] = [];
  runtime.schedule(1, () => {
    throw new Error("mine");
  });
  runtime.schedule(1, () => ran.push("next"));
  clock.moveTo(5_001);
  expect(errors).toEqual([new Error("mine")]);
  expect(ran).toEqual(["next"]);
});

test("runUntil runs what is due, and refuses to wait for the outside", () => {
  const { clock, runtime, errors } = world();
  const ran: string[] = [];
  runtime.schedule(0, () => {
    runtime.schedule(0, () => ran.push("due"));
    runtime.schedule(5, () => ran.push("later"));
    runtime.runUntil(() => ran.length === 1);
    ran.push("after the wait");
  });
  clock.moveTo(5_000);
  expect(ran).toEqual(["due", "after the wait"]);
  expect(errors).toEqual([]);

  const other = world();
  other.runtime.schedule(0, () => other.runtime.runUntil(() => false));
  other.clock.moveTo(5_000);
  expect(other.errors).toEqual([
    expect.objectContaining({ name: "LiveError", code: "CONTEXT_STATE" }),
  ]);
});

test("an action that throws inside runUntil ends the action that waits", () => {
  const { clock, runtime, errors } = world();
  runtime.schedule(0, () => {
    runtime.schedule(0, () => {
      throw new Error("inner");
    });
    runtime.runUntil(() => false);
  });
  clock.moveTo(5_000);
  expect(errors).toEqual([new Error("inner")]);
});

test("stop leaves nothing behind, what is due included", () => {
  const { clock, runtime } = world();
  const ran: string[] = [];
  runtime.schedule(0, () => {
    ran.push("first");
    runtime.stop();
  });
  runtime.schedule(0, () => ran.push("second"));
  clock.moveTo(5_000);
  runtime.deliver(() => ran.push("late"));
  clock.moveTo(6_000);
  expect(ran).toEqual(["first"]);
  expect(clock.timers).toBe(0);
});
