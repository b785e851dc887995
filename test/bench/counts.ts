/** The programs of Bench.scala on our engine. */

import { performance } from "node:perf_hooks";
import { type DStream, Run, Seconds } from "streamscope";
import { makeLines } from "./word-count.ts";

export interface Plan {
  readonly partitions: number;
  /** Of each batch. */
  readonly lines: number;
  /** Batches before the clock starts. */
  readonly warmUp: number;
  readonly batches: number;
  readonly rounds: number;
}

export interface Measured {
  readonly name: string;
  /** Of the measured batches together, round by round. */
  readonly millis: readonly number[];
}

type Words = DStream<readonly [string, 1]>;

const add = (a: number, b: number): number => a + b;

function programs(n: number): readonly (readonly [string, (words: Words) => DStream<unknown>])[] {
  return [
    ["word count", (words) => words.reduceByKey(add, n)],
    ["windowed count", (words) => words.reduceByKeyAndWindow(add, Seconds(5), Seconds(1), n)],
    [
      "stateful count",
      (words) =>
        words.updateStateByKey(
          (ones: readonly number[], count: number | null) => ones.reduce(add, count ?? 0),
          n,
        ),
    ],
  ];
}

function millisOf(
  { partitions, warmUp, batches }: Plan,
  batchesOfLines: readonly (readonly string[])[],
  build: (words: Words) => DStream<unknown>,
): number {
  let [done, from, until] = [0, 0, 0];
  const count = warmUp + batches;
  const run = new Run({
    program: (ssc) => {
      ssc.checkpoint("checkpoints");
      const queue = Array.from(
        { length: count },
        (_, batch) => batchesOfLines[batch % batchesOfLines.length] ?? [],
      );
      const words = ssc
        .queueStream(queue)
        .flatMap((line) => line.split(" "))
        .map((word) => [word, 1] as const);
      build(words).foreachRDD((rdd) => {
        if (rdd.count() === 0) throw new Error("there are words in each batch");
        done += 1;
        if (done === warmUp) from = performance.now();
        if (done === count) until = performance.now();
      });
    },
    world: {
      batches: count,
      defaultParallelism: partitions,
      executors: [{ cores: partitions }],
    },
  });
  if (warmUp === 0) from = performance.now();
  run.runToEnd();
  if (run.failure !== null) throw run.failure;
  return until - from;
}

/** Each program, round after round in this process. */
export function measure(plan: Plan): Measured[] {
  const lines = makeLines(5 * plan.lines);
  const batchesOfLines = Array.from({ length: 5 }, (_, index) =>
    lines.slice(index * plan.lines, (index + 1) * plan.lines),
  );
  return programs(plan.partitions).map(([name, build]) => ({
    name,
    millis: Array.from({ length: plan.rounds }, () => millisOf(plan, batchesOfLines, build)),
  }));
}
