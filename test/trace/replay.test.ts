// Goal: each kind of fact changes what it is about and nothing else; the snapshot stays bounded.
// Method: hand-made runs, cut where it matters, compared with literal values.
import { expect, test } from "vitest";
import type { TraceEvent, TraceFact } from "../../core/trace/event.ts";
import { lagRecords, processingTimeMs, schedulingDelayMs } from "../../core/trace/metrics.ts";
import { applyEvent, emptySnapshot, type Snapshot } from "../../core/trace/replay.ts";
import { SNAPSHOT_LIMITS } from "../../core/trace/snapshot.ts";
import { type BatchShape, handMadeRun } from "../kit/hand-made-run.ts";

const shape: BatchShape = { records: [2, 3, 1], processingMs: 300 };

function fold(events: readonly TraceEvent[], from: Snapshot = emptySnapshot): Snapshot {
  return events.reduce(applyEvent, from);
}

/** The world after these facts, on top of a snapshot. */
function after(snapshot: Snapshot, ...facts: readonly TraceFact[]): Snapshot {
  const { seq, atMs } = snapshot;
  const events = facts.map((fact, index) => ({ seq: seq + 1 + index, atMs, cause: null, ...fact }));
  return fold(events, snapshot);
}

/** The events up to and with the n-th of a kind, n from 1. */
function upTo(events: readonly TraceEvent[], kind: TraceEvent["kind"], count = 1): TraceEvent[] {
  const all = events.filter((event) => event.kind === kind);
  const last = all[count - 1];
  expect(last, `${kind} number ${count} must be in the trace`).toBeDefined();
  return events.slice(0, (last?.seq ?? 0) + 1);
}

test("applyEvent shares what an event does not change, and changes nothing it was given", () => {
  const before = fold(upTo(handMadeRun([shape]), "task.started"));
  const text = JSON.stringify(before);
  const changed = after(before, {
    kind: "fault.injected",
    fault: "stop broker 1",
    script: "at 1 stop broker 1",
  });
  expect(JSON.stringify(before)).toBe(text);
  expect(changed.batches).toBe(before.batches);
  expect(changed.topics).toBe(before.topics);
  expect(changed.faults.map(({ fault }) => fault)).toEqual(["stop broker 1"]);
});

test("records.appended moves the log's end, and a planned batch the next offset to read", () => {
  const events = handMadeRun([shape, { records: [1, 0, 0], processingMs: 100 }]);
  const appended = fold(upTo(events, "records.appended", 4));
  const [first] = appended.topics[0]?.partitions ?? [];
  expect(first).toMatchObject({ logEndOffset: 3, highWatermark: 3, readOffset: 2 });
  expect(first?.appends).toEqual([
    { atMs: 400, baseOffset: 0, count: 2 },
    { atMs: 1400, baseOffset: 2, count: 1 },
  ]);
  expect(appended.topics[0]?.partitions.map(lagRecords)).toEqual([1, 0, 0]);
  const planned = fold(upTo(events, "batch.planned", 2));
  expect(planned.topics[0]?.partitions.map(lagRecords)).toEqual([0, 0, 0]);
});

test("lagRecords is not known before a batch has been planned", () => {
  const snapshot = fold(upTo(handMadeRun([shape]), "records.appended", 3));
  expect(snapshot.topics[0]?.partitions.map(lagRecords)).toEqual([null, null, null]);
});

test("logStart.advanced and broker facts change a log's start and who is up", () => {
  const begun = fold(upTo(handMadeRun([shape]), "records.appended", 3));
  const changed = after(
    begun,
    {
      kind: "logStart.advanced",
      topic: "sentences",
      partition: 1,
      logStartOffset: 2,
      reason: "retention.ms",
    },
    { kind: "broker.stopped", broker: 1 },
  );
  expect(changed.topics[0]?.partitions.map((one) => one.logStartOffset)).toEqual([0, 2, 0]);
  expect(changed.brokers).toEqual([
    { broker: 1, isUp: false, lost: null, isFenced: false, isRegistered: false },
  ]);
  const back = after(changed, { kind: "broker.started", broker: 1 });
  expect(back.brokers).toEqual([
    { broker: 1, isUp: true, lost: null, isFenced: false, isRegistered: false },
  ]);
});

test("a batch is waiting, queued, running, completed, with its delays", () => {
  const slow: BatchShape = { records: [1, 1, 1], processingMs: 1500 };
  const events = handMadeRun([slow, slow]);
  const kinds = ["batch.planned", "batch.submitted", "batch.started", "batch.completed"] as const;
  const seen = kinds.map((kind) => fold(upTo(events, kind, 2)).batches.at(-1));
  expect(seen.map((batch) => batch?.status)).toEqual(["waiting", "queued", "running", "completed"]);
  expect(seen.at(-1)).toMatchObject({
    batchTimeMs: 2000,
    records: 3,
    submittedMs: 2500,
    schedulingDelayMs: 0,
    processingDelayMs: 1500,
    totalDelayMs: 1500,
    outputs: [{ output: 0, operator: "print", status: "completed", durationMs: 1500 }],
  });
});

