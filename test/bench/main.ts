/** `npm run bench`: ratios measured side by side in one process. The machines are noisy, so what is
 *  compared runs alternately, and medians are given with their extremes. Costs are counts, and need
 *  neither. One bench may be named: `npm run bench -- costs`; `ours` runs the
 *  programs of the comparison with Spark without Spark, and only when named. */

import { performance } from "node:perf_hooks";
import { appendToArrays, appendToCluster, makeBatches } from "./cluster.ts";
import { mapWithStateCost, updateStateCost, windowCost } from "./costs.ts";
import { heldBytes } from "./memory.ts";
import { compareWithSpark, ourPaces } from "./spark.ts";
import { cursorOver, seekMicros } from "./seek.ts";
import { countByEngine, countByHand, countThroughBroker, LINES, makeLines } from "./word-count.ts";

const ROUNDS = 9;

function milliseconds(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function middle(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[Math.floor(ascending.length / 2)] ?? 0;
}

function report(name: string, value: string, bar: string, isMet: boolean): void {
  console.log(`${isMet ? "meets" : "MISSES"}  ${name}: ${value} (bar: ${bar})`);
  if (!isMet) process.exitCode = 1;
}

function wordCount(): void {
  const lines = makeLines(LINES);
  const byHand: number[] = [];
  const byEngine: number[] = [];
  countByHand(lines);
  countByEngine(lines);
  for (let round = 0; round < ROUNDS; round += 1) {
    byHand.push(milliseconds(() => countByHand(lines)));
    byEngine.push(milliseconds(() => countByEngine(lines)));
  }
  const ratios = byHand.map((hand, round) => hand / (byEngine[round] ?? Infinity));
  const ratio = middle(ratios);
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  report(
    "word count of 500,000 lines, engine against a hand-written loop",
    `${ratio.toFixed(2)}, rounds ${spread}; by hand ${middle(byHand).toFixed(0)} ms`,
    "0.90 or more",
    ratio >= 0.9,
  );
  let records = 0;
  const whole = milliseconds(() => {
    ({ records } = countThroughBroker(lines));
  });
  const rate = Math.round(records / whole);
  const share = (middle(byHand) / whole).toFixed(2);
  console.log(
    `        the whole run, producer and broker included: ${whole.toFixed(0)} ms, ` +
      `${rate} records/ms, ${share} of the hand-written loop`,
  );
}

function memory(): void {
  heldBytes(100_000);
  const short = heldBytes(1_000_000);
  const long = heldBytes(10_000_000);
  const ratio = long.held / short.held;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  report(
    "memory held after 10 million records against 1 million, retention on",
    `${ratio.toFixed(2)} (${megabytes(long.held)} against ${megabytes(short.held)}; ` +
      `${long.seen} and ${short.seen} records)`,
    "1.20 or less",
    ratio <= 1.2,
  );
}

function seeking(): void {
  const short = cursorOver(100);
  const long = cursorOver(10_000);
  seekMicros(short, 500);
  seekMicros(long, 500);
  const shortMicros: number[] = [];
  const longMicros: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    shortMicros.push(seekMicros(short, 500));
    longMicros.push(seekMicros(long, 500));
  }
  const ratio = middle(longMicros) / middle(shortMicros);
  report(
    "seek in a run of 10,000 batches against one of 100",
    `${ratio.toFixed(2)} (${middle(longMicros).toFixed(1)} against ` +
      `${middle(shortMicros).toFixed(1)} microseconds)`,
    "2.00 or less",
    ratio <= 2,
  );
}

/** A row for each operation: what one batch of it counts at each size. */
function costs(): void {
  const sizes = [10, 100, 1000];
  const rows: readonly (readonly [string, (size: number) => number, "level" | "grows"])[] = [
    ["records, reduceByKeyAndWindow over n batches", plainRecords, "grows"],
    ["records, the same with an inverse", inverseRecords, "level"],
    ["calls, updateStateByKey of n keys", (size) => updateStateCost(size).calls, "grows"],
    ["calls, mapWithState of n keys", (size) => mapWithStateCost(size).calls, "level"],
    ["calls, mapWithState that times out", (size) => mapWithStateCost(size, true).calls, "grows"],
  ];
  for (const [name, count, bar] of rows) {
    const counts = sizes.map(count);
    const [small = 0, , large = 0] = counts;
    // With every key or batch touched, a hundred times the size is at least fifty times the count.
    const isMet = bar === "level" ? large === small : large >= 50 * small;
    report(`${name} for n of ${sizes.join(", ")}`, counts.join(", "), bar, isMet);
  }
}

