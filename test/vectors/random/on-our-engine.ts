// Runs a pipeline as data on our engine, as RandomPrograms.scala does on Spark.
import { type BatchOutput, Run, type StreamingContext } from "streamscope";
import { compareNumbers } from "../../../core/base/order.ts";
import type { Value } from "./functions.ts";
import type { BatchAnswer, Input, RandomProgram } from "./program.ts";
import { lookAt } from "./rdds.ts";
import { type Stream, streamAfter } from "./streams.ts";

function inputStream(ssc: StreamingContext, { batches, slices }: Input): Stream {
  const { sparkContext } = ssc;
  return ssc.queueStream<Value>(
    batches.map((batch) =>
      batch === null ? sparkContext.emptyRDD() : sparkContext.makeRDD<Value>(batch, slices),
    ),
  );
}

interface BatchRecording {
  readonly values: unknown[];
  readonly tasksByStage: number[];
  printed: string;
  jobs: number;
}

/** What one run did, batch by batch. */
class Recording {
  readonly #batches: readonly BatchRecording[];
  readonly #batchOf = new Map<number, number>();

  constructor(count: number) {
    this.#batches = Array.from({ length: count }, () => ({
      values: [],
      printed: "",
      jobs: 0,
      tasksByStage: [],
    }));
  }

  listen(run: Run): void {
    run.trace.listen((event) => {
      if (event.kind === "job.submitted" && event.batchTimeMs !== null) {
        this.#batchOf.set(event.job, event.batchTimeMs);
        const batch = this.#at(event.batchTimeMs);
        if (batch !== undefined) batch.jobs += 1;
      }
      if (event.kind !== "stage.submitted") return;
      const batch = this.#at(this.#batchOf.get(event.job) ?? 0);
      batch?.tasksByStage.push(event.partitions.length);
    });
  }

  print({ operator, timeMs, lines }: BatchOutput): void {
    const batch = this.#at(timeMs);
    if (operator !== "print" || batch === undefined) return;
    batch.printed += lines.map((line) => `${line}\n`).join("");
  }

  value(timeMs: number, value: unknown): void {
    this.#at(timeMs)?.values.push(value);
  }

  answers(): BatchAnswer[] {
    return this.#batches.map(({ values, printed, jobs, tasksByStage }, index) => ({
      timeMs: (index + 1) * 1000,
      values,
      printed,
      jobs,
      tasksByStage: tasksByStage.sort(compareNumbers),
    }));
  }

  #at(timeMs: number): BatchRecording | undefined {
    return this.#batches[timeMs / 1000 - 1];
  }
}

/** What our engine gives for a program. */
export function answerHere(program: RandomProgram): readonly BatchAnswer[] {
  const recording = new Recording(program.batches);
  const run = new Run({
    program: (ssc) => {
      if (program.checkpoints) ssc.checkpoint("checkpoints");
      const streams = program.inputs.map((input) => inputStream(ssc, input));
      for (const step of program.steps) {
        const of = step.of.flatMap((index) => streams[index] ?? []);
        streams.push(streamAfter(step, of));
      }
      for (const look of program.looks) {
        const stream = streams[look.stream];
        if (look.how === "print") stream?.print(look.n);
        else stream?.foreachRDD((rdd, ms) => recording.value(ms, lookAt(rdd, look)));
      }
    },
    world: {
      executors: [{ cores: 2 }],
      batches: program.batches,
      defaultParallelism: program.parallelism,
    },
    onOutput: (output) => recording.print(output),
  });
  recording.listen(run);
  run.runToEnd();
  if (run.failure !== null) throw run.failure;
  return recording.answers();
}
