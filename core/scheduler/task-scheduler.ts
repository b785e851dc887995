/** Gives tasks to free cores, first submitted first, and runs their attempts on virtual time.
 *  Like Spark: TaskSchedulerImpl and TaskSetManager. Unlike it: a task whose preferred executor is
 *  busy takes another core at once (a locality wait of 0). */

import { assert } from "../base/assert.ts";
import { describeThrown, StreamscopeError } from "../base/errors.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import type { ConsumerRecord } from "../record/record.ts";
import { stringHash } from "../record/jvm-hash.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { BlockStore } from "./block-store.ts";
import { type CostModel, workMs } from "./cost-model.ts";
import type { Executors } from "./executors.ts";
import { type KafkaReaderOptions, readRange } from "./kafka-reader.ts";
import type { Lens } from "./lens.ts";
import type { Stage } from "./stage.ts";
import { FetchFailed, type TaskInputs, taskInputs, type TaskResult, TaskRun } from "./task.ts";

export interface TaskSchedulerOptions {
  readonly runtime: Runtime;
  readonly executors: Executors;
  readonly store: BlockStore;
  readonly reader: KafkaReaderOptions;
  readonly cost: CostModel;
  /** `spark.task.maxFailures`. */
  readonly maxFailures: number;
  readonly lens: Lens | null;
  readonly listener: TaskListener;
}

/** What the DAG scheduler hears. */
export interface TaskListener {
  taskSucceeded(set: TaskSet, partition: number, executor: number, result: TaskResult): void;
  fetchFailed(set: TaskSet, failure: FetchFailed): void;
  taskSetFailed(set: TaskSet, error: StreamscopeError): void;
}

/** The tasks of one attempt of a stage. */
export interface TaskSet {
  readonly stage: Stage;
  readonly attempt: number;
  readonly pending: number[];
  readonly failures: Map<number, number>;
  readonly attempts: Map<number, number>;
  /** Set once a fetch failed or the stage was aborted: results no longer count. */
  isZombie: boolean;
}

interface Attempt {
  readonly task: number;
  readonly set: TaskSet;
  readonly partition: number;
  readonly number: number;
  readonly executor: number;
  readonly startedAtMs: number;
  isOver: boolean;
}

export class TaskScheduler {
  readonly #options: TaskSchedulerOptions;
  readonly #sets: TaskSet[] = [];
  readonly #running = new Set<Attempt>();
  #nextTask = 0;
  #isComputing = false;

  constructor(options: TaskSchedulerOptions) {
    this.#options = options;
  }

  get isComputing(): boolean {
    return this.#isComputing;
  }

  submit(stage: Stage, partitions: readonly number[]): TaskSet {
    const set: TaskSet = {
      stage,
      attempt: stage.attempt,
      pending: [...partitions],
      failures: new Map(),
      attempts: new Map(),
      isZombie: false,
    };
    this.#enqueue(set);
    this.#options.runtime.schedule(0, () => this.offer());
    return set;
  }

