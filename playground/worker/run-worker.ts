/** Runs one program in its lesson's world, off the page's thread, and tells the page what happened
 *  while it happens. */

import {
  type BatchOutput,
  inspectBatch,
  type LogRecord,
  type Program,
  Run,
  StreamscopeError,
  type TraceEvent,
  type TraceKind,
  type WorldSpec,
} from "streamscope";
import { type Check, type Verdict, withSettings } from "streamscope/lesson";
import { confine } from "./confine.ts";
import { type CompiledCell, compileCell, loadCell, makeStreamscopeUrl } from "./evaluate.ts";
import type { FromWorker, Problem, RunRequest, Site, ToWorker } from "./messages.ts";

/** Real milliseconds of stepping between two messages. */
const sliceMs = 20;
/** Records of a partition's log that the page is told. */
const logRecordsMax = 400;

/** After these facts the person's code is about to be called. They are told at once, so that the
 *  page knows where it was when it did not come back. */
const beforeUserCode: ReadonlySet<TraceKind> = new Set<TraceKind>([
  "run.started",
  "driver.started",
  "batch.planned",
  "output.started",
  "stage.submitted",
  "task.started",
]);

const worlds = import.meta.glob<WorldSpec>("../../lessons/*/world.ts", {
  eager: true,
  import: "world",
});
const checks = import.meta.glob<Check>("../../lessons/*/check.ts", {
  eager: true,
  import: "check",
});

// Taken before the worker is confined: a cell must not reach them, we must.
const say: (message: FromWorker) => void = globalThis.postMessage.bind(globalThis);
const readClock: () => number = performance.now.bind(performance);
const streamscopeUrl = makeStreamscopeUrl();

function worldFile(lesson: string): string {
  return `../../lessons/${lesson}/world.ts`;
}

/** What the worker was asked to run; kept for inspections, which must run the very same. */
interface Subject {
  readonly program: Program;
  readonly world: WorldSpec;
  readonly faults: string;
  readonly collectOutputs: boolean;
}

let subject: Subject | null = null;
/** The last event of its run. */
let lastSeq = 0;

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === "run") void start(data);
  else inspect(data.batchTimeMs);
});
// A promise the person's code left behind; the run does not wait for it, and it must not pass
// unseen.
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  say({ kind: "rejected", problem: describeProblem(event.reason, null) });
});
// The cell's own frame may lie deep below the engine's.
Reflect.set(Error, "stackTraceLimit", 60);
confine();
say({ kind: "ready" });

async function start(request: RunRequest): Promise<void> {
  let cell: CompiledCell | null = null;
  try {
    cell = compileCell(request.text, request.file, streamscopeUrl);
    say({ kind: "events", events: [] });
    const { program, settings } = await loadCell(cell, request.text, request.file);
    const { faults: _, ...calm } = worlds[worldFile(request.lesson)] ?? {};
    const world = withSettings(calm, settings);
    const { faults, judge: collectOutputs } = request;
    subject = { program, world, faults, collectOutputs };
    execute(subject, request, cell);
  } catch (thrown) {
    say({ kind: "rejected", problem: describeProblem(thrown, cell) });
  }
}

function execute(what: Subject, request: RunRequest, cell: CompiledCell): void {
  const outputs: BatchOutput[] = [];
  const run = new Run({
    ...what,
    source: request.file,
    onOutput: (output) => outputs.push(output),
  });
  const events: TraceEvent[] = [];
  let told = 0;
  let toldAt = readClock();
  const tell = (): void => {
    say({ kind: "events", events: events.slice(told) });
    told = events.length;
    toldAt = readClock();
  };
  run.trace.listen((event) => {
    events.push(event);
    if (beforeUserCode.has(event.kind)) tell();
  });
  while (run.ended === null && events.length < request.eventsMax && run.step()) {
    if (readClock() - toldAt > sliceMs) tell();
  }
  tell();
  lastSeq = events.length - 1;
  say({
    kind: "ended",
    reason: run.ended,
    problem: problemOfRun(run, events.length >= request.eventsMax ? request : null, cell),
    summary: run.summary(),
    sites: run.sites().map((site): Site => ({ node: site.node, ...cell.original(site) })),
    log: readLogs(run, events),
    verdict: request.judge ? judge(request.lesson, events, outputs) : null,
  });
}

function problemOfRun(run: Run, stopped: RunRequest | null, cell: CompiledCell): Problem | null {
  if (run.failure !== null) return describeProblem(run.failure, cell);
  if (stopped === null) return null;
  return {
    name: "ScenarioError",
    code: "RUN_LIMIT",
    message:
      `the run was stopped after ${stopped.eventsMax} events; ` +
      "its world has no end: give it `batches` or `untilMs`",
    place: {},
  };
}

function judge(
  lesson: string,
  events: readonly TraceEvent[],
  outputs: readonly BatchOutput[],
): Verdict | null {
  const check = checks[`../../lessons/${lesson}/check.ts`];
  if (check === undefined) return null;
  return check.judge({
    events,
    outputs: outputs.map(({ timeMs, output, operator, records }) => ({
      timeMs,
      output,
      operator,
      records: records ?? [],
    })),
  });
}

/** Of the partitions there are in the end: topics grow, and may be deleted. */
function readLogs(run: Run, events: readonly TraceEvent[]): LogRecord[] {
  const partitions = new Map<string, number>();
  for (const event of events) {
    if (event.kind === "topic.created") partitions.set(event.topic, event.leaders.length);
    if (event.kind === "topic.deleted") partitions.delete(event.topic);
    if (event.kind !== "partition.changed") continue;
    // Internal topics were never created, and have no records to show.
    const known = partitions.get(event.topic);
    if (known !== undefined && event.partition >= known) {
      partitions.set(event.topic, event.partition + 1);
    }
  }
  return [...partitions].flatMap(([topic, count]) =>
    Array.from({ length: count }, (_, partition) => partition).flatMap((partition) =>
      run.readLog(topic, partition).slice(0, logRecordsMax),
    ),
  );
}

function inspect(batchTimeMs: number): void {
  if (subject === null) return;
  try {
    const inspection = inspectBatch(subject, batchTimeMs, lastSeq);
    say({ kind: "inspected", batchTimeMs, inspection });
  } catch {
    // A batch that failed cannot be computed a second time either; its error is already told.
    say({ kind: "inspected", batchTimeMs, inspection: null });
  }
}

function describeProblem(thrown: unknown, cell: CompiledCell | null): Problem {
  if (!(thrown instanceof StreamscopeError)) {
    const place = thrown instanceof Error && cell !== null ? placeInCell(thrown, cell) : {};
    return { name: "Error", code: "USER_FUNCTION", message: describeThrown(thrown), place };
  }
  const { name, code, message, place } = thrown;
  // A position from a stack is one of the stripped code; a syntax error's is of the text already.
  const { line, column = 1 } = place;
  if (line === undefined || cell === null || code === "PIPELINE_SYNTAX") {
    return { name, code, message, place };
  }
  return { name, code, message, place: { ...place, ...cell.original({ line, column }) } };
}

function describeThrown(thrown: unknown): string {
  return thrown instanceof Error
    ? `${thrown.name}: ${thrown.message}`
    : `thrown: ${String(thrown)}`;
}

/** The innermost frame of the cell in the stack of an error nobody caught. */
function placeInCell(error: Error, cell: CompiledCell): Problem["place"] {
  const frame = /\b(\w+\.ts):(\d+):(\d+)/.exec(error.stack ?? "");
  if (frame === null) return {};
  return cell.original({ line: Number(frame[2]), column: Number(frame[3]) });
}
