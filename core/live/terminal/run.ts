/** `streamscope run`: one pipeline, simulated or on a real Kafka; its batches are printed. The
 *  engine is imported where it is used: it loads while TypeScript checks the pipeline. */

import { writeSync } from "node:fs";
import { basename } from "node:path";
import pc from "picocolors";
import { StreamscopeError } from "../../base/errors.ts";
import type { BatchOutput, WorldSpec } from "../../scenario/scenario.ts";
import type { Trace } from "../../trace/trace.ts";
import type { LiveRun } from "../live-run.ts";
import { printOutput, printSummary } from "./batch-printer.ts";
import { checkInput } from "./input-lines.ts";
import { knownTopics, standardInputFeeds, worldOfRun } from "./input-workload.ts";
import { type LoadedPipeline, loadPipeline } from "./pipeline-module.ts";
import { Progress } from "./progress.ts";
import { parseRunOptions, type RunOptions } from "./run-options.ts";
import { readScript } from "./fault-file.ts";
import { TextSink } from "./text-sink.ts";
import { shortPath } from "./type-check.ts";

const simulatedRate = 1_000;
const liveRate = 10_000;
const interruptedCode = 130;

/** What a run writes, and where. */
interface Sinks {
  readonly out: TextSink;
  readonly trace: TextSink | null;
  readonly progress: Progress;
}

/** Gives the exit code. Throws: StreamscopeError, with its place where that is known. */
export async function run(args: readonly string[]): Promise<number> {
  const options = parseRunOptions(args);
  for (const { file } of options.inputs) checkInput(file);
  const loaded = await loadPipeline(options.pipeline, options.world);
  const isLive = options.live || options.broker !== null;
  const world = worldOfRun(loaded.world, options, isLive ? liveRate : simulatedRate);
  const sinks = {
    out: new TextSink(1, "standard output"),
    trace: options.trace === null ? null : TextSink.open(options.trace),
    progress: new Progress(),
  };
  try {
    if (isLive) await runLive(loaded, world, options, sinks);
    else await runSimulated(loaded, world, options, sinks);
    return 0;
  } finally {
    sinks.progress.end();
    sinks.out.flush();
    sinks.trace?.close();
  }
}

function listen(trace: Trace, sinks: Sinks): void {
  trace.listen((event, line) => {
    sinks.trace?.line(line);
    sinks.progress.take(event);
  });
}

function print(sinks: Sinks, output: BatchOutput, json: boolean): void {
  sinks.progress.end();
  printOutput(sinks.out, output, json);
  sinks.out.flush();
}

async function runSimulated(
  loaded: LoadedPipeline,
  world: WorldSpec,
  options: RunOptions,
  sinks: Sinks,
): Promise<void> {
  const { Run } = await import("../../scenario/run.ts");
  const script = options.faults === null ? "" : readScript(options.faults);
  const simulated = new Run({
    program: loaded.program,
    world,
    faults: [script, ...options.fault].filter((lines) => lines !== "").join("\n"),
    source: sourceName(loaded.file),
    collectOutputs: options.json,
    onOutput: (output) => print(sinks, output, options.json),
  });
  listen(simulated.trace, sinks);
  const unused: string[] = [];
  simulated.trace.listen((event) => {
    if (event.kind === "fault.unused") unused.push(`${event.script} (${event.reason})`);
  });
  while (!sinks.out.isClosed && simulated.step()) {
    // Each step is one action of the world.
  }
  if (unused.length > 0) sinks.progress.end();
  for (const fault of unused) writeSync(2, `never struck: ${fault}\n`);
  if (simulated.failure !== null) throw placed(simulated.failure, loaded, world);
  if (options.json) printSummary(sinks.out, simulated.summary());
}

async function runLive(
  loaded: LoadedPipeline,
  world: WorldSpec,
  options: RunOptions,
  sinks: Sinks,
): Promise<void> {
  const { Trace } = await import("../../trace/trace.ts");
  const { LiveRun } = await import("../live-run.ts");
  const trace = new Trace();
  listen(trace, sinks);
  const live = new LiveRun({
    program: loaded.program,
    world,
    feeds: standardInputFeeds(world, options, liveRate),
    bootstrap: options.broker,
    root: process.cwd(),
    trace,
    source: sourceName(loaded.file),
    collectOutputs: options.json,
    onOutput: (output) => {
      print(sinks, output, options.json);
      if (sinks.out.isClosed) live.stop();
    },
    onNote: note,
  });
  if (options.inputs.length > 0 && options.rate === null) {
    note(`input is written at ${liveRate} records per second; --rate changes that`);
  }
  const interrupt = interruptHandler(live, sinks);
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    const end = await live.run();
    if (end.failure !== null) throw placed(end.failure, loaded, world);
    if (options.json) {
      const { records, batches, elapsedMs } = end;
      printSummary(sinks.out, { records, batches, virtualMs: elapsedMs, traceHash: trace.hash });
    }
    if (end.reason === "stopped") note(resumeText(end.checkpointDirectory));
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    // Whoever writes to it may go on; an open pipe would keep the process.
    process.stdin.destroy();
  }
}

/** The first time in good order, the second time at once. */
function interruptHandler(live: LiveRun, sinks: Sinks): () => void {
  let isStopping = false;
  return () => {
    if (isStopping) {
      sinks.out.flush();
      process.exit(interruptedCode);
    }
    isStopping = true;
    note("stopping after the batch that is running; Ctrl-C again stops at once");
    live.stop();
  };
}

function resumeText(directory: string | null): string {
  return directory === null
    ? "stopped; the pipeline keeps no checkpoint, so the next run starts afresh"
    : `stopped; the same command goes on from the checkpoint in ${directory}`;
}

/** The end of the file's path, as it stands in a stack. */
function sourceName(file: string): string {
  return `/${basename(file)}`;
}

/** The error with the file beside its line, and the topics there are beside the unknown one. */
function placed(
  error: StreamscopeError,
  loaded: LoadedPipeline,
  world: WorldSpec,
): StreamscopeError {
  const hasLine = error.place.line !== undefined && error.place.file === undefined;
  const place = hasLine ? { ...error.place, file: shortPath(loaded.file) } : error.place;
  const isUnknown = error.code === "UNKNOWN_TOPIC";
  const topics = isUnknown ? `; topics of this run: ${knownTopics(world)}` : "";
  return new StreamscopeError(error.code, `${error.message}${topics}`, { place, cause: error });
}

/** On standard error, beside what the run prints. */
function note(text: string): void {
  const line = process.stderr.isTTY === true ? pc.dim(text) : text;
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // Nobody reads it.
  }
}