test("delays of a batch under way count up to now", () => {
  const events = handMadeRun([shape]);
  const [queued] = fold(upTo(events, "batch.submitted")).batches;
  const [running] = fold(upTo(events, "batch.started")).batches;
  if (queued === undefined || running === undefined) throw new Error("the batch must be there");
  expect(schedulingDelayMs(queued, 1250)).toBe(250);
  expect(processingTimeMs(queued, 1250)).toBe(null);
  expect(schedulingDelayMs(running, 1250)).toBe(0);
  expect(processingTimeMs(running, 1250)).toBe(250);
});

test("a batch without an output due is idle once the next is planned", () => {
  const begun = fold(upTo(handMadeRun([shape]), "driver.started"));
  const plan = (batchTimeMs: number) =>
    ({ kind: "batch.planned", batchTimeMs, ranges: [] }) as const;
  const snapshot = after(begun, plan(1000), plan(2000));
  expect(snapshot.batches.map(({ status }) => status)).toEqual(["idle", "waiting"]);
});

test("jobs, stages and tasks are kept under their batch, failed attempts too", () => {
  const events = handMadeRun([{ ...shape, failsOnce: 1 }]);
  const [batch] = fold(events).batches;
  expect(batch?.jobs).toHaveLength(1);
  const [map, result] = batch?.jobs[0]?.stages ?? [];
  expect(map?.tasks.map((task) => [task.partition, task.attempt, task.status])).toEqual([
    [0, 0, "finished"],
    [1, 0, "failed"],
    [1, 1, "finished"],
    [2, 0, "finished"],
  ]);
  expect(map?.tasks[2]).toMatchObject({
    executor: 2,
    recordsRead: 3,
    shuffleRecordsWritten: 6,
    operators: [
      { rdd: 0, records: 3 },
      { rdd: 1, records: 6 },
      { rdd: 2, records: 6 },
    ],
  });
  expect(result).toMatchObject({ type: "ResultStage", status: "completed", partitions: [0, 1] });
});

test("tasks take and free the cores of their executor", () => {
  const events = handMadeRun([shape]);
  expect(fold(upTo(events, "task.started")).executors.map((one) => one.runningTasks)).toEqual([
    [0],
    [],
  ]);
  expect(fold(upTo(events, "task.finished")).executors.map((one) => one.runningTasks)).toEqual([
    [],
    [],
  ]);
});

test("a stage computed again for an old job is told to the job that waits for it", () => {
  const events = handMadeRun([shape, shape]);
  const second = fold(upTo(events, "job.submitted", 2));
  const again = after(second, {
    kind: "stage.submitted",
    stage: 0,
    attempt: 1,
    job: 0,
    type: "ShuffleMapStage",
    rdd: 2,
    partitions: [1],
    operators: [],
  });
  expect(again.batches.map(({ jobs }) => jobs[0]?.stages.length)).toEqual([2, 1]);
});

test("driver.crashed loses what was under way; the batch comes again as attempt 2", () => {
  const events = handMadeRun([shape, { ...shape, crashes: true }]);
  const crashed = fold(upTo(events, "driver.crashed"));
  expect(crashed.driver).toMatchObject({ attempt: 1, isAlive: false });
  expect(crashed.batches.map(({ status }) => status)).toEqual(["completed", "lost"]);
  expect(crashed.executors.map(({ isAlive }) => isAlive)).toEqual([false, false]);
  const restarted = fold(upTo(events, "driver.started", 2));
  expect(restarted.driver).toMatchObject({ attempt: 2, recoveredFrom: "checkpoint-2000" });
  expect(restarted.executors.map(({ isAlive }) => isAlive)).toEqual([true, true]);
  const [, again] = fold(events).batches;
  expect(again).toMatchObject({ status: "completed", attempt: 2, records: 6 });
  expect(again?.jobs).toHaveLength(1);
});

test("records of a batch that ran twice are processed once in the totals", () => {
  const snapshot = fold(handMadeRun([shape, { ...shape, crashes: true }]));
  expect(snapshot.totals).toMatchObject({ recordsAppended: 12, recordsProcessed: 12 });
});

test("executor.lost and blocks facts change what an executor caches", () => {
  const begun = fold(upTo(handMadeRun([shape]), "driver.started"));
  const stored = after(
    begun,
    { kind: "block.stored", block: "rdd_4_0", executor: 1, records: 3, storage: "memory" },
    { kind: "block.stored", block: "rdd_4_1", executor: 1, records: 3, storage: "memory" },
    { kind: "block.stored", block: "rdd_5_0", executor: 2, records: 3, storage: "memory" },
  );
  expect(stored.executors.map(({ cached }) => cached)).toEqual([
    [{ rdd: 4, blocks: 2 }],
    [{ rdd: 5, blocks: 1 }],
  ]);
  const removed = after(stored, { kind: "blocks.removed", rdd: 4, blocks: 2 });
  expect(removed.executors.map(({ cached }) => cached)).toEqual([[], [{ rdd: 5, blocks: 1 }]]);
  const lost = after(stored, {
    kind: "executor.lost",
    executor: 1,
    blocksLost: ["rdd_4_0", "rdd_4_1"],
    shuffleOutputsLost: 0,
  });
  expect(lost.executors[0]).toMatchObject({ isAlive: false, cached: [] });
});

