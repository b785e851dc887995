/** The part of the fold that is about batches and their outputs. */

import { compareNumbers } from "../base/order.ts";
import type { EventOf } from "./event.ts";
import { changePartition } from "./replay-partitions.ts";
import {
  type BatchSnapshot,
  type Change,
  newest,
  type OutputSnapshot,
  SNAPSHOT_LIMITS,
  type Snapshot,
} from "./snapshot.ts";

type Batches = readonly BatchSnapshot[];

const newBatch = {
  status: "waiting",
  attempt: 1,
  ranges: [],
  records: 0,
  plannedMs: null,
  submittedMs: null,
  startedMs: null,
  completedMs: null,
  schedulingDelayMs: null,
  processingDelayMs: null,
  totalDelayMs: null,
  error: null,
  outputs: [],
  windows: [],
  states: [],
  jobs: [],
  jobsDropped: false,
} as const;

/** The batches with one changed; it is added where its time belongs when it is not there. */
export function changeBatch(
  batches: Batches,
  batchTimeMs: number,
  change: (batch: BatchSnapshot) => BatchSnapshot,
): Batches {
  const index = batches.findLastIndex((batch) => batch.batchTimeMs <= batchTimeMs);
  const known = batches[index];
  if (known?.batchTimeMs === batchTimeMs) return batches.with(index, change(known));
  const added = change({ batchTimeMs, ...newBatch });
  return bounded(batches.toSpliced(index + 1, 0, added), batchTimeMs);
}

/** Lets the oldest batch go that is through, else the oldest that does not run. */
function bounded(batches: Batches, batchTimeMs: number): Batches {
  if (batches.length <= SNAPSHOT_LIMITS.batches) return batches;
  const others = batches.filter((batch) => batch.batchTimeMs !== batchTimeMs);
  const dropped =
    others.find(({ status }) => isOver(status)) ??
    others.find(({ status }) => status !== "running") ??
    others[0];
  return batches.filter((batch) => batch !== dropped);
}

function isOver(status: BatchSnapshot["status"]): boolean {
  return status !== "waiting" && status !== "queued" && status !== "running";
}

/** Batches that were under way when the driver died. */
export function batchesLost(batches: Batches): Batches {
  return batches.map((batch) => (isOver(batch.status) ? batch : { ...batch, status: "lost" }));
}

/** Batches are made one after the other: one that still waits when the next is planned had no
 *  output operation due. */
function batchesIdle(batches: Batches, plannedMs: number): Batches {
  const waits = (batch: BatchSnapshot): boolean =>
    batch.status === "waiting" && batch.batchTimeMs !== plannedMs;
  if (!batches.some(waits)) return batches;
  return batches.map((batch) => (waits(batch) ? { ...batch, status: "idle" } : batch));
}

/** A batch that comes again starts afresh. */
function again(batch: BatchSnapshot): BatchSnapshot {
  if (!isOver(batch.status)) return batch;
  return { batchTimeMs: batch.batchTimeMs, ...newBatch, attempt: batch.attempt + 1 };
}

export function batchPlanned(at: Snapshot, event: EventOf<"batch.planned">): Change {
  const { batchTimeMs, ranges, atMs } = event;
  const isFirst = new Set<string>();
  let topics = at.topics;
  for (const range of ranges) {
    const name = `${range.topic}/${range.partition}`;
    const another = isFirst.has(name);
    isFirst.add(name);
    topics = changePartition(topics, range, (partition) => {
      const until = range.untilOffset;
      // Two streams may read a partition; the slower one says how far it has been read.
      const readOffset = another ? Math.min(partition.readOffset ?? until, until) : until;
      return { ...partition, readOffset };
    });
  }
  return {
    topics,
    batches: changeBatch(batchesIdle(at.batches, batchTimeMs), batchTimeMs, (batch) => ({
      ...again(batch),
      ranges,
      records: ranges.reduce((sum, range) => sum + range.untilOffset - range.fromOffset, 0),
      plannedMs: atMs,
    })),
  };
}

export function batchGenerationFailed(
  at: Snapshot,
  { batchTimeMs, error, atMs }: EventOf<"batch.generationFailed">,
): Change {
  return {
    batches: changeBatch(at.batches, batchTimeMs, (batch) => ({
      ...again(batch),
      status: "failed",
      error,
      completedMs: atMs,
    })),
    totals: { ...at.totals, batchesFailed: at.totals.batchesFailed + 1 },
  };
}

export function batchSubmitted(at: Snapshot, event: EventOf<"batch.submitted">): Change {
  const { batchTimeMs, records, atMs } = event;
  return {
    batches: changeBatch(at.batches, batchTimeMs, (batch) => ({
      ...again(batch),
      status: "queued",
      records,
      submittedMs: atMs,
    })),
  };
}

