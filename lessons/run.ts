/** The lessons in a terminal:
 *    npm run lesson                        lists them
 *    npm run lesson -- 1                   runs lesson 1; options as for `streamscope run`
 *    npm run lesson -- 1 --check my.ts     judges an answer to its exercise */

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type BatchOutput, LiveError, Run, type TraceEvent } from "streamscope";
import { main } from "../core/live/terminal/main.ts";
import { describeError } from "../core/live/terminal/describe-error.ts";
import { loadPipeline } from "../core/live/terminal/pipeline-module.ts";
import { type Check, type Verdict, withSettings } from "./lesson.ts";

const home = fileURLToPath(new URL(".", import.meta.url));
const lessons = readdirSync(home)
  .filter((name) => /^\d\d-/.test(name))
  .toSorted((a, b) => (a < b ? -1 : 1));

process.exitCode = await start(process.argv.slice(2));

/** Gives the exit code: 0, 1 for an error or an answer that does not pass, 2 for a wrong call. */
async function start([which, ...options]: readonly string[]): Promise<number> {
  if (which === undefined) {
    console.log(`${lessons.map((name) => `${name.padEnd(20)}${titleOf(name)}`).join("\n")}\n`);
    console.log("npm run lesson -- <number> [--check answer.ts] [options of streamscope run]");
    return 0;
  }
  const lesson = lessons.find((name) => name === which || Number.parseInt(name, 10) === +which);
  if (lesson === undefined) {
    console.error(`error: there is no lesson "${which}"; known lessons: ${lessons.join(", ")}`);
    return 2;
  }
  const [option, answer] = options;
  const folder = join(home, lesson);
  if (option !== "--check") return await main(["run", relative("", folder) || ".", ...options]);
  try {
    if (answer === undefined) throw new LiveError("BAD_OPTION", "--check needs a file to judge");
    return say(await judge(folder, answer));
  } catch (thrown) {
    console.error(describeError(thrown, { stack: false, red: (text) => text }));
    return 1;
  }
}

function titleOf(lesson: string): string {
  return /^title: (.*)$/m.exec(readFileSync(join(home, lesson, "en.md"), "utf8"))?.[1] ?? "";
}

async function judge(folder: string, answer: string): Promise<Verdict> {
  const { program, world, file } = await loadPipeline(answer, join(folder, "world.ts"));
  // What the pipeline's module exports besides is the person's own; withSettings looks at it.
  const { settings } = (await import(pathToFileURL(file).href)) as { readonly settings?: unknown };
  // A lesson's check.ts exports this; test/lessons holds every lesson to it.
  const { check } = (await import(pathToFileURL(join(folder, "check.ts")).href)) as {
    readonly check: Check;
  };
  const events: TraceEvent[] = [];
  const outputs: BatchOutput[] = [];
  const run = new Run({
    program,
    world: withSettings(world, settings),
    collectOutputs: true,
    onOutput: (output) => outputs.push(output),
  });
  run.trace.listen((event) => events.push(event));
  run.runToEnd();
  if (run.failure !== null) throw run.failure;
  return check.judge({
    events,
    outputs: outputs.map(({ records, ...output }) => ({ ...output, records: records ?? [] })),
  });
}

function say(verdict: Verdict): number {
  if (verdict.verdict === "pass") {
    console.log("pass");
    return 0;
  }
  console.log(`${verdict.verdict}: ${verdict.because.en}`);
  return 1;
}