const plainRecords = (size: number): number => windowCost(size, "plain").records;
const inverseRecords = (size: number): number => windowCost(size, "inverse").records;

async function besideSpark(): Promise<void> {
  const compared = await compareWithSpark();
  if (compared === null) {
    console.log("        no Spark here: set SPARK_HOME, or make .cache/spark with npm run vectors");
    return;
  }
  const { plan, spark, sparkOnOneCore, ours } = compared;
  const { sparkStartMs, ourStartMs, ourSourceStartMs } = compared;
  console.log(
    `        ${plan.batches} batches of ${plan.lines} lines, ${plan.partitions} partitions, ` +
      `after ${plan.warmUp} batches of warm-up; the middle of ${plan.rounds} rounds`,
  );
  const rate = (perSecond: number): string => `${Math.round(perSecond / 1000)}k lines/s`;
  for (const [index, here] of ours.entries()) {
    const there = spark[index];
    if (there === undefined) continue;
    const ratio = there.millis / here.millis;
    const whole = (there.millis + sparkStartMs) / (here.millis + ourStartMs);
    report(
      `${here.name} against Spark in local mode`,
      `${ratio.toFixed(2)} (${rate(here.linesPerSecond)} against ${rate(there.linesPerSecond)}), ` +
        `start-up included ${whole.toFixed(2)}`,
      "5.00 or more",
      ratio >= 5,
    );
    const onOne = sparkOnOneCore[index]?.millis ?? 0;
    console.log(
      `        against Spark on one core, as ours is: ${(onOne / here.millis).toFixed(2)}`,
    );
  }
  report(
    "from the start of a process through its first batch, Spark against ours",
    `${(sparkStartMs / ourStartMs).toFixed(1)} (${sparkStartMs.toFixed(0)} ms against ` +
      `${ourStartMs.toFixed(0)} ms)`,
    "20.0 or more",
    sparkStartMs >= 20 * ourStartMs,
  );
  console.log(
    `        both compiled beforehand; ours from its sources, through tsx: ` +
      `${ourSourceStartMs.toFixed(0)} ms, ${(sparkStartMs / ourSourceStartMs).toFixed(1)}`,
  );
}

function oursAlone(): void {
  for (const { name, linesPerSecond } of ourPaces()) {
    console.log(`        ${name}: ${Math.round(linesPerSecond / 1000)}k lines/s`);
  }
}

/** A million records through one broker and through three, and onto arrays. */
function cluster(): void {
  const batches = makeBatches(1_000_000);
  const ways = [
    () => appendToArrays(batches),
    () => appendToCluster(1, batches),
    () => appendToCluster(3, batches),
  ];
  for (const way of ways) way();
  const rounds = Array.from({ length: ROUNDS }, () => ways.map(milliseconds));
  const times = ways.map((_, way) => middle(rounds.map((round) => round[way] ?? 0)));
  const [arrays = 0, alone = 0, three = 0] = times;
  const rate = (millis: number): string => `${Math.round(1_000_000 / millis)}k records/s`;
  console.log(
    `        appended to arrays ${rate(arrays)}, to one broker ${rate(alone)}, ` +
      `to three with replication factor 3 ${rate(three)}`,
  );
  console.log(
    `        of the arrays' pace: one broker ${(arrays / alone).toFixed(2)}, ` +
      `three ${(arrays / three).toFixed(2)}`,
  );
  const ratios = rounds.map(([, one = 0, copied = 0]) => copied / one);
  const ratio = middle(ratios);
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  report(
    "time of 1,000,000 records through three brokers against one",
    `${ratio.toFixed(2)}, rounds ${spread}`,
    "5.00 or less",
    ratio <= 5,
  );
}

const benches = new Map<string, () => void | Promise<void>>([
  ["words", wordCount],
  ["memory", memory],
  ["seek", seeking],
  ["costs", costs],
  ["cluster", cluster],
  ["spark", besideSpark],
  ["ours", oursAlone],
]);
const chosen = process.argv.slice(2);
for (const [name, bench] of benches) {
  if (chosen.length === 0 ? name !== "ours" : chosen.includes(name)) await bench();
}
