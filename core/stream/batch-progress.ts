/** How far the jobs of one batch are. Like Spark: JobSet and Job. */

import { assert } from "../base/assert.ts";
import type { BatchJobs, OutputJob } from "./job-scheduler.ts";
import type { BatchInfo, OutputOperationInfo } from "./streaming-listener.ts";

interface Operation {
  readonly job: OutputJob;
  startMs: number | null;
  endMs: number | null;
  failure: string | null;
}

export class BatchProgress {
  readonly jobs: BatchJobs;
  readonly submittedMs: number;
  readonly #operations: readonly Operation[];
  #startedMs: number | null = null;
  #endedMs: number | null = null;

  constructor(jobs: BatchJobs, submittedMs: number) {
    this.jobs = jobs;
    this.submittedMs = submittedMs;
    this.#operations = jobs.jobs.map((job) => ({ job, startMs: null, endMs: null, failure: null }));
  }

  get hasStarted(): boolean {
    return this.#startedMs !== null;
  }

  get hasCompleted(): boolean {
    return this.#operations.every(({ endMs }) => endMs !== null);
  }

  get failedOutputs(): number {
    return this.#operations.filter(({ failure }) => failure !== null).length;
  }

  started(id: number, nowMs: number): void {
    this.#startedMs ??= nowMs;
    this.#operation(id).startMs = nowMs;
  }

  ended(id: number, nowMs: number, failure: string | null): void {
    const operation = this.#operation(id);
    assert(operation.startMs !== null && operation.endMs === null, "a job ends once", { id });
    operation.endMs = nowMs;
    operation.failure = failure;
    if (this.hasCompleted) this.#endedMs = nowMs;
  }

  #operation(id: number): Operation {
    const operation = this.#operations[id];
    assert(operation !== undefined, "a job is one of its batch's", { id });
    return operation;
  }

  durationMs(id: number): number {
    const { startMs, endMs } = this.#operation(id);
    return (endMs ?? 0) - (startMs ?? 0);
  }

  get schedulingDelayMs(): number | null {
    return this.#startedMs === null ? null : this.#startedMs - this.submittedMs;
  }

  get processingDelayMs(): number | null {
    if (this.#endedMs === null || this.#startedMs === null) return null;
    return this.#endedMs - this.#startedMs;
  }

  get totalDelayMs(): number | null {
    return this.#endedMs === null ? null : this.#endedMs - this.submittedMs;
  }

  info(): BatchInfo {
    const infos = this.#operations.map((_, id) => [id, this.operationInfo(id)] as const);
    return {
      batchTime: this.jobs.timeMs,
      streamIdToInputInfo: new Map(this.jobs.inputs.map((one) => [one.inputStreamId, one])),
      submissionTime: this.submittedMs,
      processingStartTime: this.#startedMs,
      processingEndTime: this.#endedMs,
      outputOperationInfos: new Map(infos),
      schedulingDelay: this.schedulingDelayMs,
      processingDelay: this.processingDelayMs,
      totalDelay: this.totalDelayMs,
      numRecords: this.jobs.inputs.reduce((sum, { numRecords }) => sum + numRecords, 0),
    };
  }

  operationInfo(id: number): OutputOperationInfo {
    const { job, startMs, endMs, failure } = this.#operation(id);
    const { operator, line } = job.site;
    const name = line === null ? operator : `${operator} at line ${line}`;
    return {
      batchTime: this.jobs.timeMs,
      id,
      name,
      description: name,
      startTime: startMs,
      endTime: endMs,
      failureReason: failure,
    };
  }
}
