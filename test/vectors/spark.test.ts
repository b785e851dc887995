// Goal: our engine does what Spark does.
// Method: Spark itself ran the programs of spark/*.scala (see make.ts), and spark/*.json
// holds what each batch gave: records by partition and in their order, printed text, the number of
// jobs, and the tasks of each stage. The same programs, by the same names, run here and must give
// the same. Spark is not needed for it.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type BatchOutput, type DStream, Run, type StreamingContext } from "streamscope";
import { compareNumbers } from "../../core/base/order.ts";
import type { Given, VectorProgram } from "./programs/given.ts";
import { lineages, messages } from "./programs/lineages.ts";
import { operators, state, windows } from "./programs/operators.ts";
import { order, placements, printing } from "./programs/printing.ts";

interface Vector {
  readonly name: string;
  readonly kind: string;
  readonly parallelism: number;
  readonly checkpoints: boolean;
  readonly input: readonly (readonly unknown[])[];
  readonly batches?: readonly BatchVector[];
  readonly failure?: string;
}

interface BatchVector {
  readonly timeMs: number;
  readonly values: readonly unknown[];
  readonly printed: string;
  readonly jobs: number;
  readonly tasksByStage: readonly number[];
}

const folder = fileURLToPath(new URL("spark/", import.meta.url));
const programs = new Map(
  [operators, windows, state, printing, order, placements, lineages, messages].flat(),
);
const vectors = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  // The generator's own output, in the shape above.
  .flatMap((file) => JSON.parse(readFileSync(`${folder}${file}`, "utf8")) as Vector[])
  .filter(({ kind }) => kind === "batches");

/** What one run of our engine did, in the shape of a vector. */
class Recording {
  readonly #vector: Vector;
  readonly #batches = new Map<number, { values: unknown[]; printed: string[]; jobs: number }>();
  readonly #tasks = new Map<number, number[]>();
  readonly run: Run;
  /** `queueStream` makes an RDD of its own, for when its queue has ended; Spark's harness has an
   *  input stream that makes none. These are the numbers of that RDD and of one before it that only
   *  asks for a number: RDDs made later are numbered that much higher. */
  readonly #ownRDDs: number[] = [];

  constructor(vector: Vector, program: VectorProgram) {
    this.#vector = vector;
    this.run = new Run({
      program: (ssc) => {
        if (vector.checkpoints) ssc.checkpoint("checkpoints");
        program(this.#given(ssc));
      },
      world: { batches: vector.input.length, defaultParallelism: vector.parallelism },
      onOutput: (output) => this.#print(output),
    });
    this.#countJobs();
    while (this.run.nowMs < (vector.input.length + 1) * 1000 && this.run.step()) {
      // Each step is one action.
    }
  }

  #at(timeMs: number): { values: unknown[]; printed: string[]; jobs: number } {
    const known = this.#batches.get(timeMs) ?? { values: [], printed: [], jobs: 0 };
    this.#batches.set(timeMs, known);
    return known;
  }

  #print(output: BatchOutput): void {
    if (output.operator === "print") this.#at(output.timeMs).printed.push(...output.lines);
  }

  #countJobs(): void {
    const batchOf = new Map<number, number>();
    this.run.trace.listen((event) => {
      if (event.kind === "job.submitted" && event.batchTimeMs !== null) {
        batchOf.set(event.job, event.batchTimeMs);
        this.#at(event.batchTimeMs).jobs += 1;
      }
      if (event.kind !== "stage.submitted") return;
      const timeMs = batchOf.get(event.job) ?? 0;
      this.#tasks.set(timeMs, [...(this.#tasks.get(timeMs) ?? []), event.partitions.length]);
    });
  }

  #given(ssc: StreamingContext): Given {
    const { input, parallelism } = this.#vector;
    const value: Given["value"] = (stream, f) =>
      stream.foreachRDD((rdd, timeMs) => {
        // JSON keeps the arrays and forgets their kind, as the generator did.
        this.#at(timeMs).values.push(JSON.parse(JSON.stringify(f(rdd))));
      });
    return {
      ssc,
      // The generator wrote the records of a stream of T.
      input: <T>() => {
        const { id } = ssc.sparkContext.emptyRDD();
        this.#ownRDDs.push(id, id + 1);
        return (
          parallelism === 2
            ? ssc.queueStream(input)
            : ssc.queueStream(input.map((batch) => ssc.sparkContext.makeRDD(batch, 2)))
        ) as DStream<T>;
      },
      value,
      partitions: (stream) => value(stream, (rdd) => rdd.glom().collect()),
    };
  }

  batch(timeMs: number): BatchVector {
    const { values, printed, jobs } = this.#at(timeMs);
    return {
      timeMs,
      values: withoutOwnNames(values, this.#ownRDDs),
      printed: printed.map((line) => `${line}\n`).join(""),
      jobs,
      tasksByStage: (this.#tasks.get(timeMs) ?? []).sort(compareNumbers),
    };
  }
}

/** In lineages the input carries the call that made it, which is the harness's own; and what a
 *  checkpoint left carries in Spark the action that was running, in ours `checkpoint`. */
function withoutOwnNames(values: readonly unknown[], own: readonly number[]): readonly unknown[] {
  const text = JSON.stringify(values);
  return JSON.parse(
    text
      .replaceAll(/((?:ParallelCollection|ReliableCheckpoint)RDD\[\d+\]) at \w+/g, "$1")
      .replaceAll(
        /RDD\[(\d+)\]/g,
        (_, id) => `RDD[${id - own.filter((one) => one < Number(id)).length}]`,
      ),
  );
}

function recordingOf(vector: Vector): Recording {
  const program = programs.get(vector.name);
  if (program === undefined) throw new Error(`no program is named ${vector.name}`);
  return new Recording(vector, program);
}

for (const vector of vectors) {
  test(vector.name, () => {
    const recording = recordingOf(vector);
    if (vector.failure !== undefined) {
      expect(recording.run.failure?.message).toContain(vector.failure);
      return;
    }
    expect(recording.run.failure).toBeNull();
    for (const batch of vector.batches ?? []) {
      const expected = { ...batch, values: withoutOwnNames(batch.values, []) };
      expect(recording.batch(batch.timeMs)).toEqual(expected);
    }
  });
}

test("every program has a vector, and every vector a program", () => {
  const named = vectors.map((vector) => vector.name);
  expect([...programs.keys()].filter((name) => !named.includes(name))).toEqual([]);
  expect(named.filter((name) => !programs.has(name))).toEqual([]);
});
