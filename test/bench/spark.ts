/** Our engine beside Spark in local mode: the same lines, the same programs (Bench.scala and
 *  counts.ts), the same partitions, on this machine, one after the other. Neither side reads its
 *  input from anywhere but its own memory. Spark is looked for where the vectors look for it. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
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
  readonly spark: readonly Pace[];
  readonly ours: readonly Pace[];
  /** Milliseconds from the start of a process to the end of one with a tiny first batch. */
  readonly sparkStartMs: number;
  readonly ourStartMs: number;
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

function askSpark(classes: string, { partitions, lines, warmUp, batches, rounds }: Plan): string {
  const args = [partitions, lines, warmUp, batches, rounds].map(String);
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

function startOurs(): void {
  const script = join(folder, "first-batch.ts");
  const { status } = spawnSync(process.execPath, ["--import", "tsx", script], { cwd: folder });
  if (status !== 0) throw new Error(`first-batch.ts ended with ${status}`);
}

/** Our side alone, for a profiler. */
export function ourPaces(): readonly Pace[] {
  return paces(measure(plan));
}

/** Null where Spark is not installed. */
export function compareWithSpark(): SparkComparison | null {
  if (!isSparkInstalled()) return null;
  const work = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const classes = compileScala([folder], join(work, "classes"));
    // Bench.scala prints what `measure` gives.
    const spark = JSON.parse(askSpark(classes, plan)) as Measured[];
    const ours = ourPaces();
    const sparkStartMs = lifeMs(() => askSpark(classes, tiny));
    const ourStartMs = lifeMs(startOurs);
    return { plan, spark: paces(spark), ours, sparkStartMs, ourStartMs };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
