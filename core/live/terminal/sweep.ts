/** `streamscope sweep`: a crash at every moment of a window, and what each did to the results. */

import { writeSync } from "node:fs";
import { basename, relative } from "node:path";
import {
  runsWith,
  type Sweep,
  sweep as sweepRuns,
  type SweepVerdict,
  type SweptRun,
  verdicts,
} from "../../scenario/sweep.ts";
import { readScript } from "./fault-file.ts";
import { loadPipeline } from "./pipeline-module.ts";
import { parseSweepOptions, type SweepCommand } from "./sweep-options.ts";
import { TextSink } from "./text-sink.ts";

/** Gives the exit code. Throws: StreamscopeError. */
export async function sweep(args: readonly string[]): Promise<number> {
  const command = parseSweepOptions(args);
  const faults = command.faults === null ? "" : readScript(command.faults);
  const { program, world, file } = await loadPipeline(command.pipeline, command.world);
  const { crash, id, batches, json } = command;
  const isShown = process.stderr.isTTY === true;
  const swept = sweepRuns({
    program,
    world,
    crash,
    id,
    batches,
    faults,
    onRun: (done, of) => {
      if (isShown) writeSync(2, `\r${done} of ${of} runs`);
    },
  });
  if (isShown) writeSync(2, "\r\x1b[K");
  const out = new TextSink(1, "standard output");
  if (json) out.line(JSON.stringify({ pipeline: command.pipeline, crash, batches, ...swept }));
  else for (const line of describeSweep(swept, command, lessonOf(file))) out.line(line);
  out.flush();
  return 0;
}

/** `02-clickstream` for a lesson's pipeline; null for another file. */
function lessonOf(file: string): string | null {
  return /^lessons[\\/](\d\d-[\w-]+)[\\/]/u.exec(relative(process.cwd(), file))?.[1] ?? null;
}

/** The table, and the first run of each verdict. */
export function describeSweep(
  swept: Sweep,
  command: SweepCommand,
  lesson: string | null,
): readonly string[] {
  const { pipeline, crash, id, batches, world, faults } = command;
  const { from, to } = batches;
  const what = crash === "executor" || crash === "broker" ? `${crash} ${id}` : crash;
  const window = from === to ? `batch ${from}` : `batches ${from} to ${to}`;
  const more =
    (world === null ? "" : ` --world ${world}`) + (faults === null ? "" : ` --faults ${faults}`);
  const lines = [
    `${basename(pipeline)}: ${what} crashes in ${window}`,
    `${swept.events} events, ${swept.runs.length} moments between them`,
    "",
    "verdict       runs",
    ...verdicts.toReversed().map((one) => {
      return `${one.padEnd(13)} ${String(swept.counts[one]).padStart(4)}`;
    }),
  ];
  if (swept.counts["not exercised"] === swept.runs.length) {
    lines.push("", `the crash of ${what} never met a target: this tells nothing of the pipeline`);
  }
  for (const verdict of verdicts.toReversed()) {
    const [first] = runsWith(swept, verdict);
    if (first === undefined) continue;
    const open = `streamscope run ${pipeline}${more} --fault "${first.script}"`;
    lines.push(
      "",
      `${verdict}: first right after event ${first.afterSeq} (${first.event}, ${first.atMs} ms)`,
      ...examplesOf(first, verdict).map((example) => `  ${example}`),
      ...(first.failure === null ? [] : [`  the run failed: ${first.failure}`]),
      `  ${open}`,
      ...(lesson === null ? [] : [`  ${pageAddress(lesson, first)}`]),
    );
  }
  return lines;
}

function examplesOf(run: SweptRun, verdict: SweepVerdict): readonly string[] {
  if (verdict === "right") return [];
  if (verdict === "not exercised") return ["the fault met no target there"];
  const { count, example } = run[verdict];
  return example === null ? [] : [`${example}${count > 1 ? `, and ${count - 1} more` : ""}`];
}

/** As the playground reads it: the lesson, with this fault, at the moment. */
function pageAddress(lesson: string, { afterSeq, script }: SweptRun): string {
  const query = new URLSearchParams({ at: String(afterSeq), faults: script });
  return `#/learn/${lesson}?${query}`;
}
