/** Gives tasks to free cores, first submitted first, tries again what failed, and copies what is
 *  slow. Like Spark: TaskSchedulerImpl and TaskSetManager. Unlike it: a task whose preferred
 *  executor is busy takes another core at once (a locality wait of 0). */

import { assert } from "../base/assert.ts";
import { describeThrown, StreamscopeError } from "../base/errors.ts";
import { stringHash } from "../record/jvm-hash.ts";
import type { AccumulatorChange, AccumulatorUpdates } from "../rdd/accumulators.ts";
import { TaskNotSerializable } from "../rdd/task-not-serializable.ts";
import type { TraceFact } from "../trace/event.ts";
import type { Stage } from "./stage.ts";
import {
  type BlockUse,
  FetchFailed,
  type TaskInputs,
  taskInputs,
  type TaskResult,
} from "./task.ts";
import { type TaskOutcome, TaskRunner, type TaskRunnerOptions } from "./task-runner.ts";
import { type Attempt, TaskSet } from "./task-set.ts";
import type { TaskSettings } from "./task-settings.ts";

export interface TaskSchedulerOptions extends TaskRunnerOptions {
  /** A driver that starts again takes them from its checkpoint: they may change once. */
  readonly settings: () => TaskSettings;
  readonly listener: TaskListener;
}

/** What the DAG scheduler hears. */
export interface TaskListener {
  /** Before its success is told: what it added to accumulators. */
  accumulate(
    set: TaskSet,
    partition: number,
    updates: AccumulatorUpdates,
  ): readonly AccumulatorChange[];
  taskSucceeded(set: TaskSet, partition: number, result: TaskResult): void;
  /** A finished map task has to run again in the same attempt of its stage. */
  taskResubmitted(set: TaskSet, partition: number): void;
  fetchFailed(set: TaskSet, failure: FetchFailed): void;
  taskSetFailed(set: TaskSet, error: StreamscopeError): void;
}

/** Why an executor is gone: `exitCausedByApp` counts against the tasks it ran. */
export interface ExecutorLoss {
  readonly exitCausedByApp: boolean;
  readonly reason: string;
}

type FailureReason = Extract<TraceFact, { kind: "task.failed" }>["reason"];

export class TaskScheduler {
  readonly #options: TaskSchedulerOptions;
  readonly #runner: TaskRunner;
  readonly #sets: TaskSet[] = [];
  readonly #running = new Set<Attempt>();
  #nextTask = 0;
  #isWatching = false;

  constructor(options: TaskSchedulerOptions) {
    this.#options = options;
    this.#runner = new TaskRunner(options);
  }

  get isComputing(): boolean {
    return this.#runner.isComputing;
  }

  submit(stage: Stage, partitions: readonly number[]): TaskSet {
    const set = new TaskSet(stage, partitions);
    this.#enqueue(set);
    this.#options.runtime.schedule(0, () => this.offer());
    this.#watch();
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
    set.retire();
    const index = this.#sets.indexOf(set);
    if (index >= 0) this.#sets.splice(index, 1);
  }

