/** Cuts a job into stages at its shuffles, submits a stage when its parents are done, and computes
 *  again what was lost. Like Spark: DAGScheduler (core/.../scheduler/DAGScheduler.scala). */

import { assert, get } from "../base/assert.ts";
import { compareNumbers } from "../base/order.ts";
import { StreamscopeError } from "../base/errors.ts";
import type { RDDNode, ShuffleDependency } from "../rdd/rdd.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { BlockStore } from "./block-store.ts";
import type { AccumulatorChange, Accumulators, AccumulatorUpdates } from "../rdd/accumulators.ts";
import { PreferredExecutors } from "./preferred-executors.ts";
import { type Job, type Stage, stageOperators } from "./stage.ts";
import type { FetchFailed, TaskResult } from "./task.ts";
import {
  type ExecutorLoss,
  type TaskListener,
  TaskScheduler,
  type TaskSchedulerOptions,
} from "./task-scheduler.ts";
import type { TaskSet } from "./task-set.ts";
import type { TaskSettings } from "./task-settings.ts";

/** DAGScheduler.RESUBMIT_TIMEOUT. */
const RESUBMIT_MS = 200;

export type JobRequest = Omit<Job, "id">;

export type DAGSchedulerOptions = Omit<TaskSchedulerOptions, "listener">;

export class DAGScheduler implements TaskListener {
  readonly #runtime: Runtime;
  readonly #store: BlockStore;
  readonly #preferred: PreferredExecutors;
  readonly #tasks: TaskScheduler;
  readonly #settings: () => TaskSettings;
  /** Of the whole application. */
  readonly accumulators: Accumulators;
  readonly #mapStages = new Map<number, Stage>();
  readonly #jobs = new Map<number, { job: Job; result: Stage; unfinished: Set<number> }>();
  readonly #waiting = new Set<Stage>();
  readonly #sets = new Map<Stage, TaskSet>();
  #nextJob = 0;
  #nextStage = 0;
  #nextBroadcast = 0;

  constructor(options: DAGSchedulerOptions) {
    this.#runtime = options.runtime;
    this.#store = options.store;
    this.#preferred = new PreferredExecutors(options.store);
    this.#settings = options.settings;
    this.accumulators = options.accumulators;
    this.#tasks = new TaskScheduler({ ...options, listener: this });
  }

