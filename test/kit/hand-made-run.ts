// Traces made by hand, in the order and with the fields of core/trace/event.ts: a word count over
// one topic of three partitions. For tests that must not depend on what the engine does.
import type { TraceEvent, TraceFact } from "../../core/trace/event.ts";

export interface BatchShape {
  /** Records appended to each of three partitions before the batch. */
  readonly records: readonly [number, number, number];
  readonly processingMs: number;
  /** The map task of this partition fails once. */
  readonly failsOnce?: number | undefined;
  /** The driver dies while the batch runs; it runs again after the restart. */
  readonly crashes?: boolean;
  /** Its jobs cannot be made. */
  readonly generationFails?: boolean;
}

/** The events of a run with these batches, one second apart. */
export function handMadeRun(batches: readonly BatchShape[]): TraceEvent[] {
  const run = new HandMadeRun();
  run.begin();
  for (const batch of batches) run.batch(batch);
  run.emit({ kind: "run.ended", reason: "batches" });
  return run.events;
}

const operators = [
  { rdd: 0, operator: "createDirectStream", className: "KafkaRDD", node: 0 },
  { rdd: 1, operator: "flatMap", className: "MapPartitionsRDD", node: 1 },
  { rdd: 2, operator: "map", className: "MapPartitionsRDD", node: 2 },
];

class HandMadeRun {
  readonly events: TraceEvent[] = [];
  readonly #ends = [0, 0, 0];
  readonly #reads = [0, 0, 0];
  #nowMs = 0;
  #freeMs = 0;
  #batchMs = 0;
  #attempt = 0;
  #job = 0;
  #stage = 0;
  #task = 0;

