/** Our engine beside Spark in local mode: the same lines, the same programs (Bench.scala and
 *  counts.ts), the same partitions, on this machine, one after the other. Neither side reads its
 *  input from anywhere but its own memory. Spark is looked for where the vectors look for it. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { compileScala, isSparkInstalled, runOnSpark } from "../vectors/spark-process.ts";
import { type Measured, measure, type Plan } from "./counts.ts";

const plan: Plan = { partitions: 2, lines: 50_000, warmUp: 10, batches: 20, rounds: 3 };
const tiny: Plan = { partitions: 2, lines: 10, warmUp: 0, batches: 1, rounds: 1 };
const folder = fileURLToPath(new URL(".", import.meta.url));
const starts = 5;

interface Pace {
  readonly name: string;
  /** Lines a second, the middle of the rounds. */
  readonly linesPerSecond: number;
  /** Milliseconds of the middle round. */
  readonly millis: number;
}

export interface SparkComparison {
  readonly plan: Plan;
  /** On as many cores as there are partitions. */
  readonly spark: readonly Pace[];
  /** On one, as our engine is. */
  readonly sparkOnOneCore: readonly Pace[];
  readonly ours: readonly Pace[];
  /** Milliseconds from the start of a process to the end of one with a tiny first batch. Both
   *  sides are compiled beforehand. */
  readonly sparkStartMs: number;
  readonly ourStartMs: number;
  /** The same from our sources, which tsx compiles, or has compiled, file by file. */
  readonly ourSourceStartMs: number;
}

function middle(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[Math.floor(ascending.length / 2)] ?? 0;
}

function paces(measured: readonly Measured[]): Pace[] {
  return measured.map(({ name, millis }) => {
    const one = middle(millis);
    return { name, millis: one, linesPerSecond: (plan.lines * plan.batches * 1000) / one };
  });
}

function askSpark(classes: string, of: Plan, cores = of.partitions): string {
  const { partitions, lines, warmUp, batches, rounds } = of;
  const args = [cores, partitions, lines, warmUp, batches, rounds].map(String);
  return runOnSpark(classes, "org.apache.spark.streaming.bench.Bench", args);
}

/** The middle of some processes' lives. */
function lifeMs(start: () => void): number {
  return middle(
    Array.from({ length: starts }, () => {
      const from = performance.now();
      start();
      return performance.now() - from;
    }),
  );
}

const firstBatch = join(folder, "first-batch.ts");

/** The engine and the tiny program in one file of JavaScript, as a build of the page has them. */
async function compileOurs(outDir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: "error",
    resolve: { alias: { streamscope: join(folder, "..", "..", "core", "index.ts") } },
    build: {
      ssr: firstBatch,
      outDir,
      target: "node20",
      rolldownOptions: { output: { entryFileNames: "[name].mjs" } },
    },
  });
  return join(outDir, "first-batch.mjs");
}

function startOurs(args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd: folder });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}`);
}

/** Our side alone, for a profiler. */
export function ourPaces(): readonly Pace[] {
  return paces(measure(plan));
}

/** Null where Spark is not installed. */
export async function compareWithSpark(): Promise<SparkComparison | null> {
  if (!isSparkInstalled()) return null;
  const work = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const classes = compileScala([folder], join(work, "classes"));
    // Bench.scala prints what `measure` gives.
    const spark = JSON.parse(askSpark(classes, plan)) as Measured[];
    const sparkOnOneCore = paces(JSON.parse(askSpark(classes, plan, 1)) as Measured[]);
    const ours = ourPaces();
    const sparkStartMs = lifeMs(() => askSpark(classes, tiny));
    const script = await compileOurs(join(work, "ours"));
    const ourStartMs = lifeMs(() => startOurs([script]));
    const ourSourceStartMs = lifeMs(() => startOurs(["--import", "tsx", firstBatch]));
    const startMs = { sparkStartMs, ourStartMs, ourSourceStartMs };
    return { plan, spark: paces(spark), sparkOnOneCore, ours, ...startMs };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
