/** The numbers of Spark's Streaming page, as a pure function of the trace.
 *  Like Spark: StreamingJobProgressListener and StreamingPage (S/ui/). */

import { compareNumbers } from "../base/order.ts";
import type { TraceEvent } from "./event.ts";

/** `spark.streaming.ui.retainedBatches`. */
const RETAINED_BATCHES = 1000;

/** One batch as the page lists it; a delay is null until it is known. */
export interface PageBatch {
  readonly batchTimeMs: number;
  readonly records: number;
  readonly schedulingDelayMs: number | null;
  readonly processingDelayMs: number | null;
  readonly totalDelayMs: number | null;
}

export interface StreamingPage {
  readonly totalCompletedBatches: number;
  /** Of batches that were started, and of those that completed. */
  readonly totalReceivedRecords: number;
  readonly totalProcessedRecords: number;
  /** By batch time. */
  readonly waitingBatches: readonly PageBatch[];
  readonly runningBatches: readonly PageBatch[];
  /** The newest, in the order they completed. */
  readonly retainedCompletedBatches: readonly PageBatch[];
  /** Records a second of batch interval, over all batches kept; null without any. */
  readonly averageInputRate: number | null;
  /** Over the batches kept whose delay is known, in whole ms, as Spark divides its Longs. */
  readonly averageSchedulingDelayMs: number | null;
  readonly averageProcessingDelayMs: number | null;
  readonly averageTotalDelayMs: number | null;
}

/** Of the driver that runs at the end of the events: a new one has a page of its own. */
export function streamingPage(
  events: Iterable<TraceEvent>,
  batchIntervalMs: number,
  retainedBatches: number = RETAINED_BATCHES,
): StreamingPage {
  let fold = new PageFold(retainedBatches);
  for (const event of events) {
    if (event.kind === "driver.started") fold = new PageFold(retainedBatches);
    else fold.add(event);
  }
  return fold.page(batchIntervalMs);
}

class PageFold {
  readonly #retainedBatches: number;
  readonly #waiting = new Map<number, PageBatch>();
  readonly #running = new Map<number, PageBatch>();
  readonly #completed: PageBatch[] = [];
  #completedCount = 0;
  #received = 0;
  #processed = 0;

  constructor(retainedBatches: number) {
    this.#retainedBatches = retainedBatches;
  }

  add(event: TraceEvent): void {
    if (event.kind === "batch.submitted") {
      const { batchTimeMs, records } = event;
      const unknown = { schedulingDelayMs: null, processingDelayMs: null, totalDelayMs: null };
      this.#waiting.set(batchTimeMs, { batchTimeMs, records, ...unknown });
    } else if (event.kind === "batch.started") {
      const { batchTimeMs, schedulingDelayMs } = event;
      const batch = this.#waiting.get(batchTimeMs);
      if (batch === undefined) return;
      this.#waiting.delete(batchTimeMs);
      this.#running.set(batchTimeMs, { ...batch, schedulingDelayMs });
      this.#received += batch.records;
    } else if (event.kind === "batch.completed") {
      const { batchTimeMs, records, schedulingDelayMs, processingDelayMs, totalDelayMs } = event;
      this.#waiting.delete(batchTimeMs);
      this.#running.delete(batchTimeMs);
      this.#completed.push({
        batchTimeMs,
        records,
        schedulingDelayMs,
        processingDelayMs,
        totalDelayMs,
      });
      if (this.#completed.length > this.#retainedBatches) this.#completed.shift();
      this.#completedCount += 1;
      this.#processed += records;
    }
  }

  page(batchIntervalMs: number): StreamingPage {
    const waitingBatches = byTime(this.#waiting.values());
    const runningBatches = byTime(this.#running.values());
    const all = [...waitingBatches, ...runningBatches, ...this.#completed];
    const rates = all.map(({ records }) => (records * 1000) / batchIntervalMs);
    return {
      totalCompletedBatches: this.#completedCount,
      totalReceivedRecords: this.#received,
      totalProcessedRecords: this.#processed,
      waitingBatches,
      runningBatches,
      retainedCompletedBatches: [...this.#completed],
      averageInputRate: rates.length === 0 ? null : sum(rates) / rates.length,
      averageSchedulingDelayMs: average(all.map((batch) => batch.schedulingDelayMs)),
      averageProcessingDelayMs: average(all.map((batch) => batch.processingDelayMs)),
      averageTotalDelayMs: average(all.map((batch) => batch.totalDelayMs)),
    };
  }
}

function byTime(batches: Iterable<PageBatch>): PageBatch[] {
  return [...batches].sort((a, b) => compareNumbers(a.batchTimeMs, b.batchTimeMs));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function average(delays: readonly (number | null)[]): number | null {
  const known = delays.filter((delay) => delay !== null);
  return known.length === 0 ? null : Math.floor(sum(known) / known.length);
}
