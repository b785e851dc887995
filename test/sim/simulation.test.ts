// Goal: virtual time, and the causes by which one fact leads to the next.
import { describe, expect, test } from "vitest";
import { Simulation } from "../../core/sim/simulation.ts";
import type { TraceEvent } from "../../core/trace/event.ts";
import { Trace } from "../../core/trace/trace.ts";

function simulate(seed = 1): { simulation: Simulation; events: TraceEvent[]; trace: Trace } {
  const trace = new Trace();
  const events: TraceEvent[] = [];
  trace.listen((event) => events.push(event));
  return { simulation: new Simulation({ seed, trace }), events, trace };
}

function stepAll(simulation: Simulation): void {
  while (simulation.step()) {
    // Each step is one action.
  }
}

/** A fact whose number tells it from others. */
function stopped(broker: number): { readonly kind: "broker.stopped"; readonly broker: number } {
  return { kind: "broker.stopped", broker };
}

describe("virtual time", () => {
  test("jumps to the next action, and stands while none runs", () => {
    const { simulation } = simulate();
    const seen: number[] = [];
    for (const delayMs of [3_600_000, 5, 70]) {
      simulation.schedule(delayMs, () => seen.push(simulation.now()));
    }
    expect([simulation.now(), simulation.nextAtMs]).toEqual([0, 5]);
    stepAll(simulation);
    expect(seen).toEqual([5, 70, 3_600_000]);
    expect([simulation.now(), simulation.nextAtMs]).toEqual([3_600_000, null]);
    expect(simulation.step()).toBe(false);
  });

  test("runs what is scheduled for now after what was scheduled for now before", () => {
    const { simulation } = simulate();
    const ran: string[] = [];
    simulation.schedule(5, () => {
      ran.push("a");
      simulation.schedule(0, () => ran.push("from a"));
    });
    simulation.schedule(5, () => ran.push("b"));
    stepAll(simulation);
    expect(ran).toEqual(["a", "b", "from a"]);
  });

  test("takes no action of the past", () => {
    expect(() => simulate().simulation.schedule(-1, () => {})).toThrow("now or later");
  });
});

describe("an interrupt", () => {
  test("runs before all that is queued, at the time it was made", () => {
    const { simulation } = simulate();
    const ran: [string, number][] = [];
    const note = (name: string) => () => ran.push([name, simulation.now()]);
    simulation.schedule(5, () => {
      note("a")();
      simulation.interrupt(note("first interrupt"));
      simulation.interrupt(note("second interrupt"));
    });
    simulation.schedule(5, note("b"));
    simulation.schedule(9, note("c"));
    stepAll(simulation);
    expect(ran).toEqual([
      ["a", 5],
      ["first interrupt", 5],
      ["second interrupt", 5],
      ["b", 5],
      ["c", 9],
    ]);
  });

  test("has the fact that was last as its cause", () => {
    const { simulation, events } = simulate();
    simulation.schedule(5, () => {
      simulation.emit(stopped(1));
      simulation.interrupt(() => simulation.emit(stopped(2)));
    });
    stepAll(simulation);
    expect(events.map(({ cause }) => cause)).toEqual([null, 0]);
  });
});

describe("runUntil", () => {
  test("runs what is due until the condition holds, and not more", () => {
    const { simulation } = simulate();
    const ran: number[] = [];
    for (const delayMs of [10, 20, 30]) simulation.schedule(delayMs, () => ran.push(delayMs));
    simulation.runUntil(() => ran.includes(20));
    expect(ran).toEqual([10, 20]);
    expect(simulation.now()).toBe(20);
    simulation.runUntil(() => true);
    expect(ran).toEqual([10, 20]);
  });

  test("may be called by an action, and gives it its cause back", () => {
    const { simulation, events } = simulate();
    simulation.schedule(10, () => {
      simulation.emit(stopped(1));
      let isDone = false;
      simulation.schedule(5, () => {
        simulation.emit(stopped(2));
        simulation.emit(stopped(3));
        isDone = true;
      });
      simulation.runUntil(() => isDone);
      simulation.emit(stopped(4));
    });
    stepAll(simulation);
    expect(events.map(({ cause }) => cause)).toEqual([null, 0, 1, 0]);
    expect(events.map(({ atMs }) => atMs)).toEqual([10, 15, 15, 15]);
  });

  test("says so when nothing is left that could end the wait", () => {
    const { simulation } = simulate();
    simulation.schedule(10, () => {});
    expect(() => simulation.runUntil(() => false)).toThrow("something must be left");
  });
});

describe("causes", () => {
  test("go from the fact before scheduling to the facts of the action, one after the other", () => {
    const { simulation, events } = simulate();
    simulation.schedule(1, () => {
      simulation.emit(stopped(0));
      simulation.schedule(10, () => simulation.emit(stopped(2)));
      simulation.emit(stopped(1));
      simulation.schedule(5, () => {
        simulation.emit(stopped(3));
        simulation.emit(stopped(4));
      });
    });
    simulation.schedule(20, () => simulation.emit(stopped(5)));
    stepAll(simulation);
    const causeOf = new Map(
      events.map((event) => [event.kind === "broker.stopped" ? event.broker : -1, event]),
    );
    const cause = (broker: number): number | null | undefined => causeOf.get(broker)?.cause;
    const seq = (broker: number): number | undefined => causeOf.get(broker)?.seq;
    expect(cause(0)).toBeNull();
    expect(cause(1)).toBe(seq(0));
    expect(cause(2)).toBe(seq(0));
    expect(cause(3)).toBe(seq(1));
    expect(cause(4)).toBe(seq(3));
    expect(cause(5)).toBeNull();
  });
});

describe("random streams", () => {
  test("are one per name, which goes on where it was", () => {
    const { simulation } = simulate(3);
    const [once, again] = [simulate(3).simulation, simulation.random("a")];
    const whole = Array.from({ length: 6 }, () => once.random("a").below(1_000));
    const parts = [again.below(1_000), again.below(1_000)];
    for (let draw = 0; draw < 4; draw += 1) parts.push(simulation.random("a").below(1_000));
    expect(parts).toEqual(whole);
  });

  test("differ by seed and by name", () => {
    const draws = (seed: number, name: string): string =>
      Array.from({ length: 8 }, () => simulate(seed).simulation.random(name).below(1_000)).join();
    expect(new Set([draws(1, "a"), draws(2, "a"), draws(1, "b")]).size).toBe(3);
  });
});
