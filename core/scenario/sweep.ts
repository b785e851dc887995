/** Crash sweep: the same run once for every moment of a window at which something can crash, each
 *  compared with the run in which nothing does.
 *
 *  Faults strike between two actions of the world, so that events of one action share a moment.
 *  Output operations are compared by what they were computed from: an input record is delivered
 *  once for every time an output was through whose batch had read it. Topics that the pipeline
 *  writes are compared by what a reader finds in them: every record, or the last of each key where
 *  the topic is compacted. */

import { ScenarioError } from "../base/errors.ts";
import { compareNumbers } from "../base/order.ts";
import { SINK_ERROR } from "../scheduler/sink-condition.ts";
import type { TraceEvent } from "../trace/event.ts";
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
  /** What is compared: output operations, topics that the pipeline writes, or (when left out)
   *  both. */
  readonly outputs?: "operations" | "topics";
  /** Beside those of the world, in every run. */
  readonly faults?: FaultScript;
  /** Told before each run. */
  readonly onRun?: (done: number, of: number) => void;
}

/** Worst first: of a run with several, the first counts. A run is not exercised when its fault met
 *  no target: no sink was written while it was broken, no executor was there to lose. */
export const verdicts = ["lost", "duplicated", "reordered", "right", "not exercised"] as const;
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

/** A run is given so much longer to recover: the session of a broker, or a transaction that nobody
 *  ends (60 s, and 10 s until its coordinator looks), whose offsets the next driver waits for. */
const RECOVERY_MS = 90_000;

interface Moment {
  readonly afterSeq: number;
  readonly atMs: number;
  readonly event: string;
}

/** Runs the program once undisturbed, and once for every moment of the window.
 *  Throws: ScenarioError BAD_WORLD, FAULT_SCRIPT; BAD_OPTION for a window that no batch is in. */
export function sweep(options: SweepOptions): Sweep {
  const world = withTime(options);
  const calm = new Delivered(world);
  const { moments, events } = runCalm(options, world, calm);
  const runs: SweptRun[] = [];
  for (const [index, moment] of moments.entries()) {
    options.onRun?.(index, moments.length);
    runs.push(runCrashed(options, world, calm, moment));
  }
  const countOf = (verdict: SweepVerdict): number =>
    runs.filter((run) => run.verdict === verdict).length;
  const counts = {
    lost: countOf("lost"),
    duplicated: countOf("duplicated"),
    reordered: countOf("reordered"),
    right: countOf("right"),
    "not exercised": countOf("not exercised"),
  };
  return { runs, counts, events };
}

/** Gives the moments of the window, and how many events it has. */
function runCalm(
  options: SweepOptions,
  world: WorldSpec,
  calm: Delivered,
): { readonly moments: readonly Moment[]; readonly events: number } {
  const { from, to } = options.batches;
  const intervalMs = options.world.batchIntervalMs ?? 1000;
  // By the number of the action that told it; the last event of each.
  const moments = new Map<number, Moment>();
  let zeroMs: number | null = null;
  let [events, isOpen, isOver] = [0, false, false];
  let last = 0;
  const run = makeRun(options, limitsOf(options.world, world), [], calm);
  run.trace.listen((event) => {
    if (event.kind === "driver.started") zeroMs ??= event.zeroTimeMs;
    const timeMs = "batchTimeMs" in event ? event.batchTimeMs : null;
    const number = timeMs === null ? null : (timeMs - (zeroMs ?? 0)) / intervalMs;
    if (event.kind === "batch.planned") last = Math.max(last, number ?? 0);
    if (number !== null && number >= from) isOpen = true;
    const isNext = event.kind === "batch.planned" && (number ?? 0) > to;
    if (isNext || event.kind === "run.ended") isOver = true;
    if (!isOpen || isOver) return;
    events += 1;
    moments.set(run.actions, { afterSeq: event.seq, atMs: event.atMs, event: event.kind });
  });
  run.runToEnd();
  if (moments.size === 0) throw emptyWindow(options.batches, last, run.failure?.message ?? null);
  return { moments: [...moments.values()], events };
}

