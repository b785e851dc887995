/** Goal: a run can be walked both ways, and a fork shares its past. Method: one small world. */

import { describe, expect, it } from "vitest";
import { type FaultSpec, Session } from "streamscope";
import { clicksWorld, runningCount } from "../kit/clicks.ts";
import { runWorld } from "../kit/run-world.ts";

const options = { program: runningCount, world: clicksWorld };
const whole = runWorld(options);

describe("Session", () => {
  it.each(["event", "task", "stage", "batch"] as const)(
    "step(%s) forward to the end and back to the start visits the same places",
    (granularity) => {
      const session = new Session(options);
      const forward: number[] = [];
      while (session.step(granularity)) forward.push(session.position);
      const back: number[] = [];
      while (session.step(granularity, -1)) back.push(session.position);
      expect(forward.at(-1)).toBe(whole.events.length - 1);
      expect(back.at(-1)).toBe(-1);
      expect(back.slice(0, -1).reverse()).toEqual(forward.slice(0, -1));
    },
  );

  it("step() runs the engine only as far as it needs", () => {
    const session = new Session(options);
    session.step("batch");
    expect(session.event?.kind).toBe("batch.completed");
    expect(session.engine.nowMs).toBeLessThan(2000);
  });

  it("seek(seq) gives the same world from either side", () => {
    const session = new Session(options);
    session.seek(200);
    const first = session.snapshot;
    session.seek(whole.events.length + 10);
    expect(session.position).toBe(whole.events.length - 1);
    session.seek(200);
    expect(session.snapshot).toEqual(first);
  });

  it("run() and pause() let advance() move, and hold it", () => {
    const session = new Session(options);
    expect(session.advance(10)).toBe(false);
    session.run();
    expect(session.advance(10)).toBe(true);
    expect(session.position).toBe(9);
    session.pause();
    expect(session.advance(10)).toBe(false);
    session.run();
    while (session.advance(1000)) {
      // To the end.
    }
    expect(session.isRunning).toBe(false);
    expect(session.engine.trace.hash).toBe(whole.run.trace.hash);
  });

  it("fork(faults) keeps the past and changes what follows", () => {
    const session = new Session(options);
    session.seek(150);
    const faults: FaultSpec[] = [{ kind: "crashDriver", afterSeq: 150 }];
    const forked = session.fork(faults);
    expect(forked.position).toBe(150);
    expect(forked.snapshot).toEqual(session.snapshot);
    // The action that told event 150 ends first; then the driver dies.
    do forked.step("event");
    while (forked.event?.atMs === session.event?.atMs && forked.event?.kind !== "fault.injected");
    expect(forked.event).toMatchObject({ kind: "fault.injected", fault: "crash driver" });
  });

  it("inspect(batch) tells what passed between operators, and the state before and after", () => {
    const session = new Session(options);
    expect(session.inspect(2000).flows).toEqual([]);
    session.seek(whole.events.length);
    const { flows, states } = session.inspect(2000);
    const read = flows.filter(({ operator }) => operator === "createDirectStream");
    expect(read.reduce((sum, { total }) => sum + total, 0)).toBe(5);
    expect(
      flows.some(({ operator, records }) => operator === "map" && records.includes("(page1,1)")),
    ).toBe(true);
    const page1 = states.find(({ key }) => key === "page1");
    expect(Number(page1?.after)).toBeGreaterThan(Number(page1?.before));
  });
});
