// Goal: operations of RDDs give what Spark's give.
// Method: Spark itself ran the programs of spark/Rdd*.scala (see make.ts); the same programs, by
// the same names, run here. Messages are compared by their first line, and that of their cause.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Run, type TraceEvent } from "streamscope";
import type { Jobs, RddPrograms } from "./programs/given.ts";
import { filesThere, rddFiles } from "./programs/files.ts";
import { rddBasics } from "./programs/rdd-basics.ts";
import { rddCached } from "./programs/rdd-cached.ts";
import { rddPlaces } from "./programs/rdd-places.ts";
import { rddPlain } from "./programs/rdd-plain.ts";
import { rddKeyed } from "./programs/rdd-keyed.ts";

interface Vector {
  readonly name: string;
  readonly kind: string;
  readonly parallelism: number;
  readonly value?: unknown;
  readonly failure?: string;
}

const folder = fileURLToPath(new URL("spark/", import.meta.url));
const programs = new Map<string, RddPrograms[number][1]>(
  [rddBasics, rddCached, rddFiles, rddKeyed, rddPlaces, rddPlain].flat(),
);
const vectors = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  // The generator's own output, in the shape above.
  .flatMap((file) => JSON.parse(readFileSync(`${folder}${file}`, "utf8")) as Vector[])
  .filter(({ kind }) => kind === "rdd");

/** As the generator writes it: maps as sorted arrays of pairs, NaN and infinities as text. */
function toJson(value: unknown): unknown {
  const text = JSON.stringify(value ?? null, (_, inner: unknown) => {
    if (typeof inner === "number" && !Number.isFinite(inner)) return String(inner);
    if (!(inner instanceof Map)) return inner;
    return [...inner]
      .map((pair) => JSON.stringify(toJson(pair)))
      .sort()
      .map(parse);
  });
  return parse(text);
}

function parse(text: string): unknown {
  return JSON.parse(text);
}

/** Tasks of the last stage of each job, in the order of the jobs. */
function tasksOfJobs(events: readonly TraceEvent[]): number[] {
  const tasks = new Map<number, number>();
  for (const event of events) {
    if (event.kind === "job.submitted") tasks.set(event.job, 0);
    if (event.kind === "stage.submitted" && event.type === "ResultStage") {
      tasks.set(event.job, event.partitions.length);
    }
  }
  return [...tasks.values()];
}

/** What the program gave on the driver of a run, or the error that came out of it. */
function outcomeOf(
  vector: Vector,
  program: RddPrograms[number][1],
): { readonly value?: unknown; readonly failure?: string } {
  let outcome: { readonly value?: unknown; readonly failure?: string } = {};
  const run = new Run({
    program: (ssc) => {
      try {
        outcome = { value: toJson(program(ssc.sparkContext, written, jobs)) };
      } catch (thrown) {
        outcome = { failure: String(thrown instanceof Error ? thrown.message : thrown) };
      }
      ssc.queueStream([[]]).print();
    },
    world: {
      executors: [{ cores: 1 }],
      defaultParallelism: vector.parallelism,
      batches: 1,
      files: filesThere,
    },
  });
  const written = (directory: string): [string, string][] =>
    run
      .listFiles(directory)
      .map(({ path }) => [path.slice(path.lastIndexOf("/") + 1), run.readFile(path) ?? ""]);
  const events: TraceEvent[] = [];
  run.trace.listen((event) => events.push(event));
  const jobs: Jobs = (body) => {
    const before = events.length;
    const value = body();
    return [value, tasksOfJobs(events.slice(before))];
  };
  run.runToEnd();
  return outcome;
}

/** The first line, without the class of an aborted job's error and where its task ran. */
function messageOf(failure: string | undefined): string | undefined {
  return failure
    ?.split("\n")[0]
    ?.replace(/^org\.apache\.spark\.SparkException: (?=Job aborted)/u, "")
    .replace(/ \(TID \d+\) \(.*?executor \w+\)/u, "");
}

for (const vector of vectors) {
  test(vector.name, () => {
    const program = programs.get(vector.name);
    if (program === undefined) throw new Error(`no program is named ${vector.name}`);
    const outcome = outcomeOf(vector, program);
    if (vector.failure === undefined) expect(outcome).toEqual({ value: vector.value });
    else expect(messageOf(outcome.failure)).toBe(messageOf(vector.failure));
  });
}

test("every program has a vector, and every vector a program", () => {
  const named = vectors.map((vector) => vector.name);
  expect([...programs.keys()].filter((name) => !named.includes(name))).toEqual([]);
  expect(named.filter((name) => !programs.has(name))).toEqual([]);
});
