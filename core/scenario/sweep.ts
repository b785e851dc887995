/** Crash sweep: the same run once for every moment of a window at which something can crash, each
 *  compared with the run in which nothing does.
 *
 *  Faults strike between two actions of the world, so that events of one action share a moment.
 *  Output operations are compared by what they were computed from: an input record is delivered
 *  once for every time an output was through whose batch had read it. Topics that the pipeline
 *  writes are compared by what a reader finds in them: every record, or the last of each key where
 *  the topic is compacted. */

import { compareNumbers } from "../base/order.ts";
import { readFaults } from "./fault-script.ts";
import type { FaultScript, FaultSpec } from "./faults.ts";
import { Run } from "./run.ts";
import type { Program, WorldSpec } from "./scenario.ts";
import type { SweepTarget } from "./sweep-target.ts";
import { compareRuns, Delivered, type Difference, sinkTopics } from "./sweep-compare.ts";

export interface SweepOptions {
  readonly program: Program;
  readonly world: WorldSpec;
  readonly crash: SweepTarget;
  /** The first and the last batch of the window, 1 for the first of the run. */
  readonly batches: { readonly from: number; readonly to: number };
  /** Which executor or broker; the first. */
  readonly id?: number;
  /** Beside those of the world, in every run. */
  readonly faults?: FaultScript;
  /** Told before each run. */
  readonly onRun?: (done: number, of: number) => void;
}

/** Worst first: of a run with several, the first counts. */
export const verdicts = ["lost", "duplicated", "reordered", "right"] as const;
export type SweepVerdict = (typeof verdicts)[number];

export interface SweptRun {
  /** The crash came right after it. */
  readonly afterSeq: number;
  readonly atMs: number;
  /** The kind of that event. */
  readonly event: string;
  readonly verdict: SweepVerdict;
  /** How many records, and the first of each. */
  readonly lost: Difference;
  readonly duplicated: Difference;
  readonly reordered: Difference;
  /** The line of a fault script that makes this run. */
  readonly script: string;
  /** What the run failed with; null when it ended well. */
  readonly failure: string | null;
}

export interface Sweep {
  readonly runs: readonly SweptRun[];
  /** Runs by their verdict. */
  readonly counts: Readonly<Record<SweepVerdict, number>>;
  /** Events of the window; several may share a moment. */
  readonly events: number;
}

/** A run with limits is given so much longer to recover. */
const RECOVERY_BATCHES = 20;

interface Moment {
  readonly afterSeq: number;
  readonly atMs: number;
  readonly event: string;
}

/** Runs the program once undisturbed, and once for every moment of the window.
 *  Throws: ScenarioError BAD_WORLD, FAULT_SCRIPT. */
export function sweep(options: SweepOptions): Sweep {
  const calm = new Delivered(options.world);
  const { moments, events } = runCalm(options, calm);
  const runs: SweptRun[] = [];
  for (const [index, moment] of moments.entries()) {
    options.onRun?.(index, moments.length);
    runs.push(runCrashed(options, calm, moment));
  }
  const countOf = (verdict: SweepVerdict): number =>
    runs.filter((run) => run.verdict === verdict).length;
  const counts = {
    lost: countOf("lost"),
    duplicated: countOf("duplicated"),
    reordered: countOf("reordered"),
    right: countOf("right"),
  };
  return { runs, counts, events };
}

/** Gives the moments of the window, and how many events it has. */
function runCalm(
  options: SweepOptions,
  calm: Delivered,
): { readonly moments: readonly Moment[]; readonly events: number } {
  const { from, to } = options.batches;
  const intervalMs = options.world.batchIntervalMs ?? 1000;
  // By the number of the action that told it; the last event of each.
  const moments = new Map<number, Moment>();
  let zeroMs: number | null = null;
  let [events, isOpen, isOver] = [0, false, false];
  const run = makeRun(options, options.world, [], calm);
  run.trace.listen((event) => {
    if (event.kind === "driver.started") zeroMs ??= event.zeroTimeMs;
    const timeMs = "batchTimeMs" in event ? event.batchTimeMs : null;
    const number = timeMs === null ? null : (timeMs - (zeroMs ?? 0)) / intervalMs;
    if (number !== null && number >= from) isOpen = true;
    const isNext = event.kind === "batch.planned" && (number ?? 0) > to;
    if (isNext || event.kind === "run.ended") isOver = true;
    if (!isOpen || isOver) return;
    events += 1;
    moments.set(run.actions, { afterSeq: event.seq, atMs: event.atMs, event: event.kind });
  });
  run.runToEnd();
  return { moments: [...moments.values()], events };
}

function runCrashed(options: SweepOptions, calm: Delivered, moment: Moment): SweptRun {
  const { crash, id = 1, world } = options;
  const script = `after event ${moment.afterSeq} ${crashLine(crash, id)}`;
  const crashed = new Delivered(world);
  const run = makeRun(options, withTime(world), readFaults(script), crashed);
  run.runToEnd();
  const differences = compareRuns(calm, crashed);
  const verdict = verdicts.find((one) => one !== "right" && differences[one].count > 0) ?? "right";
  const failure = run.failure?.message ?? null;
  return { ...moment, verdict, ...differences, script, failure };
}

function crashLine(crash: SweepTarget, id: number): string {
  switch (crash) {
    case "driver":
      return "crash driver";
    case "executor":
      return `lose executor ${id}`;
    case "broker":
      return `for 15000 crash broker ${id}`;
    case "sink":
      return "for 1000 break sink";
  }
}

function withTime(world: WorldSpec): WorldSpec {
  const { batches, untilMs, batchIntervalMs = 1000 } = world;
  return {
    ...world,
    ...(batches === undefined ? {} : { batches: batches + RECOVERY_BATCHES }),
    ...(untilMs === undefined ? {} : { untilMs: untilMs + RECOVERY_BATCHES * batchIntervalMs }),
  };
}

function makeRun(
  options: SweepOptions,
  world: WorldSpec,
  faults: readonly FaultSpec[],
  delivered: Delivered,
): Run {
  const isolation = "read_committed";
  const asked = sinkTopics(world).map((topic) => ({ topic, isolation }) as const);
  const run = new Run({
    program: options.program,
    world: { ...world, readBack: [...(world.readBack ?? []), ...asked] },
    faults: [...readFaults(options.faults ?? []), ...faults],
    onOutput: (output) => delivered.take(output),
  });
  const sinks = new Set(sinkTopics(world));
  run.trace.listen((event) => {
    if (event.kind !== "contents.read" || event.isolation !== isolation) return;
    if (sinks.delete(event.topic)) delivered.found(event);
  });
  return run;
}

/** The runs with a verdict, the earliest first. */
export function runsWith(swept: Sweep, verdict: SweepVerdict): readonly SweptRun[] {
  return swept.runs
    .filter((run) => run.verdict === verdict)
    .toSorted((a, b) => compareNumbers(a.afterSeq, b.afterSeq));
}
