/** Runs the output operations of batches, one at a time, in the order of their batches and of their
 *  registration. Batches wait here when processing is slower than the interval.
 *  Like Spark: JobScheduler and JobSet with `spark.streaming.concurrentJobs` = 1. */

import { describeThrown, StreamscopeError } from "../base/errors.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import type { RDDNode, Site } from "../rdd/rdd.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { OutputAction } from "./node.ts";

export interface OutputJob {
  readonly output: number;
  readonly action: OutputAction;
  readonly site: Site;
  readonly rdd: RDDNode<unknown>;
}

export interface BatchJobs {
  readonly timeMs: number;
  readonly records: number;
  readonly ranges: readonly OffsetRange[];
  /** At least one. */
  readonly jobs: readonly OutputJob[];
}

export interface JobSchedulerOptions {
  readonly runtime: Runtime;
  /** Runs one output operation, then calls back. */
  readonly runOutput: (
    batch: BatchJobs,
    job: OutputJob,
    done: (error: Error | null) => void,
  ) => void;
  readonly completed: (batch: BatchJobs) => void;
  readonly reportError: (error: StreamscopeError) => void;
}

interface Batch {
  readonly jobs: BatchJobs;
  readonly submittedMs: number;
  startedMs: number | null;
  next: number;
  failed: number;
}

export class JobScheduler {
  readonly #options: JobSchedulerOptions;
  readonly #queue: Batch[] = [];
  /** Submitted and not finished; a batch whose last job failed stays. */
  readonly #pending = new Set<number>();
  #isRunning = false;

  constructor(options: JobSchedulerOptions) {
    this.#options = options;
  }

  get pendingMs(): readonly number[] {
    return [...this.#pending].sort((a, b) => a - b);
  }

  /** Nothing runs and nothing waits. */
  get isIdle(): boolean {
    return !this.#isRunning && this.#queue.length === 0;
  }

  submit(jobs: BatchJobs): void {
    const { runtime } = this.#options;
    this.#pending.add(jobs.timeMs);
    runtime.emit({
      kind: "batch.submitted",
      batchTimeMs: jobs.timeMs,
      records: jobs.records,
      outputs: jobs.jobs.length,
    });
    this.#queue.push({ jobs, submittedMs: runtime.now(), startedMs: null, next: 0, failed: 0 });
    this.#runNext();
  }

  #runNext(): void {
    const batch = this.#queue[0];
    if (this.#isRunning || batch === undefined) return;
    const job = batch.jobs.jobs[batch.next];
    if (job === undefined) return;
    this.#isRunning = true;
    const { runtime } = this.#options;
    const batchTimeMs = batch.jobs.timeMs;
    const startedMs = runtime.now();
    if (batch.startedMs === null) {
      batch.startedMs = startedMs;
      const schedulingDelayMs = startedMs - batch.submittedMs;
      runtime.emit({ kind: "batch.started", batchTimeMs, schedulingDelayMs });
    }
    const { output } = job;
    runtime.emit({ kind: "output.started", batchTimeMs, output, operator: job.action.kind });
    this.#options.runOutput(batch.jobs, job, (error) => {
      runtime.emit({
        kind: "output.completed",
        batchTimeMs,
        output,
        durationMs: runtime.now() - startedMs,
        error: error === null ? null : error.message,
      });
      this.#jobEnded(batch, job, error);
    });
  }

  #jobEnded(batch: Batch, job: OutputJob, error: Error | null): void {
    batch.next += 1;
    if (error !== null) batch.failed += 1;
    const isLast = batch.next === batch.jobs.jobs.length;
    if (isLast) {
      this.#queue.shift();
      this.#emitCompleted(batch);
    }
    this.#isRunning = false;
    if (error !== null) this.#report(batch, job, error);
    else if (isLast) {
      this.#pending.delete(batch.jobs.timeMs);
      this.#options.completed(batch.jobs);
    }
    this.#runNext();
  }

  #emitCompleted(batch: Batch): void {
    const { runtime } = this.#options;
    const startedMs = batch.startedMs ?? batch.submittedMs;
    runtime.emit({
      kind: "batch.completed",
      batchTimeMs: batch.jobs.timeMs,
      records: batch.jobs.records,
      schedulingDelayMs: startedMs - batch.submittedMs,
      processingDelayMs: runtime.now() - startedMs,
      totalDelayMs: runtime.now() - batch.submittedMs,
      failedOutputs: batch.failed,
    });
  }

  #report(batch: Batch, job: OutputJob, error: Error): void {
    const place = error instanceof StreamscopeError ? error.place : {};
    const { line } = job.site;
    this.#options.reportError(
      new StreamscopeError(
        error instanceof StreamscopeError ? error.code : "USER_FUNCTION",
        `Error running job streaming job ${batch.jobs.timeMs} ms.${job.output}: ` +
          (error instanceof StreamscopeError ? error.message : describeThrown(error)),
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
