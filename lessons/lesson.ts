/** What a lesson folder holds, by file name:
 *    en.md, zh.md   prose; front matter `title`, `minutes`, `summary`; a line `@cell` pulls the
 *                   code cell in, `@exercise` the exercise, so code is never translated twice
 *    pipeline.ts    the program, default export `(ssc: StreamingContext) => void`
 *    world.ts       `export const world: WorldSpec`
 *    start.ts       where the exercise starts; differs from the solution; may export `settings`
 *    solution.ts    one accepted answer
 *    check.ts       `export const check: Check`, which judges the trace, never the text */

import {
  type BatchOutput,
  KafkaUtils,
  type LogRecord,
  PreferConsistent,
  Run,
  ScenarioError,
  Subscribe,
  type TraceEvent,
  type WorldSpec,
} from "streamscope";

/** What a check may look at: the whole trace of a run of the learner's program in the world. */
export interface CheckInput {
  readonly events: readonly TraceEvent[];
  /** Every record of the RDD of each output operation of each batch. */
  readonly outputs: readonly CheckOutput[];
}

export interface CheckOutput {
  readonly timeMs: number;
  readonly output: number;
  readonly operator: string;
  readonly records: readonly unknown[];
}

/** One sentence in each language. */
export interface Sentence {
  readonly en: string;
  readonly zh: string;
}

/** Three values: a check that had nothing to judge says so. */
export type Verdict =
  | { readonly verdict: "pass" }
  | {
      readonly verdict: "fail";
      /** The smallest counter-example, in one sentence of each language. */
      readonly because: Sentence;
      /** Where to look. */
      readonly batchTimeMs: number | null;
    }
  | { readonly verdict: "not proved"; readonly because: Sentence };

export interface Check {
  /** What is to be done, in one sentence of each language. */
  readonly task: Sentence;
  judge(run: CheckInput): Verdict;
}

/** One batch as a check needs it: what it had to read, and what its first output wrote. */
export interface JudgedBatch {
  readonly timeMs: number;
  /** As the page names it: 1 for the first. */
  readonly number: number;
  /** The records of its offset ranges, partition by partition. */
  readonly input: readonly LogRecord[];
  /** Null when no output of this batch was written. */
  readonly output: readonly unknown[] | null;
}

export interface JudgedRun {
  /** By time. A batch that ran again after a crash is there once. */
  readonly batches: readonly JudgedBatch[];
  /** Whether every record of the topic went through a batch that wrote its output. */
  readonly isWhole: boolean;
  /** Whether a record went through none although one after it in its partition did. */
  readonly hasGap: boolean;
}

/** Puts the batches of a run beside what the world's log holds.
 *  Why: the offset ranges say what a batch had to count, whatever faults moved it; so the oracle
 *  needs no clock. */
export function readBatches(run: CheckInput, world: WorldSpec, topic: string): JudgedRun {
  const log = readTopic(world, topic);
  const outputs = new Map<number, readonly unknown[]>();
  const first = run.outputs.reduce((least, { output }) => Math.min(least, output), Infinity);
  for (const { timeMs, output, records } of run.outputs) {
    if (output === first) outputs.set(timeMs, records);
  }
  const nameOf = batchNumbers(run.events);
  const batches = new Map<number, JudgedBatch>();
  const written: BatchOutput["ranges"][number][] = [];
  for (const event of run.events) {
    if (event.kind !== "batch.planned") continue;
    const timeMs = event.batchTimeMs;
    const ranges = event.ranges.filter((range) => range.topic === topic);
    const input = ranges.flatMap(({ partition, fromOffset, untilOffset }) =>
      (log[partition] ?? []).slice(fromOffset, untilOffset),
    );
    const output = outputs.get(timeMs) ?? null;
    batches.set(timeMs, { timeMs, number: nameOf(timeMs), input, output });
    if (output !== null) written.push(...ranges);
  }
  const partitions = log.map((records, partition) => {
    const ranges = written.filter((range) => range.partition === partition);
    const until = untilFirstGap(ranges);
    return {
      isWhole: until === records.length,
      hasGap: ranges.some((range) => range.untilOffset > until),
    };
  });
  return {
    batches: [...batches.values()].toSorted((a, b) => a.timeMs - b.timeMs),
    isWhole: partitions.every(({ isWhole }) => isWhole),
    hasGap: partitions.some(({ hasGap }) => hasGap),
  };
}

/** Where the ranges of one partition, read from offset 0 on, first leave a record out. */
function untilFirstGap(ranges: BatchOutput["ranges"]): number {
  let until = 0;
  for (const range of ranges.toSorted((a, b) => a.fromOffset - b.fromOffset)) {
    if (range.fromOffset > until) break;
    until = Math.max(until, range.untilOffset);
  }
  return until;
}