  /** Earlier jobs first, then earlier stages. Like Spark: FIFOSchedulingAlgorithm. */
  #enqueue(set: TaskSet): void {
    const isLater = ({ stage }: TaskSet): boolean =>
      stage.job.id > set.stage.job.id ||
      (stage.job.id === set.stage.job.id && stage.id > set.stage.id);
    const index = this.#sets.findIndex(isLater);
    this.#sets.splice(index < 0 ? this.#sets.length : index, 0, set);
  }

  /** Takes back what has not started. */
  cancel(set: TaskSet): void {
    set.isZombie = true;
    set.pending.length = 0;
  }

  executorLost(executor: number): void {
    for (const attempt of this.#running) {
      if (attempt.executor !== executor) continue;
      this.#end(attempt);
      this.#emitFailure(attempt, "executor lost", `ExecutorLostFailure (executor ${executor})`);
      if (!attempt.set.isZombie) this.#putBack(attempt);
    }
    this.offer();
  }

  /** Starts tasks while there are free cores. */
  offer(): void {
    for (let index = 0; index < this.#sets.length; index += 1) {
      const set = this.#sets[index];
      if (set === undefined) return;
      while (set.pending.length > 0) {
        const partition = set.pending[0];
        assert(partition !== undefined, "a pending task must have a partition");
        const inputs = taskInputs(this.#options.store, set.stage.rdd, partition);
        const executor = this.#options.executors.choose(this.#preferred(set, partition, inputs));
        if (executor === null) return;
        set.pending.shift();
        this.#start(set, partition, executor, inputs);
      }
    }
    this.#dropEmptySets();
  }

  #dropEmptySets(): void {
    for (let index = this.#sets.length - 1; index >= 0; index -= 1) {
      if (this.#sets[index]?.pending.length === 0) this.#sets.splice(index, 1);
    }
  }

  /** The executor that holds the cached partition, else the one that consistently reads the
   *  topic-partition. Like Spark: KafkaRDD.getPreferredLocations (PreferConsistent). */
  #preferred(set: TaskSet, partition: number, inputs: TaskInputs): number | null {
    const cached = this.#options.store.cachedBlock(set.stage.rdd, partition);
    if (cached !== null) return cached.executor;
    const range = inputs.ranges[0];
    if (range === undefined) return null;
    const descending = [...this.#options.executors.ids].reverse();
    if (descending.length === 0) return null;
    const hash = (Math.imul(31 + range.partition, 31) + stringHash(range.topic)) | 0;
    const index = ((hash % descending.length) + descending.length) % descending.length;
    return descending[index] ?? null;
  }

  #start(set: TaskSet, partition: number, executor: number, inputs: TaskInputs): void {
    const { runtime, executors } = this.#options;
    const number = set.attempts.get(partition) ?? 0;
    set.attempts.set(partition, number + 1);
    executors.occupy(executor);
    const task = this.#nextTask;
    this.#nextTask += 1;
    const startedAtMs = runtime.now();
    const attempt = { task, set, partition, number, executor, startedAtMs, isOver: false };
    this.#running.add(attempt);
    runtime.emit({
      kind: "task.started",
      task,
      stage: set.stage.id,
      stageAttempt: set.attempt,
      partition,
      attempt: number,
      executor,
      ranges: inputs.ranges,
    });
    this.#fetchInputs(attempt, inputs.ranges, (fetched) => this.#compute(attempt, fetched));
  }

  #fetchInputs(
    attempt: Attempt,
    ranges: readonly OffsetRange[],
    done: (fetched: Map<OffsetRange, readonly (readonly ConsumerRecord[])[]>) => void,
  ): void {
    const { reader } = this.#options;
    const fetched = new Map<OffsetRange, readonly (readonly ConsumerRecord[])[]>();
    const next = (index: number): void => {
      const range = ranges[index];
      if (range === undefined) {
        done(fetched);
        return;
      }
      readRange(reader, `executor ${attempt.executor}`, range, (result) => {
        if (attempt.isOver) return;
        if ("error" in result) this.#fail(attempt, result.error);
        else {
          fetched.set(range, result.records);
          next(index + 1);
        }
      });
    };
    next(0);
  }

  #compute(
    attempt: Attempt,
    fetched: Map<OffsetRange, readonly (readonly ConsumerRecord[])[]>,
  ): void {
    const { runtime, store, lens, cost, executors } = this.#options;
    const { stage } = attempt.set;
    const run = new TaskRun({ stage, partition: attempt.partition, store, fetched, lens });
    let result: TaskResult;
    this.#isComputing = true;
    try {
      result = run.run();
    } catch (thrown) {
      this.#isComputing = false;
      runtime.schedule(cost.taskMs, () => {
        if (!attempt.isOver) this.#fail(attempt, thrown);
      });
      return;
    }
    this.#isComputing = false;
    const work =
      result.recordsRead * cost.recordUs +
      (result.shuffleRecordsRead + result.shuffleRecordsWritten) * cost.shuffleRecordUs;
    const durationMs = cost.taskMs + workMs(work, executors.speedPercent(attempt.executor));
    runtime.schedule(durationMs, () => {
      if (!attempt.isOver) this.#finish(attempt, result);
    });
  }

  #finish(attempt: Attempt, result: TaskResult): void {
    const { runtime, store, listener } = this.#options;
    const { set, executor } = attempt;
    this.#end(attempt);
    for (const update of result.updates) {
      const { entries: _, ...fact } = update;
      runtime.emit({ kind: "state.updated", ...fact });
    }
    for (const { rdd, partition, records } of result.blocks) {
      store.storeBlock(rdd, partition, { executor, records });
      const block = `rdd_${rdd.id}_${partition}`;
      runtime.emit({ kind: "block.stored", block, executor, records: records.length });
    }
    if (result.mapOutput !== null && set.stage.dependency !== null) {
      const { shuffle } = set.stage.dependency;
      store.storeMapOutput(shuffle, attempt.partition, { executor, blocks: result.mapOutput });
    }
    runtime.emit({
      kind: "task.finished",
      task: attempt.task,
      stage: set.stage.id,
      stageAttempt: set.attempt,
      partition: attempt.partition,
      executor,
      durationMs: runtime.now() - attempt.startedAtMs,
      recordsRead: result.recordsRead,
      shuffleRecordsRead: result.shuffleRecordsRead,
      shuffleRecordsWritten: result.shuffleRecordsWritten,
      operators: result.operators,
    });
    listener.taskSucceeded(set, attempt.partition, executor, result);
    this.offer();
  }

  #fail(attempt: Attempt, thrown: unknown): void {
    const { listener, maxFailures } = this.#options;
    const { set, partition } = attempt;
    this.#end(attempt);
    if (thrown instanceof FetchFailed) {
      this.#emitFailure(attempt, "fetch failed", thrown.message);
      if (!set.isZombie) listener.fetchFailed(set, thrown);
      this.offer();
      return;
    }
    const text = errorText(thrown);
    this.#emitFailure(attempt, "exception", text);
    if (set.isZombie) return;
    const failures = (set.failures.get(partition) ?? 0) + 1;
    set.failures.set(partition, failures);
    if (failures < maxFailures) this.#putBack(attempt);
    else listener.taskSetFailed(set, abortError(attempt, failures, text, thrown));
    this.offer();
  }

  #putBack(attempt: Attempt): void {
    attempt.set.pending.unshift(attempt.partition);
    if (!this.#sets.includes(attempt.set)) this.#enqueue(attempt.set);
  }

  #end(attempt: Attempt): void {
    assert(!attempt.isOver, "an attempt must end once", { task: attempt.task });
    attempt.isOver = true;
    this.#running.delete(attempt);
    this.#options.executors.release(attempt.executor);
  }

  #emitFailure(
    attempt: Attempt,
    reason: "exception" | "fetch failed" | "executor lost",
    error: string,
  ): void {
    this.#options.runtime.emit({
      kind: "task.failed",
      task: attempt.task,
      stage: attempt.set.stage.id,
      stageAttempt: attempt.set.attempt,
      partition: attempt.partition,
      attempt: attempt.number,
      executor: attempt.executor,
      reason,
      error,
    });
  }
}

function errorText(thrown: unknown): string {
  return thrown instanceof StreamscopeError ? thrown.message : describeThrown(thrown);
}

/** As TaskSetManager.abort words it. */
function abortError(
  attempt: Attempt,
  failures: number,
  text: string,
  thrown: unknown,
): StreamscopeError {
  const { stage } = attempt.set;
  const id = `${stage.id}.${attempt.set.attempt}`;
  return new StreamscopeError(
    thrown instanceof StreamscopeError ? thrown.code : "JOB_ABORTED",
    `Job aborted due to stage failure: Task ${attempt.partition} in stage ${id} failed ` +
      `${failures} times, most recent failure: Lost task ${attempt.partition}.${attempt.number} ` +
      `in stage ${id} (TID ${attempt.task}) (executor ${attempt.executor}): ${text}`,
    { place: thrown instanceof StreamscopeError ? thrown.place : {}, cause: thrown },
  );
}