  executorLost(executor: number, loss: ExecutorLoss): void {
    for (const set of this.#sets.slice()) {
      for (const { task, partition } of set.takeBack(executor)) {
        const [stage, stageAttempt] = [set.stage.id, set.attempt];
        const fact = { task, stage, stageAttempt, partition, executor };
        this.#options.runtime.emit({ kind: "task.resubmitted", ...fact });
        this.#options.listener.taskResubmitted(set, partition);
      }
    }
    const behaviour = loss.exitCausedByApp
      ? "caused by one of the running tasks"
      : "unrelated to the running tasks";
    const text =
      `ExecutorLostFailure (executor ${executor} exited ${behaviour}) ` + `Reason: ${loss.reason}`;
    for (const attempt of Array.from(this.#running)) {
      if (attempt.executor !== executor) continue;
      this.#end(attempt);
      this.#emitFailure(attempt, "executor lost", text);
      if (loss.exitCausedByApp) this.#countFailure(attempt, text, null);
      else this.#putBack(attempt);
    }
    this.offer();
  }

  /** Starts tasks while there are free cores. */
  offer(): void {
    for (const set of this.#sets.slice()) {
      if (!this.#offerTo(set)) return;
      this.#offerCopies(set);
    }
  }

  /** False when there are no more cores. */
  #offerTo(set: TaskSet): boolean {
    const { store, executors } = this.#options;
    while (set.pending.length > 0) {
      const partition = set.pending[0];
      assert(partition !== undefined, "a pending task must have a partition");
      const inputs = taskInputs(store, set.stage.rdd, partition);
      const executor = executors.choose(this.#preferred(set, partition, inputs));
      if (executor === null) return false;
      set.pending.shift();
      this.#start(set, partition, executor, inputs);
    }
    return true;
  }

  /** A copy never runs where the slow one does. */
  #offerCopies(set: TaskSet): void {
    const { store, executors } = this.#options;
    for (const partition of set.speculative.slice()) {
      const busy = set.copiesOf(partition).map(({ executor }) => executor);
      const executor = executors.choose(null, busy);
      if (executor === null) continue;
      set.speculative.splice(set.speculative.indexOf(partition), 1);
      const inputs = taskInputs(store, set.stage.rdd, partition);
      this.#start(set, partition, executor, inputs);
    }
  }

  /** Looks for slow tasks while there are any. */
  #watch(): void {
    const { runtime, settings } = this.#options;
    const { speculation } = settings();
    if (!speculation.enabled || this.#isWatching) return;
    this.#isWatching = true;
    const { intervalMs } = speculation;
    runtime.schedule(intervalMs - (runtime.now() % intervalMs), () => {
      this.#isWatching = false;
      for (const set of this.#sets) this.#speculate(set);
      this.offer();
      if (this.#sets.length > 0) this.#watch();
    });
  }

  #speculate(set: TaskSet): void {
    const { runtime, settings } = this.#options;
    const { speculation } = settings();
    for (const { attempt, thresholdMs } of set.speculate(runtime.now(), speculation)) {
      const { task, partition, executor, startedAtMs } = attempt;
      runtime.emit({
        kind: "task.speculated",
        task,
        stage: set.stage.id,
        stageAttempt: set.attempt,
        partition,
        executor,
        runningMs: runtime.now() - startedAtMs,
        thresholdMs,
      });
    }
  }

  /** The executor that holds the cached partition, else the one that consistently reads the
   *  topic-partition. Like Spark: KafkaRDD.getPreferredLocations (PreferConsistent). */
  #preferred(set: TaskSet, partition: number, inputs: TaskInputs): number | null {
    const cached = this.#options.store.cachedBlock(set.stage.rdd, partition);
    if (cached !== null) return cached.executor;
    const range = inputs.ranges[0];
    const { preferred } = inputs;
    if (range === undefined) return preferred;
    if (preferred !== null && this.#options.executors.isAlive(preferred)) return preferred;
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
    set.running.add(attempt);
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
    this.#runner.run(attempt, inputs, (outcome) => this.#ended(attempt, outcome));
  }

  #ended(attempt: Attempt, outcome: TaskOutcome): void {
    this.#end(attempt);
    if (outcome.isDone) this.#finish(attempt, outcome.result, outcome.updates, outcome.blocks);
    else this.#fail(attempt, outcome.thrown, outcome.blocks);
    this.offer();
  }

  #useBlocks(executor: number, blocks: readonly BlockUse[]): void {
    const { store } = this.#options;
    for (const { rdd, partition, computed } of blocks) {
      if (computed === null) store.useBlock(rdd, partition);
      else store.storeBlock(executor, { rdd, partition, records: computed });
    }
  }