export function batchStarted(at: Snapshot, event: EventOf<"batch.started">): Change {
  const { batchTimeMs, schedulingDelayMs, atMs } = event;
  return {
    batches: changeBatch(at.batches, batchTimeMs, (batch) => ({
      ...batch,
      status: "running",
      startedMs: atMs,
      schedulingDelayMs,
    })),
  };
}

export function batchCompleted(at: Snapshot, event: EventOf<"batch.completed">): Change {
  const { batchTimeMs, records, failedOutputs, atMs } = event;
  const { schedulingDelayMs, processingDelayMs, totalDelayMs } = event;
  const isNew = batchTimeMs > at.totals.countedMs;
  return {
    batches: changeBatch(at.batches, batchTimeMs, (batch) => ({
      ...batch,
      status: failedOutputs > 0 ? "failed" : "completed",
      records,
      completedMs: atMs,
      schedulingDelayMs,
      processingDelayMs,
      totalDelayMs,
    })),
    totals: {
      ...at.totals,
      batchesCompleted: at.totals.batchesCompleted + (failedOutputs > 0 ? 0 : 1),
      batchesFailed: at.totals.batchesFailed + (failedOutputs > 0 ? 1 : 0),
      recordsProcessed: at.totals.recordsProcessed + (isNew ? records : 0),
      countedMs: Math.max(at.totals.countedMs, batchTimeMs),
      processingMs: at.totals.processingMs + processingDelayMs,
    },
  };
}

function changeOutput(
  batch: BatchSnapshot,
  output: number,
  changed: Partial<OutputSnapshot>,
): BatchSnapshot {
  const known = batch.outputs.find((one) => one.output === output) ?? {
    output,
    operator: "",
    status: "running",
    lines: null,
    durationMs: null,
    error: null,
  };
  const others = batch.outputs.filter((one) => one.output !== output);
  const outputs = [...others, { ...known, ...changed }];
  return { ...batch, outputs: outputs.sort((a, b) => compareNumbers(a.output, b.output)) };
}

export function outputStarted(at: Snapshot, event: EventOf<"output.started">): Change {
  const { batchTimeMs, output, operator } = event;
  return {
    batches: changeBatch(at.batches, batchTimeMs, (batch) =>
      changeOutput(batch, output, { operator, status: "running" }),
    ),
  };
}

export function outputWritten(at: Snapshot, event: EventOf<"output.written">): Change {
  const { batchTimeMs, output, lines } = event;
  return {
    batches: changeBatch(at.batches, batchTimeMs, (batch) =>
      changeOutput(batch, output, { lines }),
    ),
    outputs: newest(at.outputs, event, SNAPSHOT_LIMITS.outputs),
  };
}

export function outputCompleted(at: Snapshot, event: EventOf<"output.completed">): Change {
  const { batchTimeMs, output, durationMs, error } = event;
  const status = error === null ? "completed" : "failed";
  return {
    batches: changeBatch(at.batches, batchTimeMs, (batch) =>
      changeOutput(batch, output, { status, durationMs, error }),
    ),
  };
}

/** Whether a fact about a batch says something of a batch in the picture. A driver that recovers
 *  computes older batches' RDDs again; one that is no longer kept stays away. */
function isShown({ batches }: Snapshot, batchTimeMs: number): boolean {
  const newestMs = batches.at(-1)?.batchTimeMs ?? -1;
  return batchTimeMs > newestMs || batches.some((batch) => batch.batchTimeMs === batchTimeMs);
}

export function windowComputed(at: Snapshot, event: EventOf<"window.computed">): Change {
  if (!isShown(at, event.batchTimeMs)) return {};
  return {
    batches: changeBatch(at.batches, event.batchTimeMs, (batch) => {
      const others = batch.windows.filter(({ node }) => node !== event.node);
      const windows = [...others, event].sort((a, b) => compareNumbers(a.node, b.node));
      return { ...batch, windows };
    }),
  };
}

export function stateUpdated(at: Snapshot, event: EventOf<"state.updated">): Change {
  if (!isShown(at, event.batchTimeMs)) return {};
  return {
    batches: changeBatch(at.batches, event.batchTimeMs, (batch) => {
      const others = batch.states.filter(
        (one) => one.node !== event.node || one.partition !== event.partition,
      );
      const states = [...others, event].sort(
        (a, b) => compareNumbers(a.node, b.node) || compareNumbers(a.partition, b.partition),
      );
      return { ...batch, states };
    }),
  };
}
