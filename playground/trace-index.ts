/** What the page looks up in a trace by position: which batch a fact belongs to, which DStreams
 *  were at work, and the marks of the timeline. Names and order only; the facts themselves are
 *  folded by the cursor. */

import type { TraceEvent, TraceKind } from "streamscope";
import { type BatchName, numberBatches } from "./batch-name.ts";

/** A batch on the timeline, from the fact that planned it to the last one about it. A batch that a
 *  driver did not finish and the next one runs again is there twice. */
export interface BatchMark {
  readonly batchTimeMs: number;
  readonly fromSeq: number;
  readonly lastSeq: number;
  /** It did not come to its end, or its output failed. */
  readonly failed: boolean;
}

/** A single moment on the timeline. */
export interface Mark {
  readonly seq: number;
  readonly kind: "fault" | "checkpoint" | "error";
}

export class TraceIndex {
  readonly #events: TraceEvent[] = [];
  readonly #batchOfEvent: (number | null)[] = [];
  readonly #batchOfJob = new Map<number, number>();
  readonly #jobOfStage = new Map<number, number>();
  readonly #stageOfTask = new Map<number, number>();
  readonly #nodesOfStage = new Map<number, readonly number[]>();
  readonly #batches: BatchMark[] = [];
  /** Batches under way, as places in `#batches`. */
  readonly #underWay = new Map<number, number>();
  readonly #marks: Mark[] = [];
  #kinds: ReadonlySet<TraceKind> = new Set();
  readonly #injected: string[] = [];
  #seed: number | null = null;
  #brokers = 1;
  #intervalMs = 1000;
  #zeroMs: number | null = null;

  get events(): readonly TraceEvent[] {
    return this.#events;
  }

  get marks(): readonly Mark[] {
    return this.#marks;
  }

  /** The lines of the faults that struck, in that order. */
  get injected(): readonly string[] {
    return this.#injected;
  }

  /** Of the run; null before it has begun. */
  get seed(): number | null {
    return this.#seed;
  }

  /** Brokers of the world, numbered from 1. */
  get brokers(): number {
    return this.#brokers;
  }

  /** Kinds of facts the run has told; another set once there is a new one. */
  get kinds(): ReadonlySet<TraceKind> {
    return this.#kinds;
  }

  /** What a batch of this run is called. */
  get batchName(): BatchName {
    return numberBatches({ zeroMs: this.#zeroMs ?? 0, intervalMs: this.#intervalMs });
  }

  /** In the order they were planned. */
  get batches(): readonly BatchMark[] {
    return this.#batches;
  }

  append(events: readonly TraceEvent[]): void {
    for (const event of events) {
      this.#events.push(event);
      if (!this.#kinds.has(event.kind)) this.#kinds = new Set([...this.#kinds, event.kind]);
      this.#learn(event);
      const batchTimeMs = this.#findBatch(event);
      this.#batchOfEvent.push(batchTimeMs);
      if (batchTimeMs !== null) this.#extendBatch(batchTimeMs, event);
      if (event.kind === "driver.crashed") this.#loseBatches();
      this.#mark(event);
    }
  }

  /** The batch that the fact at a position belongs to; null for the world's own facts. */
  batchAt(seq: number): number | null {
    return this.#batchOfEvent[seq] ?? null;
  }

  /** The DStreams at work in the fact at a position; empty where it is about none. */
  nodesAt(seq: number): readonly number[] {
    const event = this.#events[seq];
    if (event === undefined) return [];
    if ("stage" in event) return this.#nodesOfStage.get(event.stage) ?? [];
    if ("node" in event && event.node !== null) return [event.node];
    if (event.kind === "batch.planned") return event.ranges.map((range) => range.node);
    return [];
  }

  /** The last fact of a batch, where its outcome shows; null for a batch that never came. */
  lastOfBatch(batchTimeMs: number): number | null {
    const mark = this.#batches.findLast((one) => one.batchTimeMs === batchTimeMs);
    return mark?.lastSeq ?? null;
  }

  #learn(event: TraceEvent): void {
    if (event.kind === "run.started") {
      this.#seed = event.seed;
      this.#brokers = event.brokers;
      this.#intervalMs = event.batchIntervalMs;
    } else if (event.kind === "driver.started") this.#zeroMs ??= event.zeroTimeMs;
    else if (event.kind === "job.submitted") {
      if (event.batchTimeMs !== null) this.#batchOfJob.set(event.job, event.batchTimeMs);
    } else if (event.kind === "stage.submitted") {
      this.#jobOfStage.set(event.stage, event.job);
      const nodes = event.operators.flatMap(({ node }) => (node === null ? [] : [node]));
      this.#nodesOfStage.set(event.stage, [...new Set(nodes)]);
    } else if (event.kind === "fault.injected") this.#injected.push(event.script);
    else if (event.kind === "task.started") this.#stageOfTask.set(event.task, event.stage);
  }

  #findBatch(event: TraceEvent): number | null {
    if ("batchTimeMs" in event) return event.batchTimeMs;
    if ("job" in event) return this.#batchOfJob.get(event.job) ?? null;
    const stage = "stage" in event ? event.stage : null;
    const job = stage === null ? undefined : this.#jobOfStage.get(stage);
    return job === undefined ? null : (this.#batchOfJob.get(job) ?? null);
  }

  #extendBatch(batchTimeMs: number, event: TraceEvent): void {
    let place = this.#underWay.get(batchTimeMs);
    if (place === undefined) {
      // A checkpoint names the batch it was taken for, which is over or was not planned yet.
      if (!event.kind.startsWith("batch.")) return;
      place = this.#batches.length;
      this.#underWay.set(batchTimeMs, place);
    }
    const { seq } = event;
    const known = this.#batches[place] ?? { batchTimeMs, fromSeq: seq, failed: false };
    const failed =
      event.kind === "batch.generationFailed" ||
      (event.kind === "batch.completed" && event.failedOutputs > 0);
    this.#batches[place] = { ...known, lastSeq: seq, failed: known.failed || failed };
    if (event.kind === "batch.completed") this.#underWay.delete(batchTimeMs);
  }

  #loseBatches(): void {
    for (const place of this.#underWay.values()) {
      const lost = this.#batches[place];
      if (lost !== undefined) this.#batches[place] = { ...lost, failed: true };
    }
    this.#underWay.clear();
  }

  #mark({ kind, seq }: TraceEvent): void {
    if (kind === "fault.injected") this.#marks.push({ seq, kind: "fault" });
    else if (kind === "checkpoint.written") this.#marks.push({ seq, kind: "checkpoint" });
    else if (kind === "error.reported") this.#marks.push({ seq, kind: "error" });
  }
}