  emit(fact: TraceFact): number {
    const seq = this.events.length;
    const cause = seq === 0 ? null : seq - 1;
    this.events.push({ seq, atMs: this.#nowMs, cause, ...fact });
    return seq;
  }

  begin(): void {
    this.emit({
      kind: "run.started",
      version: 1,
      seed: 42,
      batchIntervalMs: 1000,
      defaultParallelism: 2,
      brokers: 1,
    });
    this.emit({ kind: "topic.created", topic: "sentences", leaders: [1, 1, 1] });
    this.#startDriver(null, []);
  }

  #startDriver(recoveredFrom: string | null, rescheduledMs: readonly number[]): void {
    this.#attempt += 1;
    this.#job = 0;
    this.#stage = 0;
    for (const executor of [1, 2]) {
      this.emit({ kind: "executor.added", executor, cores: 1, speedPercent: 100 });
    }
    const node = (id: number, operator: string, className: string, parents: number[]) => ({
      id,
      operator,
      className,
      parents,
      slideMs: 1000,
      windowMs: null,
      checkpointMs: null,
      output: operator === "print" ? 0 : null,
    });
    this.emit({
      kind: "driver.started",
      attempt: this.#attempt,
      recoveredFrom,
      zeroTimeMs: 0,
      nodes: [
        node(0, "createDirectStream", "DirectKafkaInputDStream", []),
        node(1, "flatMap", "FlatMappedDStream", [0]),
        node(2, "map", "MappedDStream", [1]),
        node(3, "reduceByKey", "ShuffledDStream", [2]),
        node(4, "print", "ForEachDStream", [3]),
      ],
      rescheduledMs,
    });
  }

  #at(atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  batch(shape: BatchShape): void {
    this.#at(this.#batchMs + 400);
    for (const [partition, count] of shape.records.entries()) {
      if (count > 0) this.#append(partition, count);
    }
    this.#batchMs += 1000;
    this.#at(this.#batchMs);
    const batchTimeMs = this.#batchMs;
    const ranges = this.#ends.map((untilOffset, partition) => ({
      node: 0,
      topic: "sentences",
      partition,
      fromOffset: this.#reads[partition] ?? 0,
      untilOffset,
    }));
    this.emit({ kind: "batch.planned", batchTimeMs, ranges });
    if (shape.generationFails === true) {
      this.emit({ kind: "batch.generationFailed", batchTimeMs, error: "no leader" });
      return;
    }
    for (const [partition, end] of this.#ends.entries()) this.#reads[partition] = end;
    const work = { batchTimeMs, ranges, shape };
    if (shape.crashes === true) {
      this.#work(work, true);
      this.emit({ kind: "driver.crashed", attempt: this.#attempt });
      this.#at(this.#nowMs + 300);
      this.#startDriver(`checkpoint-${batchTimeMs}`, [batchTimeMs]);
      this.emit({ kind: "batch.planned", batchTimeMs, ranges });
    }
    this.#work(work, false);
  }

  #append(partition: number, count: number): void {
    const baseOffset = this.#ends[partition] ?? 0;
    const end = baseOffset + count;
    this.#ends[partition] = end;
    this.emit({
      kind: "records.appended",
      topic: "sentences",
      partition,
      baseOffset,
      count,
      sizeBytes: count * 20,
      logEndOffset: end,
      highWatermark: end,
      leaderEpoch: 0,
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
    });
  }

  #work(work: Work, dies: boolean): void {
    const { batchTimeMs, shape } = work;
    const records = shape.records[0] + shape.records[1] + shape.records[2];
    this.emit({ kind: "batch.submitted", batchTimeMs, records, outputs: 1 });
    const submittedMs = this.#nowMs;
    this.emit({
      kind: "checkpoint.written",
      file: `checkpoint-${batchTimeMs}`,
      type: "metadata",
      batchTimeMs,
      sizeBytes: 900,
      pendingMs: [batchTimeMs],
      ranges: work.ranges.map((range) => ({ ...range, batchTimeMs })),
      node: null,
    });
    this.#at(this.#freeMs);
    const startedMs = this.#nowMs;
    const schedulingDelayMs = startedMs - submittedMs;
    this.emit({ kind: "batch.started", batchTimeMs, schedulingDelayMs });
    this.emit({ kind: "output.started", batchTimeMs, output: 0, operator: "print" });
    const job = this.#job;
    this.#job += 1;
    const stages = [this.#stage, this.#stage + 1];
    const output = 0;
    this.emit({
      kind: "job.submitted",
      job,
      batchTimeMs,
      output,
      action: "print",
      stages,
      skippedStages: [],
    });
    this.#mapStage(work, job);
    if (dies) return;
    this.#resultStage(job);
    this.#at(startedMs + shape.processingMs);
    this.#freeMs = this.#nowMs;
    this.emit({ kind: "job.completed", job, error: null });
    this.#end(batchTimeMs, { submittedMs, startedMs, records });
  }

  #end(
    batchTimeMs: number,
    of: { readonly submittedMs: number; readonly startedMs: number; readonly records: number },
  ): void {
    const durationMs = this.#nowMs - of.startedMs;
    const lines = [`Time: ${batchTimeMs} ms`, `(spark,${of.records})`];
    this.emit({ kind: "output.written", batchTimeMs, output: 0, lines });
    this.emit({ kind: "output.completed", batchTimeMs, output: 0, durationMs, error: null });
    this.emit({
      kind: "batch.completed",
      batchTimeMs,
      records: of.records,
      schedulingDelayMs: of.startedMs - of.submittedMs,
      processingDelayMs: durationMs,
      totalDelayMs: this.#nowMs - of.submittedMs,
      failedOutputs: 0,
    });
  }

  #mapStage({ ranges, shape }: Work, job: number): void {
    const stage = this.#nextStage();
    this.emit({
      kind: "stage.submitted",
      stage,
      attempt: 0,
      job,
      type: "ShuffleMapStage",
      rdd: 2,
      partitions: [0, 1, 2],
      operators: operators.map((one) => ({
        ...one,
        parents: one.rdd === 0 ? [] : [one.rdd - 1],
        readsStages: [],
      })),
    });
    for (const partition of [0, 1, 2]) {
      const read = shape.records[partition] ?? 0;
      const mine = ranges.filter((range) => range.partition === partition);
      if (shape.failsOnce === partition) this.#runTask(stage, partition, mine, 0, null);
      const counts = [read, read * 2, read * 2];
      this.#runTask(stage, partition, mine, shape.failsOnce === partition ? 1 : 0, counts);
    }
    this.emit({ kind: "stage.completed", stage, attempt: 0, error: null });
  }

  #resultStage(job: number): void {
    const stage = this.#nextStage();
    this.emit({
      kind: "stage.submitted",
      stage,
      attempt: 0,
      job,
      type: "ResultStage",
      rdd: 3,
      partitions: [0, 1],
      operators: [
        {
          rdd: 3,
          operator: "reduceByKey",
          className: "ShuffledRDD",
          node: 3,
          parents: [],
          readsStages: [stage - 1],
        },
      ],
    });
    for (const partition of [0, 1]) this.#runTask(stage, partition, [], 0, [partition]);
    this.emit({ kind: "stage.completed", stage, attempt: 0, error: null });
  }

  #nextStage(): number {
    this.#stage += 1;
    return this.#stage - 1;
  }

  /** Counts of null: the attempt fails. */
  #runTask(
    stage: number,
    partition: number,
    ranges: Work["ranges"],
    attempt: number,
    counts: readonly number[] | null,
  ): void {
    const task = this.#task;
    this.#task += 1;
    const executor = (partition % 2) + 1;
    const of = { task, stage, stageAttempt: 0, partition, executor };
    this.emit({ kind: "task.started", ...of, attempt, ranges });
    this.#at(this.#nowMs + 10);
    if (counts === null) {
      this.emit({ kind: "task.failed", ...of, attempt, reason: "exception", error: "Error: no" });
      return;
    }
    const isMap = counts.length === 3;
    this.emit({
      kind: "task.finished",
      ...of,
      durationMs: 10,
      recordsRead: isMap ? (counts[0] ?? 0) : 0,
      shuffleRecordsRead: isMap ? 0 : (counts[0] ?? 0),
      shuffleRecordsWritten: isMap ? (counts[2] ?? 0) : 0,
      operators: counts.map((records, index) => ({ rdd: isMap ? index : 3, records })),
    });
  }
}

interface Work {
  readonly batchTimeMs: number;
  readonly ranges: readonly {
    readonly node: number;
    readonly topic: string;
    readonly partition: number;
    readonly fromOffset: number;
    readonly untilOffset: number;
  }[];
  readonly shape: BatchShape;
}
