/** The engine's word count against a hand-written loop with the same partitions and shuffle, side
 *  by side in one process, and the whole run with its broker beside them. */

import {
  type DStream,
  jvmHash,
  KafkaUtils,
  linesWorkload,
  PreferConsistent,
  Run,
  type StreamingContext,
  Subscribe,
} from "streamscope";

export const LINES = 500_000;
const WORDS_PER_LINE = 8;
const VOCABULARY = 10_000;
export const PARTITIONS = 4;

/** Lines of words drawn from a skewed vocabulary by a small fixed generator. */
export function makeLines(count: number): string[] {
  let state = 12345;
  const draw = (bound: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state % bound;
  };
  const lines: string[] = [];
  for (let line = 0; line < count; line += 1) {
    const words: string[] = [];
    for (let i = 0; i < WORDS_PER_LINE; i += 1) words.push(`word${draw(draw(VOCABULARY) + 1)}`);
    lines.push(words.join(" "));
  }
  return lines;
}

/** What a person would write by hand: a map per partition, a shuffle by hash, a map per target. */
export function countByHand(lines: readonly string[]): Map<string, number>[] {
  const outputs: Map<string, number>[] = [];
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const start = Math.floor((partition * lines.length) / PARTITIONS);
    const end = Math.floor(((partition + 1) * lines.length) / PARTITIONS);
    const counts = new Map<string, number>();
    for (let i = start; i < end; i += 1) {
      const line = lines[i] ?? "";
      for (const word of line.split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    outputs.push(counts);
  }
  const reduced = Array.from({ length: PARTITIONS }, () => new Map<string, number>());
  for (const counts of outputs) {
    for (const [word, count] of counts) {
      const remainder = jvmHash(word) % PARTITIONS;
      const target = reduced[remainder < 0 ? remainder + PARTITIONS : remainder];
      target?.set(word, (target.get(word) ?? 0) + count);
    }
  }
  return reduced;
}

/** Operators, shuffle and output of one batch on the engine, traced; gives the number of words. */
export function countByEngine(lines: readonly string[]): number {
  let distinct = 0;
  const run = new Run({
    program: (ssc) => {
      const rdd = ssc.sparkContext.parallelize(lines, PARTITIONS);
      wordCount(ssc.queueStream([rdd])).foreachRDD((counts) => {
        distinct = counts.count();
      });
    },
    world: { defaultParallelism: PARTITIONS, executors: [{ cores: 4 }] },
  });
  run.runToEnd();
  if (run.failure !== null) throw run.failure;
  return distinct;
}

/** The whole run: producer, broker, batches, print. */
export function countThroughBroker(lines: readonly string[]): { records: number; words: number } {
  let words = 0;
  const run = new Run({
    program: (ssc: StreamingContext) => {
      const params = { "group.id": "bench", "auto.offset.reset": "earliest" };
      const stream = KafkaUtils.createDirectStream(
        ssc,
        PreferConsistent,
        Subscribe(["lines"], params),
      );
      wordCount(stream.map((record) => record.value)).foreachRDD((counts) => {
        words += counts.count();
      });
    },
    world: {
      defaultParallelism: PARTITIONS,
      executors: [{ cores: 4 }],
      topics: { lines: { partitions: PARTITIONS } },
      workload: [linesWorkload({ topic: "lines", lines, ratePerSecond: 100_000 })],
    },
  });
  run.runToEnd();
  if (run.failure !== null) throw run.failure;
  return { records: run.summary().records, words };
}

function wordCount(lines: DStream<string>): DStream<[string, number]> {
  return lines
    .flatMap((line) => line.split(" "))
    .map((word) => [word, 1] as const)
    .reduceByKey((a, b) => a + b);
}
