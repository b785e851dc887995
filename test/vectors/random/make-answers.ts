// Runs random programs on Spark and writes its answers.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runOnSpark } from "../spark-process.ts";
import {
  allPrograms,
  hashesFile,
  hashLine,
  type WholeAnswer,
  wholeCount,
  wholeFile,
} from "./answers.ts";
import { type RandomProgram, toText } from "./program.ts";

const main = "org.apache.spark.streaming.vectors.RandomPrograms";

/** What Spark gives for programs, in their order. */
export function askSpark(
  work: string,
  classes: string,
  programs: readonly RandomProgram[],
): readonly WholeAnswer[] {
  const [asked, given] = [join(work, "programs.jsonl"), join(work, "answers.jsonl")];
  writeFileSync(asked, programs.map((program) => `${JSON.stringify(program)}\n`).join(""));
  runOnSpark(classes, main, [asked, given]);
  // RandomPrograms.scala writes a line for each program.
  return readFileSync(given, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as WholeAnswer);
}

/** Writes the answers to all programs. */
export function makeAnswers(work: string, classes: string): void {
  const programs = allPrograms();
  const answers = askSpark(work, classes, programs);
  const lines = programs.map((program, index) => hashLine(program, answers[index]?.batches ?? []));
  writeFileSync(hashesFile, `${lines.join("\n")}\n`);
  const whole = answers.slice(0, wholeCount).map(({ seed, batches }) => {
    const texts = batches.map((batch) => `    ${toText(batch)}`);
    return `  {"seed": ${seed}, "batches": [\n${texts.join(",\n")}]}`;
  });
  writeFileSync(wholeFile, `[\n${whole.join(",\n")}\n]\n`);
}