test("offsets.committed keeps the newest offset of each partition of a group", () => {
  const commit = (partition: number, offset: number) =>
    ({
      kind: "offsets.committed",
      group: "counts",
      offsets: [{ topic: "sentences", partition, offset }],
    }) as const;
  const snapshot = after(emptySnapshot, commit(1, 3), commit(0, 2), commit(1, 8));
  expect(snapshot.groups).toEqual([
    {
      group: "counts",
      membership: null,
      offsets: [
        { topic: "sentences", partition: 0, offset: 2 },
        { topic: "sentences", partition: 1, offset: 8 },
      ],
    },
  ]);
});

test("partitions.added gives a topic more partitions, empty ones", () => {
  const created = { kind: "topic.created", topic: "t", leaders: [1] } as const;
  const added = { kind: "partitions.added", topic: "t", leaders: [2, 1] } as const;
  const { topics } = after(emptySnapshot, created, added);
  const partitions = topics[0]?.partitions.map(({ partition, leader, logEndOffset }) => {
    return [partition, leader, logEndOffset];
  });
  expect(partitions).toEqual([
    [0, 1, 0],
    [1, 2, 0],
    [2, 1, 0],
  ]);
  expect(after(emptySnapshot, added).topics).toEqual([]);
});

test("rate.estimated keeps the newest estimate of each stream, of the driver that runs", () => {
  const estimate = (node: number, batchTimeMs: number, rate: number) =>
    ({ kind: "rate.estimated", node, batchTimeMs, rate, processingRate: rate + 1 }) as const;
  const driver = {
    kind: "driver.started",
    attempt: 1,
    recoveredFrom: null,
    zeroTimeMs: 0,
    nodes: [],
    rescheduledMs: [],
  } as const;
  const told = [estimate(0, 1000, 300), estimate(4, 1000, 80), estimate(0, 2000, 250)];
  expect(after(emptySnapshot, driver, ...told).driver?.rates).toEqual([
    { node: 4, batchTimeMs: 1000, rate: 80, processingRate: 81 },
    { node: 0, batchTimeMs: 2000, rate: 250, processingRate: 251 },
  ]);
  expect(after(emptySnapshot, driver, ...told, driver).driver?.rates).toEqual([]);
});

test("checkpoint facts tell which files are in the store", () => {
  const written = fold(handMadeRun([shape, shape]));
  expect(written.checkpoints.map(({ file }) => file)).toEqual([
    "checkpoint-1000",
    "checkpoint-2000",
  ]);
  const removed = after(written, { kind: "checkpoint.removed", file: "checkpoint-1000" });
  expect(removed.checkpoints.map(({ file }) => file)).toEqual(["checkpoint-2000"]);
});

test("an RDD of an older batch that is computed again changes no status", () => {
  const snapshot = fold(handMadeRun([shape, shape]));
  const window = (batchTimeMs: number) =>
    ({
      kind: "window.computed",
      batchTimeMs,
      node: 3,
      batchesMs: [batchTimeMs],
      leavingMs: [],
      enteringMs: [],
    }) as const;
  const changed = after(snapshot, window(1000), window(500));
  expect(
    changed.batches.map(({ batchTimeMs, status, windows }) => [
      batchTimeMs,
      status,
      windows.length,
    ]),
  ).toEqual([
    [1000, "completed", 1],
    [2000, "completed", 0],
  ]);
});

test("a snapshot does not grow with the run", () => {
  const sizeAfter = (batches: number): number => {
    const events = handMadeRun(Array.from({ length: batches }, () => shape));
    return JSON.stringify(fold(events)).length;
  };
  const short = sizeAfter(SNAPSHOT_LIMITS.batches + 50);
  const long = sizeAfter(4 * SNAPSHOT_LIMITS.batches);
  // Numbers get longer: four digits of a time become six.
  expect(long).toBeLessThan(short * 1.1);
});

test("a batch that runs keeps its place however many wait behind it", () => {
  const begun = fold(upTo(handMadeRun([shape]), "task.started"));
  let snapshot = begun;
  for (let batch = 2; batch <= SNAPSHOT_LIMITS.batches + 20; batch += 1) {
    const batchTimeMs = batch * 1000;
    snapshot = after(snapshot, { kind: "batch.submitted", batchTimeMs, records: 1, outputs: 1 });
  }
  expect(snapshot.batches).toHaveLength(SNAPSHOT_LIMITS.batches);
  expect(snapshot.batches[0]).toMatchObject({ batchTimeMs: 1000, status: "running" });
  expect(snapshot.batches[0]?.jobs[0]?.stages[0]?.tasks).toHaveLength(1);
});
