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
import { Option } from "../../core/record/option.ts";
import type { Given, VectorProgram } from "./programs/given.ts";
import { lineages, messages } from "./programs/lineages.ts";
import { operators, state, windows } from "./programs/operators.ts";
import { order, placements, printing } from "./programs/printing.ts";
import { streamJoins } from "./programs/stream-joins.ts";
import { streamKept } from "./programs/stream-kept.ts";
import { streamMapWithState } from "./programs/stream-map-with-state.ts";
import { streamMessages } from "./programs/stream-messages.ts";
import { streamOperators } from "./programs/stream-operators.ts";
import { streamPrinting } from "./programs/stream-printing.ts";
import { streamQueue } from "./programs/stream-queue.ts";
import { streamState } from "./programs/stream-state.ts";
import { streamWindows } from "./programs/stream-windows.ts";

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
  /** The RDDs with cached partitions at the end of the batch, where the vector says them. */
  readonly cached?: readonly number[];
}

const folder = fileURLToPath(new URL("spark/", import.meta.url));
const programs = new Map(
  [
    [operators, windows, state, printing, order, placements, lineages, messages],
    [streamJoins, streamMessages, streamOperators, streamPrinting, streamQueue],
    [streamKept, streamMapWithState, streamState, streamWindows],
  ].flat(2),
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
  readonly #cached: { readonly atMs: number; readonly rdds: readonly number[] }[] = [];
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
      world: {
        executors: [{ cores: 2 }],
        batches: vector.input.length,
        defaultParallelism: vector.parallelism,
        conf: vector.failure === undefined ? {} : { "spark.task.maxFailures": "1" },
      },
      onOutput: (output) => this.#print(output),
    });
    this.#countJobs();
    this.#followBlocks();
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

  #followBlocks(): void {
    const rdds = new Set<number>();
    this.run.trace.listen((event) => {
      if (event.kind === "block.stored") rdds.add(Number(/^rdd_(\d+)_/.exec(event.block)?.[1]));
      else if (event.kind === "blocks.removed") rdds.delete(event.rdd);
      else return;
      this.#cached.push({ atMs: event.atMs, rdds: [...rdds].sort(compareNumbers) });
    });
  }

  #given(ssc: StreamingContext): Given {
    const { input, parallelism } = this.#vector;
    const value: Given["value"] = (stream, f) =>
      stream.foreachRDD((rdd, timeMs) => {
        this.#at(timeMs).values.push(toJson(f(rdd, timeMs)));
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
    const cached = this.#cached.findLast(({ atMs }) => atMs < timeMs + 1000)?.rdds ?? [];
    const numberOf = (id: number): number => id - this.#ownRDDs.filter((own) => own < id).length;
    return {
      timeMs,
      values: withoutOwnNames(values, this.#ownRDDs),
      printed: printed.map((line) => `${line}\n`).join(""),
      jobs,
      tasksByStage: (this.#tasks.get(timeMs) ?? []).sort(compareNumbers),
      cached: cached.map(numberOf),
    };
  }
}

/** As the generator writes it: JSON keeps arrays and forgets their kind, and None is null. */
function toJson(value: unknown): unknown {
  const text = JSON.stringify(value ?? null, (_, inner: unknown) =>
    inner instanceof Option ? inner.orNull : inner,
  );
  return JSON.parse(text);
}

/** The number of a task's attempt and its executor are the machine's. */
function withoutMachine(message: string | undefined): string | undefined {
  return message?.replaceAll(/ \(TID \d+\) \([^)]*\)/g, "");
}

/** In lineages the input carries the call that made it, which is the harness's own. */
function withoutOwnNames(values: readonly unknown[], own: readonly number[]): readonly unknown[] {
  const text = JSON.stringify(values);
  return JSON.parse(
    text
      .replaceAll(/(ParallelCollectionRDD\[\d+\]) at \w+/g, "$1")
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
      expect(withoutMachine(recording.run.failure?.message)).toContain(vector.failure);
      return;
    }
    expect(recording.run.failure).toBeNull();
    for (const batch of vector.batches ?? []) {
      const expected = { ...batch, values: withoutOwnNames(batch.values, []) };
      const { cached, ...seen } = recording.batch(batch.timeMs);
      expect(batch.cached === undefined ? seen : { ...seen, cached }).toEqual(expected);
    }
  });
}

test("every program has a vector, and every vector a program", () => {
  const named = vectors.map((vector) => vector.name);
  expect([...programs.keys()].filter((name) => !named.includes(name))).toEqual([]);
  expect(named.filter((name) => !programs.has(name))).toEqual([]);
});
