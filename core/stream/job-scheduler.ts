/** Runs the output operations of batches, in the order of their batches and of their registration,
 *  so many at a time as `spark.streaming.concurrentJobs` says. Batches wait here when processing is
 *  slower than the interval. Like Spark: JobScheduler with its pool of job threads. */

import { describeThrown, StreamscopeError } from "../base/errors.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import type { RDDNode, Site } from "../rdd/rdd.ts";
import type { Runtime } from "../sim/runtime.ts";
import { BatchProgress } from "./batch-progress.ts";
import type { OutputAction } from "./node.ts";
import type { ListenerBus, StreamInputInfo } from "./streaming-listener.ts";

export interface OutputJob {
  /** Where the output stands among those registered. */
  readonly output: number;
  readonly action: OutputAction;
  readonly site: Site;
  readonly rdd: RDDNode<unknown>;
}

export interface BatchJobs {
  readonly timeMs: number;
  readonly records: number;
  readonly ranges: readonly OffsetRange[];
  /** What listeners are told of the inputs; empty for a batch that runs again after a restart. */
  readonly inputs: readonly StreamInputInfo[];
  /** At least one. Spark's id of an output operation is its place here. */
  readonly jobs: readonly OutputJob[];
}

export interface JobSchedulerOptions {
  readonly runtime: Runtime;
  /** `spark.streaming.concurrentJobs`. */
  readonly concurrentJobs: number;
  readonly listeners: ListenerBus;
  /** Runs one output operation, then calls back. */
  readonly runOutput: (
    batch: BatchJobs,
    job: OutputJob,
    done: (error: Error | null) => void,
  ) => void;
  readonly completed: (batch: BatchJobs) => void;
  readonly reportError: (error: StreamscopeError) => void;
}

interface Waiting {
  readonly batch: BatchProgress;
  readonly job: OutputJob;
  readonly id: number;
}

export class JobScheduler {
  readonly #options: JobSchedulerOptions;
  readonly #queue: Waiting[] = [];
  /** Submitted and not finished; a batch whose last job failed stays. */
  readonly #pending = new Set<number>();
  #running = 0;
  #state: "open" | "shut down" | "over" = "open";
  #whenIdle: (() => void) | null = null;

  constructor(options: JobSchedulerOptions) {
    this.#options = options;
  }

  get pendingMs(): readonly number[] {
    return [...this.#pending].sort((a, b) => a - b);
  }

  /** Nothing runs and nothing waits. */
  get isIdle(): boolean {
    return this.#running === 0 && this.#queue.length === 0;
  }

  submit(jobs: BatchJobs): void {
    if (this.#state !== "open") return;
    const { runtime, listeners } = this.#options;
    const batch = new BatchProgress(jobs, runtime.now());
    this.#pending.add(jobs.timeMs);
    runtime.emit({
      kind: "batch.submitted",
      batchTimeMs: jobs.timeMs,
      records: jobs.records,
      outputs: jobs.jobs.length,
    });
    listeners.post("onBatchSubmitted", () => ({ batchInfo: batch.info() }));
    for (const [id, job] of jobs.jobs.entries()) this.#queue.push({ batch, job, id });
    this.#fill();
  }

  /** Takes no more batches; calls back when those it has are through. */
  shutDown(whenIdle: () => void): void {
    this.#state = "shut down";
    this.#whenIdle = whenIdle;
    this.#tellIdle();
  }

  /** Drops what waits; what runs is not heard of again. */
  shutDownNow(): void {
    this.#state = "over";
    this.#queue.length = 0;
  }

  #tellIdle(): void {
    const whenIdle = this.#whenIdle;
    if (whenIdle === null || !this.isIdle) return;
    this.#whenIdle = null;
    whenIdle();
  }

  #fill(): void {
    const { concurrentJobs, runtime } = this.#options;
    while (this.#running < concurrentJobs) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#running += 1;
      // A job has a thread of its own: what submitted it does not wait for it.
      runtime.schedule(0, () => this.#run(next));
    }
  }

  #run(waiting: Waiting): void {
    if (this.#state === "over") return;
    const { runtime, listeners, runOutput } = this.#options;
    const { batch, job, id } = waiting;
    const batchTimeMs = batch.jobs.timeMs;
    const isFirst = !batch.hasStarted;
    batch.started(id, runtime.now());
    if (isFirst) {
      const schedulingDelayMs = batch.schedulingDelayMs ?? 0;
      runtime.emit({ kind: "batch.started", batchTimeMs, schedulingDelayMs });
      listeners.post("onBatchStarted", () => ({ batchInfo: batch.info() }));
    }
    const { output, action } = job;
    runtime.emit({ kind: "output.started", batchTimeMs, output, operator: action.kind });
    listeners.post("onOutputOperationStarted", () => ({
      outputOperationInfo: batch.operationInfo(id),
    }));
    runOutput(batch.jobs, job, (error) => this.#ended(waiting, error));
  }

  #ended(waiting: Waiting, error: Error | null): void {
    if (this.#state === "over") return;
    const { runtime, listeners } = this.#options;
    const { batch, job, id } = waiting;
    batch.ended(id, runtime.now(), error === null ? null : failureText(error));
    runtime.emit({
      kind: "output.completed",
      batchTimeMs: batch.jobs.timeMs,
      output: job.output,
      durationMs: batch.durationMs(id),
      error: error === null ? null : error.message,
    });
    listeners.post("onOutputOperationCompleted", () => ({
      outputOperationInfo: batch.operationInfo(id),
    }));
    if (batch.hasCompleted) this.#emitCompleted(batch);
    this.#running -= 1;
    if (error !== null) this.#report(waiting, error);
    else if (batch.hasCompleted) {
      this.#pending.delete(batch.jobs.timeMs);
      this.#options.completed(batch.jobs);
    }
    this.#fill();
    this.#tellIdle();
  }

  #emitCompleted(batch: BatchProgress): void {
    const { runtime, listeners } = this.#options;
    runtime.emit({
      kind: "batch.completed",
      batchTimeMs: batch.jobs.timeMs,
      records: batch.jobs.records,
      schedulingDelayMs: batch.schedulingDelayMs ?? 0,
      processingDelayMs: batch.processingDelayMs ?? 0,
      totalDelayMs: batch.totalDelayMs ?? 0,
      failedOutputs: batch.failedOutputs,
    });
    listeners.post("onBatchCompleted", () => ({ batchInfo: batch.info() }));
  }

  #report({ batch, job, id }: Waiting, error: Error): void {
    const place = error instanceof StreamscopeError ? error.place : {};
    const { line } = job.site;
    this.#options.reportError(
      new StreamscopeError(
        error instanceof StreamscopeError ? error.code : "USER_FUNCTION",
        `Error running job streaming job ${batch.jobs.timeMs} ms.${id}: ${failureText(error)}`,
        {
          place: {
            operator: job.action.kind,
            ...(line === null ? {} : { line }),
            batchTimeMs: batch.jobs.timeMs,
            ...place,
          },
          cause: error.cause ?? error,
        },
      ),
    );
  }
}

function failureText(error: Error): string {
  return error instanceof StreamscopeError ? error.message : describeThrown(error);
}
