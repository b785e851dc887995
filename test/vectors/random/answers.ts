// Spark's answers to the random programs, small enough to be checked in: a hash for each batch of
// each program, and the first programs' answers whole.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { programOf } from "./generate.ts";
import { type BatchAnswer, type RandomProgram, toText } from "./program.ts";

/** The programs compared are those of the seeds from 1 on. */
export const programsCount = 1000;
/** So many of them have whole answers. */
export const wholeCount = 50;

export const hashesFile = fileURLToPath(new URL("hashes.txt", import.meta.url));
export const wholeFile = fileURLToPath(new URL("whole.json", import.meta.url));

export interface WholeAnswer {
  readonly seed: number;
  readonly batches: readonly BatchAnswer[];
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}

/** The hash of each batch, and in front that of the program, which says what the answers are to. */
export function hashLine(program: RandomProgram, batches: readonly BatchAnswer[]): string {
  const hashes = [program, ...batches].map((one) => hashOf(toText(one)));
  return [program.seed, ...hashes].join(" ");
}

/** The programs, in the order of their seeds. */
export function allPrograms(): RandomProgram[] {
  return Array.from({ length: programsCount }, (_, index) => programOf(index + 1));
}

/** The line of each seed, as `hashLine` wrote it. */
export function readHashes(): ReadonlyMap<number, string> {
  if (!existsSync(hashesFile)) return new Map();
  const lines = readFileSync(hashesFile, "utf8").trim().split("\n");
  return new Map(lines.map((line) => [Number(line.split(" ")[0]), line]));
}

/** Written by make-answers.ts. */
export function readWhole(): ReadonlyMap<number, WholeAnswer> {
  if (!existsSync(wholeFile)) return new Map();
  const answers = JSON.parse(readFileSync(wholeFile, "utf8")) as WholeAnswer[];
  return new Map(answers.map((answer) => [answer.seed, answer]));
}
