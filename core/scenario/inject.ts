/** Waits for the moment of each fault, and hands it to the file that says what it does. */

import { assert } from "../base/assert.ts";
import type { Fields, FaultTargets } from "../faults/fault.ts";
import type { Simulation } from "../sim/simulation.ts";
import type { FactOf, TraceEvent } from "../trace/event.ts";
import type { Trace } from "../trace/trace.ts";
import { printAction, printFault } from "./fault-script.ts";
import { faultNamed, type FaultSpec } from "./faults.ts";
import { watchMilestone } from "./milestones.ts";
import type { FieldValue } from "./phrase.ts";

export interface FaultPlanOptions {
  readonly faults: readonly FaultSpec[];
  readonly simulation: Simulation;
  readonly trace: Trace;
  readonly batchIntervalMs: number;
  readonly targets: FaultTargets;
}

/** A fault that waits for an event. */
interface Watched {
  readonly spec: FaultSpec;
  readonly isReached: (event: TraceEvent) => boolean;
}

export class FaultPlan {
  readonly #options: FaultPlanOptions;
  /** Those whose moment has not come, and those that found nothing to strike. */
  readonly #unused = new Map<FaultSpec, FactOf<"fault.unused">["reason"]>();
  #watched: readonly Watched[];
  #zeroMs: number | null = null;

  /** Events are listened for at once; times count from `start`. */
  constructor(options: FaultPlanOptions) {
    const { faults, trace } = options;
    this.#options = options;
    for (const spec of faults) this.#unused.set(spec, "its moment never came");
    this.#watched = faults.flatMap((spec) => this.#watch(spec));
    if (this.#watched.length > 0) trace.listen((event) => this.#heard(event));
  }

  start(): void {
    const { faults, simulation } = this.#options;
    for (const spec of faults) {
      if ("atMs" in spec) simulation.schedule(spec.atMs, () => this.#inject(spec));
    }
  }

  /** Tells of the faults of a run that is over which never struck. Emits: fault.unused. */
  tellUnused(): void {
    for (const [spec, reason] of this.#unused) {
      const [fault, script] = [printAction(spec), printFault(spec)];
      this.#options.simulation.emit({ kind: "fault.unused", fault, script, reason });
    }
  }

  #watch(spec: FaultSpec): readonly Watched[] {
    if ("atMs" in spec) return [];
    if ("afterSeq" in spec) return [{ spec, isReached: ({ seq }) => seq === spec.afterSeq }];
    const { batchIntervalMs } = this.#options;
    const batchMs = (batch: number): number => (this.#zeroMs ?? 0) + batch * batchIntervalMs;
    return [{ spec, isReached: watchMilestone(spec.after, { batchMs }) }];
  }

  #heard(event: TraceEvent): void {
    if (event.kind === "driver.started") this.#zeroMs ??= event.zeroTimeMs;
    const left = this.#watched.filter(({ isReached }) => !isReached(event));
    if (left.length === this.#watched.length) return;
    const due = this.#watched.filter((one) => !left.includes(one));
    this.#watched = left;
    for (const { spec } of due) this.#options.simulation.interrupt(() => this.#inject(spec));
  }

  /** Says what happens, and does it; nothing where there is nothing to strike. */
  #inject(spec: FaultSpec): void {
    const { targets, simulation } = this.#options;
    const fault = faultNamed(spec.kind);
    assert(fault !== null, "a fault was checked", { kind: spec.kind });
    const values = ownValues(spec, fault.fields);
    if (fault.isPossible?.(targets, values) === false) {
      this.#unused.set(spec, "there was nothing to strike");
      return;
    }
    this.#unused.delete(spec);
    const struck = fault.strikes?.(targets);
    const what = printAction(spec);
    simulation.emit({
      kind: "fault.injected",
      fault: struck === undefined ? what : `${what} (${struck})`,
      script: printFault(spec),
    });
    const release = fault.inject(values, targets);
    const lastsMs = "forMs" in spec ? spec.forMs : undefined;
    if (release !== undefined && lastsMs !== undefined) targets.schedule(lastsMs, release);
  }
}

/** Without its name and its time. */
function ownValues(spec: FaultSpec, fields: Fields): Readonly<Record<string, FieldValue>> {
  return Object.fromEntries(Object.entries(spec).filter(([name]) => name in fields));
}
