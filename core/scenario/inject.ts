/** Hands a fault to the file that says what it does, when its moment has come. */

import { assert } from "../base/assert.ts";
import type { Fields, FaultTargets } from "../faults/fault.ts";
import type { Simulation } from "../sim/simulation.ts";
import type { TraceEvent } from "../trace/event.ts";
import type { Trace } from "../trace/trace.ts";
import { printAction, printFault } from "./fault-script.ts";
import { faultNamed, type FaultSpec } from "./faults.ts";
import { watchMilestone } from "./milestones.ts";
import type { FieldValue } from "./phrase.ts";

/** Says what happens, and does it; nothing where there is nothing to strike. */
export function injectFault(spec: FaultSpec, targets: FaultTargets, simulation: Simulation): void {
  const fault = faultNamed(spec.kind);
  assert(fault !== null, "a fault was checked", { kind: spec.kind });
  if (fault.isPossible?.(targets) === false) return;
  const struck = fault.strikes?.(targets);
  const what = printAction(spec);
  simulation.emit({
    kind: "fault.injected",
    fault: struck === undefined ? what : `${what} (${struck})`,
    script: printFault(spec),
  });
  const release = fault.inject(ownValues(spec, fault.fields), targets);
  const lastsMs = "forMs" in spec ? spec.forMs : undefined;
  if (release !== undefined && lastsMs !== undefined) targets.schedule(lastsMs, release);
}

/** Without its name and its time. */
function ownValues(spec: FaultSpec, fields: Fields): Readonly<Record<string, FieldValue>> {
  return Object.fromEntries(Object.entries(spec).filter(([name]) => name in fields));
}

export interface FaultPlan {
  readonly faults: readonly FaultSpec[];
  readonly simulation: Simulation;
  readonly trace: Trace;
  readonly batchIntervalMs: number;
  readonly inject: (fault: FaultSpec) => void;
}

/** Waits for the moment of every fault: events are listened for at once, times count from the
 *  function it gives. */
export function planFaults(plan: FaultPlan): { start(): void } {
  const { faults, simulation, trace, batchIntervalMs, inject } = plan;
  const bySeq = new Map<number, FaultSpec[]>();
  let zeroMs: number | null = null;
  const batchMs = (batch: number): number => (zeroMs ?? 0) + batch * batchIntervalMs;
  let watched: { readonly spec: FaultSpec; readonly isReached: (event: TraceEvent) => boolean }[] =
    [];
  for (const spec of faults) {
    if ("afterSeq" in spec) bySeq.set(spec.afterSeq, [...(bySeq.get(spec.afterSeq) ?? []), spec]);
    if (!("after" in spec)) continue;
    watched.push({ spec, isReached: watchMilestone(spec.after, { batchMs }) });
  }
  if (bySeq.size > 0 || watched.length > 0) {
    trace.listen((event) => {
      if (event.kind === "driver.started") zeroMs ??= event.zeroTimeMs;
      const due = [...(bySeq.get(event.seq) ?? [])];
      const left = watched.filter(({ isReached }) => !isReached(event));
      if (left.length < watched.length) {
        due.push(...watched.filter((one) => !left.includes(one)).map(({ spec }) => spec));
        watched = left;
      }
      for (const spec of due) simulation.interrupt(() => inject(spec));
    });
  }
  return {
    start: () => {
      for (const spec of faults) {
        if ("atMs" in spec) simulation.schedule(spec.atMs, () => inject(spec));
      }
    },
  };
}