  #finish(
    attempt: Attempt,
    result: TaskResult,
    updates: AccumulatorUpdates,
    blocks: readonly BlockUse[],
  ): void {
    const { runtime, store, listener } = this.#options;
    const { set, executor, partition, task } = attempt;
    for (const update of result.updates) {
      const { entries: _, ...fact } = update;
      runtime.emit({ kind: "state.updated", ...fact });
    }
    this.#useBlocks(executor, blocks);
    if (result.mapOutput !== null && set.stage.dependency !== null) {
      const { shuffle } = set.stage.dependency;
      store.outputs.store(shuffle, partition, { executor, blocks: result.mapOutput });
    }
    const changes = listener.accumulate(set, partition, updates);
    if (changes.length > 0) runtime.emit({ kind: "accumulators.updated", task, changes });
    runtime.emit({
      kind: "task.finished",
      task,
      stage: set.stage.id,
      stageAttempt: set.attempt,
      partition,
      executor,
      durationMs: runtime.now() - attempt.startedAtMs,
      recordsRead: result.recordsRead,
      shuffleRecordsRead: result.shuffleRecordsRead,
      shuffleRecordsWritten: result.shuffleRecordsWritten,
      operators: result.operators,
    });
    for (const copy of set.copiesOf(partition)) {
      this.#end(copy);
      this.#emitFailure(copy, "killed", "TaskKilled (another attempt succeeded)");
    }
    this.#markSucceeded(attempt);
    listener.taskSucceeded(set, partition, result);
  }

  /** Other attempts of the stage need not run it either.
   *  Like Spark: TaskSchedulerImpl.notifyPartitionCompletion. */
  #markSucceeded(attempt: Attempt): void {
    const { set, partition } = attempt;
    const nowMs = this.#options.runtime.now();
    for (const one of this.#sets.slice()) {
      if (one.stage !== set.stage) continue;
      one.markSucceeded(partition, one === set ? attempt : null, nowMs);
      if (one.isComplete) this.cancel(one);
    }
  }

  #fail(attempt: Attempt, thrown: unknown, blocks: readonly BlockUse[]): void {
    const { listener } = this.#options;
    const { set, executor } = attempt;
    this.#useBlocks(executor, blocks);
    if (thrown instanceof FetchFailed) {
      this.#emitFailure(attempt, "fetch failed", thrown.message);
      if (!set.isZombie) listener.fetchFailed(set, thrown);
      return;
    }
    const text = errorText(thrown);
    this.#emitFailure(attempt, "exception", text);
    const isUnserializable = thrown instanceof Error && thrown.cause instanceof TaskNotSerializable;
    if (isUnserializable && !set.isZombie) listener.taskSetFailed(set, serializationError(thrown));
    else this.#countFailure(attempt, text, thrown);
  }

  #countFailure(attempt: Attempt, text: string, thrown: unknown): void {
    const { listener, settings } = this.#options;
    const { maxFailures } = settings();
    const { set, partition } = attempt;
    if (set.isZombie) return;
    const failures = (set.failures.get(partition) ?? 0) + 1;
    set.failures.set(partition, failures);
    if (failures < maxFailures) this.#putBack(attempt);
    else listener.taskSetFailed(set, abortError(attempt, failures, text, thrown));
  }

  #putBack(attempt: Attempt): void {
    if (!attempt.set.isZombie) attempt.set.putBack(attempt.partition);
  }

  #end(attempt: Attempt): void {
    assert(!attempt.isOver, "an attempt must end once", { task: attempt.task });
    attempt.isOver = true;
    this.#running.delete(attempt);
    attempt.set.running.delete(attempt);
    this.#options.executors.release(attempt.executor);
  }

  #emitFailure(attempt: Attempt, reason: FailureReason, error: string): void {
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
  const { set, partition } = attempt;
  return new StreamscopeError(
    thrown instanceof StreamscopeError ? thrown.code : "JOB_ABORTED",
    `Job aborted due to stage failure: Task ${set.partitions.indexOf(partition)} in stage ` +
      `${set.id} failed ${failures} times, most recent failure: Lost task ` +
      `${set.nameOf(attempt)}: ${text}`,
    { place: thrown instanceof StreamscopeError ? thrown.place : {}, cause: thrown },
  );
}

/** As DAGScheduler.submitMissingTasks words it. */
function serializationError(thrown: Error): StreamscopeError {
  return new StreamscopeError(
    "JOB_ABORTED",
    "Job aborted due to stage failure: Task serialization failed: java.io.IOException: " +
      thrown.message,
    { place: thrown instanceof StreamscopeError ? thrown.place : {}, cause: thrown },
  );
}