  /** Runs a job; `onDone` comes later, once. */
  submit(request: JobRequest): void {
    const job: Job = { ...request, id: this.#nextJob };
    this.#nextJob += 1;
    if (job.partitions.length === 0) {
      this.#emitSubmitted(job, [], []);
      this.#runtime.emit({ kind: "job.completed", job: job.id, error: null });
      this.#runtime.schedule(0, () => job.onDone(null));
      return;
    }
    job.rdd.settlePartitions("lineage");
    const result = this.#newStage(job.rdd, null, job);
    this.#preferred.forget();
    const unfinished = new Set(job.partitions);
    this.#jobs.set(job.id, { job, result, unfinished });
    const { needed, skipped } = this.#sortStages(result);
    this.#emitSubmitted(job, needed, skipped);
    this.#submitStage(result);
  }

  #emitSubmitted(job: Job, stages: readonly number[], skipped: readonly number[]): void {
    this.#runtime.emit({
      kind: "job.submitted",
      job: job.id,
      batchTimeMs: job.batchTimeMs,
      output: job.output,
      action: job.action,
      stages,
      skippedStages: skipped,
    });
  }

  /** A task's function runs right now. */
  get isComputing(): boolean {
    return this.#tasks.isComputing;
  }

  /** What is lost with it is gone from the store already. */
  executorLost(executor: number, loss: ExecutorLoss): void {
    this.#store.replicateAgain();
    this.#preferred.forget();
    this.#tasks.executorLost(executor, loss);
  }

  /** Broadcasts have numbers, and so has what each attempt of a stage sends to its tasks. */
  nextBroadcastId(): number {
    this.#nextBroadcast += 1;
    return this.#nextBroadcast - 1;
  }

  preferredExecutors(rdd: RDDNode<unknown>, partition: number): readonly number[] {
    return this.#preferred.of(rdd, partition);
  }

  /** An executor came: waiting tasks may start. */
  executorAdded(): void {
    this.#tasks.offer();
  }

  /** Forgets stages and outputs of shuffles that no RDD in use can reach. */
  retainShuffles(inUse: ReadonlySet<number>): void {
    const kept = new Set(inUse);
    for (const { result } of this.#jobs.values()) this.#addShuffles(result, kept);
    this.#store.outputs.retain(kept);
  }

  /** A job that comes later makes stages of its own, whose outputs may be there already.
   *  Like Spark: DAGScheduler.cleanupStateForJobAndIndependentStages. */
  #forgetStages(): void {
    const needed = new Set<Stage>();
    for (const { result } of this.#jobs.values()) {
      for (const stage of this.#ancestors(result)) needed.add(stage);
    }
    for (const [shuffle, stage] of this.#mapStages) {
      if (!needed.has(stage)) this.#mapStages.delete(shuffle);
    }
  }

  #addShuffles(stage: Stage, found: Set<number>): void {
    for (const ancestor of this.#ancestors(stage)) {
      if (ancestor.dependency !== null) found.add(ancestor.dependency.shuffle);
    }
  }

  /** A stage and all it depends on, each once. */
  #ancestors(stage: Stage): Set<Stage> {
    const found = new Set<Stage>([stage]);
    // A set may grow while it is walked: what is added is visited too.
    for (const one of found) for (const parent of this.#parents(one)) found.add(parent);
    return found;
  }

  #parents(stage: Stage): Stage[] {
    return this.#shufflesOf(stage.rdd, () => false).map((shuffle) =>
      this.#mapStage(shuffle, stage.job),
    );
  }

  /** Ids are given parents first. */
  #newStage(rdd: RDDNode<unknown>, dependency: ShuffleDependency | null, job: Job): Stage {
    for (const shuffle of this.#shufflesOf(rdd, () => false)) this.#mapStage(shuffle, job);
    const stage: Stage = {
      id: this.#nextStage,
      rdd,
      dependency,
      job,
      attempt: -1,
      failedAttempts: 0,
      isRunning: false,
      unfinished: new Set(),
    };
    this.#nextStage += 1;
    return stage;
  }

  #mapStage(dependency: ShuffleDependency, job: Job): Stage {
    const known = this.#mapStages.get(dependency.shuffle);
    if (known !== undefined) return known;
    const stage = this.#newStage(dependency.rdd, dependency, job);
    this.#mapStages.set(dependency.shuffle, stage);
    return stage;
  }

  /** The shuffles an RDD reads through narrow dependencies, each once. */
  #shufflesOf(
    rdd: RDDNode<unknown>,
    isCut: (rdd: RDDNode<unknown>) => boolean,
  ): ShuffleDependency[] {
    const found = new Map<number, ShuffleDependency>();
    const seen = new Set<number>();
    const visit = (of: RDDNode<unknown>): void => {
      if (seen.has(of.id) || isCut(of)) return;
      seen.add(of.id);
      for (const dependency of of.dependencies) {
        if (dependency.kind === "narrow") visit(dependency.rdd);
        else found.set(dependency.shuffle, dependency);
      }
    };
    visit(rdd);
    return [...found.values()];
  }

  /** Stages that have to run for a result, and those whose output is already there. */
  #sortStages(result: Stage): { needed: number[]; skipped: number[] } {
    const needed = new Set<Stage>([result]);
    for (const one of needed) for (const parent of this.#missingParents(one)) needed.add(parent);
    const skipped = [...this.#ancestors(result)].filter((stage) => !needed.has(stage));
    const ids = (stages: Iterable<Stage>): number[] =>
      Array.from(stages, (stage) => stage.id).sort(compareNumbers);
    return { needed: ids(needed), skipped: ids(skipped) };
  }

  #missingParents(stage: Stage): Stage[] {
    return this.#shufflesOf(stage.rdd, (rdd) => this.#preferred.isFullyCached(rdd))
      .filter((shuffle) => this.#missing(shuffle).length > 0)
      .map((shuffle) => this.#mapStage(shuffle, stage.job));
  }

  #missing(dependency: ShuffleDependency): number[] {
    return this.#store.outputs.missing(dependency.shuffle, dependency.rdd.numPartitions);
  }

  #submitStage(stage: Stage): void {
    if (stage.isRunning || this.#waiting.has(stage)) return;
    const missing = this.#missingParents(stage);
    if (missing.length === 0) {
      this.#submitMissingTasks(stage);
      return;
    }
    this.#waiting.add(stage);
    for (const parent of missing) this.#submitStage(parent);
  }

  #submitMissingTasks(stage: Stage): void {
    const partitions =
      stage.dependency === null
        ? [...get(this.#jobs, stage.job.id, "the job").unfinished]
        : this.#missing(stage.dependency);
    stage.attempt += 1;
    stage.isRunning = true;
    stage.unfinished.clear();
    for (const partition of partitions) stage.unfinished.add(partition);
    this.#runtime.emit({
      kind: "stage.submitted",
      stage: stage.id,
      attempt: stage.attempt,
      job: stage.job.id,
      type: stage.dependency === null ? "ResultStage" : "ShuffleMapStage",
      rdd: stage.rdd.id,
      partitions,
      operators: stageOperators(
        stage,
        (rdd) => this.#preferred.isFullyCached(rdd),
        (shuffle) => this.#mapStages.get(shuffle)?.id ?? null,
      ),
    });
    this.nextBroadcastId();
    this.#sets.set(stage, this.#tasks.submit(stage, partitions));
  }

  /** Once for each task of a result stage, and for every success of a map task. */
  accumulate(
    { stage }: TaskSet,
    partition: number,
    updates: AccumulatorUpdates,
  ): readonly AccumulatorChange[] {
    if (stage.dependency === null) {
      const isNew = this.#jobs.get(stage.job.id)?.unfinished.has(partition) === true;
      return isNew ? this.accumulators.apply(updates) : [];
    }
    return this.accumulators.apply(updates);
  }

  taskResubmitted({ stage }: TaskSet, partition: number): void {
    stage.unfinished.add(partition);
  }

  taskSucceeded({ stage }: TaskSet, partition: number, result: TaskResult): void {
    stage.unfinished.delete(partition);
    if (stage.dependency === null) {
      const entry = this.#jobs.get(stage.job.id);
      if (entry === undefined || !entry.unfinished.delete(partition)) return;
      entry.job.onResult(partition, result.result);
      if (entry.unfinished.size === 0) this.#endJob(entry.job, stage);
      return;
    }
    // A task of an earlier attempt may be the last one that was missing.
    if (!stage.isRunning || stage.unfinished.size > 0) return;
    this.#endStage(stage, null);
    stage.failedAttempts = 0;
    this.#preferred.forget();
    // An executor may have been lost with outputs of this very attempt.
    if (this.#missing(stage.dependency).length > 0) this.#submitStage(stage);
    else this.#submitWaiting();
  }

  #submitWaiting(): void {
    const waiting = [...this.#waiting].sort((a, b) => compareNumbers(a.id, b.id));
    for (const stage of waiting) {
      if (!this.#waiting.delete(stage)) continue;
      this.#submitStage(stage);
    }
  }

  #endStage(stage: Stage, error: string | null): void {
    stage.isRunning = false;
    const set = this.#sets.get(stage);
    if (set !== undefined) this.#tasks.cancel(set);
    this.#sets.delete(stage);
    const { id, attempt } = stage;
    this.#runtime.emit({ kind: "stage.completed", stage: id, attempt, error });
  }

  #endJob(job: Job, result: Stage): void {
    if (result.isRunning) this.#endStage(result, null);
    this.#jobs.delete(job.id);
    this.#forgetStages();
    this.#runtime.emit({ kind: "job.completed", job: job.id, error: null });
    job.onDone(null);
  }

  fetchFailed(set: TaskSet, failure: FetchFailed): void {
    const { stage } = set;
    if (set.attempt !== stage.attempt) return;
    this.#endStage(stage, failure.message);
    stage.failedAttempts += 1;
    const { stageAttemptsMax } = this.#settings();
    if (stage.failedAttempts >= stageAttemptsMax) {
      const error = new StreamscopeError(
        "JOB_ABORTED",
        `Job aborted due to stage failure: ${stageName(stage)} has failed the ` +
          `maximum allowable number of times: ${stageAttemptsMax}. ` +
          "Most recent failure reason:\n" +
          failure.message,
      );
      this.#abort(stage, error);
      return;
    }
    this.#runtime.schedule(RESUBMIT_MS, () => {
      this.#preferred.forget();
      if (this.#isNeeded(stage)) this.#submitStage(stage);
    });
  }

  taskSetFailed(set: TaskSet, error: StreamscopeError): void {
    this.#endStage(set.stage, error.message);
    this.#abort(set.stage, error);
  }

  #isNeeded(stage: Stage): boolean {
    return [...this.#jobs.values()].some(({ result }) => this.#reaches(result, stage));
  }

  #reaches(from: Stage, stage: Stage): boolean {
    return this.#ancestors(from).has(stage);
  }

  /** Fails every job that needs the stage. */
  #abort(stage: Stage, error: Error): void {
    for (const { job, result } of this.#jobs.values()) {
      if (!this.#reaches(result, stage)) continue;
      this.#jobs.delete(job.id);
      for (const waiting of this.#waiting) {
        if (!this.#isNeeded(waiting)) this.#waiting.delete(waiting);
      }
      this.#cancelUnneeded();
      this.#forgetStages();
      this.#runtime.emit({ kind: "job.completed", job: job.id, error: error.message });
      job.onDone(error);
    }
  }

  #cancelUnneeded(): void {
    for (const [stage, set] of this.#sets) {
      if (this.#isNeeded(stage)) continue;
      assert(stage.isRunning, "a stage with tasks must be running", { stage: stage.id });
      this.#tasks.cancel(set);
      this.#endStage(stage, "cancelled");
    }
  }
}

/** As Spark prints it: a result stage is called by its action, a map stage by its RDD. */
function stageName({ id, dependency, rdd, job }: Stage): string {
  if (dependency === null) return `ResultStage ${id} (${job.action})`;
  const line = rdd.site.line === null ? "" : ` at line ${rdd.site.line}`;
  return `ShuffleMapStage ${id} (${rdd.site.operator}${line})`;
}