/** What the world's applications write to a topic, by partition and offset: a run of the world with
 *  a program that only reads. */
export function readTopic(world: WorldSpec, topic: string): readonly (readonly LogRecord[])[] {
  const params = { "group.id": "check", "auto.offset.reset": "earliest" };
  const { faults: _, ...calm } = world;
  const run = new Run({
    world: calm,
    program: (ssc) => {
      const subscribe = Subscribe([topic], params);
      KafkaUtils.createDirectStream(ssc, PreferConsistent, subscribe).foreachRDD(() => {});
    },
  });
  run.runToEnd();
  const { partitions = 0 } = world.topics?.[topic] ?? {};
  return Array.from({ length: partitions }, (_, partition) => run.readLog(topic, partition));
}

function batchNumbers(events: readonly TraceEvent[]): (timeMs: number) => number {
  const run = events.find((event) => event.kind === "run.started");
  const driver = events.find((event) => event.kind === "driver.started");
  const intervalMs = run?.batchIntervalMs ?? 1000;
  const zeroMs = driver?.zeroTimeMs ?? 0;
  return (timeMs) => (timeMs - zeroMs) / intervalMs;
}

/** The world with what a cell exports as `settings`: other values for numbers that the world gives
 *  its topics, and its producers by `client.id`, under Kafka's names:
 *    { producers: { shop: { acks: "all" } }, topics: { orders: { "min.insync.replicas": 2 } } }
 *  Throws: ScenarioError BAD_WORLD for what the world does not say or Kafka does not take. */
export function withSettings(world: WorldSpec, settings: unknown): WorldSpec {
  if (settings === undefined) return world;
  const groups = new Map(entriesOf(settings, "settings"));
  const workload = world.workload ?? [];
  const topics = new Map(Object.entries(world.topics ?? {}));
  const producers = new Map(workload.map(({ name = "producer", producer }) => [name, producer]));
  for (const [group, named] of groups) {
    const known: ReadonlyMap<string, unknown> | undefined = { topics, producers }[group];
    if (known === undefined) throw unknownName(`settings.${group}`, ["topics", "producers"]);
    for (const [name] of entriesOf(named, `settings.${group}`)) {
      if (!known.has(name)) throw unknownName(`settings.${group}.${name}`, [...known.keys()]);
    }
  }
  const given = (group: string, name: string): unknown =>
    new Map(entriesOf(groups.get(group) ?? {}, `settings.${group}`)).get(name) ?? {};
  return {
    ...world,
    topics: Object.fromEntries(
      [...topics].map(([name, config]) => [
        name,
        changed(config, given("topics", name), `settings.topics.${name}`),
      ]),
    ),
    workload: workload.map((spec) => {
      const { name = "producer", producer = {} } = spec;
      const values = given("producers", name);
      return { ...spec, producer: changed(producer, values, `settings.producers.${name}`) };
    }),
  };
}

function changed<T extends object>(values: T, given: unknown, where: string): T {
  const result = { ...values };
  const known = new Map(
    Object.entries(values).flatMap(([own, value]) =>
      typeof value === "number" ? [[kafkaName(own), own] as const] : [],
    ),
  );
  for (const [name, value] of entriesOf(given, where)) {
    const own = known.get(name);
    if (own === undefined) throw unknownName(`${where}["${name}"]`, [...known.keys()]);
    Reflect.set(result, own, readNumber(name, value));
  }
  return result;
}

/** Shape: `minInsyncReplicas` -> `min.insync.replicas`. */
function kafkaName(own: string): string {
  return own.replaceAll(/[A-Z]/gu, (letter) => `.${letter.toLowerCase()}`);
}

/** Its errors are Kafka's, of ConfigDef. */
function readNumber(name: string, value: unknown): number {
  const invalid = `Invalid value ${String(value)} for configuration ${name}`;
  const number = Number(value === "all" && name === "acks" ? -1 : value);
  if (name === "acks" && ![-1, 0, 1].includes(number)) {
    throw badWorld(`${invalid}: String must be one of: all, -1, 0, 1`);
  }
  if (!Number.isSafeInteger(number)) throw badWorld(`${invalid}: Not a number of type INT`);
  return number;
}

function entriesOf(value: unknown, where: string): [string, unknown][] {
  if (typeof value === "object" && value !== null) return Object.entries(value);
  throw badWorld(`${where} must be an object, not ${String(value)}`);
}

function unknownName(what: string, known: readonly string[]): ScenarioError {
  return badWorld(`${what} is not known in this lesson; known: ${known.join(", ") || "none"}`);
}

function badWorld(message: string): ScenarioError {
  return new ScenarioError("BAD_WORLD", message);
}