function emptyWindow(
  { from, to }: SweepOptions["batches"],
  last: number,
  failure: string | null,
): ScenarioError {
  const window = from === to ? `batch ${from}` : `batches ${from} to ${to}`;
  const ended = last === 0 ? "had no batch" : `ended with batch ${last}`;
  const why = failure === null ? "" : ` (it failed: ${failure})`;
  const remedy =
    last === 0 ? "" : last === 1 ? "; give batch 1" : `; give batches within 1 to ${last}`;
  return new ScenarioError(
    "BAD_OPTION",
    `no crash can come in ${window}: the undisturbed run ${ended}${why}${remedy}`,
  );
}

/** The undisturbed run keeps the limits it was given: what later batches bring is not missed. */
function limitsOf(given: WorldSpec, longer: WorldSpec): WorldSpec {
  return given.batches === undefined && given.untilMs === undefined ? longer : given;
}

function runCrashed(
  options: SweepOptions,
  world: WorldSpec,
  calm: Delivered,
  moment: Moment,
): SweptRun {
  const { crash, id = 1 } = options;
  const script = `after event ${moment.afterSeq} ${crashLine(crash, id)}`;
  const crashed = new Delivered(world);
  const run = makeRun(options, world, readFaults(script), crashed);
  let isExercised = false;
  run.trace.listen((event) => {
    isExercised ||= event.seq > moment.afterSeq && isStruck(event, crash, id);
  });
  run.runToEnd();
  const differences = compareRuns(calm, crashed);
  const wrong = differenceKinds.find((one) => differences[one].count > 0);
  const verdict = wrong ?? (isExercised ? "right" : "not exercised");
  const failure = run.failure?.message ?? null;
  return { ...moment, verdict, ...differences, script, failure };
}

const differenceKinds = ["lost", "duplicated", "reordered"] as const;

/** What tells that the crash met its target. */
function isStruck(event: TraceEvent, crash: SweepTarget, id: number): boolean {
  switch (crash) {
    case "driver":
      return event.kind === "driver.crashed";
    case "executor":
      return event.kind === "executor.lost" && event.executor === id;
    case "broker":
      return event.kind === "broker.crashed" && event.broker === id;
    case "sink":
      return event.kind === "task.failed" && event.error.includes(SINK_ERROR);
  }
}

function crashLine(crash: SweepTarget, id: number): string {
  switch (crash) {
    case "driver":
      return "crash driver";
    case "executor":
      return `lose executor ${id}`;
    case "broker":
      return `for 15000 crash broker ${id}`;
    // So short that tasks outlive it: what it had taken it has, and they write it again.
    case "sink":
      return "for 15 break sink after writing";
  }
}

/** A run that ends of itself would end before what it wrote can be read: where topics are compared,
 *  it goes on. */
function withTime(options: SweepOptions): WorldSpec {
  const { world, outputs } = options;
  const { batches, untilMs, batchIntervalMs = 1000 } = world;
  const more = Math.ceil(RECOVERY_MS / batchIntervalMs);
  if (batches !== undefined) return { ...world, batches: batches + more };
  if (untilMs !== undefined) return { ...world, untilMs: untilMs + RECOVERY_MS };
  if (outputs === "operations" || sinkTopics(world).length === 0) return world;
  const calm = makeRun(options, world, [], new Delivered(world));
  calm.runToEnd();
  return { ...world, untilMs: calm.nowMs + RECOVERY_MS };
}

function makeRun(
  options: SweepOptions,
  world: WorldSpec,
  faults: readonly FaultSpec[],
  delivered: Delivered,
): Run {
  const isolation = "read_committed";
  const sinks = new Set(options.outputs === "operations" ? [] : sinkTopics(world));
  const asked = [...sinks].map((topic) => ({ topic, isolation }) as const);
  const run = new Run({
    program: options.program,
    world: {
      ...world,
      readBack: [...(world.readBack ?? []), ...asked],
    },
    faults: [...readFaults(options.faults ?? []), ...faults],
    onOutput: (output) => {
      if (options.outputs !== "topics") delivered.take(output);
    },
  });
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
