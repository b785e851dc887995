// Goal: the page finds the batch, the DStreams and the marks of a position.
// Method: a short trace by hand, in the order the engine tells one.
import { expect, test } from "vitest";
import { TraceIndex } from "../../playground/trace-index.ts";
import { Trace } from "../../core/trace/trace.ts";
import type { TraceEvent, TraceFact } from "../../core/trace/event.ts";

const facts: readonly TraceFact[] = [
  { kind: "broker.started", broker: 1 },
  { kind: "batch.planned", batchTimeMs: 1000, ranges: [] },
  { kind: "batch.submitted", batchTimeMs: 1000, records: 0, outputs: 1 },
  {
    kind: "job.submitted",
    job: 4,
    batchTimeMs: 1000,
    output: 0,
    action: "print",
    stages: [7],
    skippedStages: [],
  },
  {
    kind: "stage.submitted",
    stage: 7,
    attempt: 0,
    job: 4,
    type: "ResultStage",
    rdd: 2,
    partitions: [0],
    operators: [
      { rdd: 1, className: "KafkaRDD", operator: "a", node: 0, parents: [], readsStages: [] },
      {
        rdd: 2,
        className: "MapPartitionsRDD",
        operator: "b",
        node: 3,
        parents: [1],
        readsStages: [],
      },
    ],
  },
  { kind: "fault.injected", fault: "crash driver", script: "at 1 crash driver" },
  { kind: "stage.completed", stage: 7, attempt: 0, error: null },
  {
    kind: "batch.completed",
    batchTimeMs: 1000,
    records: 0,
    schedulingDelayMs: 0,
    processingDelayMs: 5,
    totalDelayMs: 5,
    failedOutputs: 1,
  },
];

function indexOf(list: readonly TraceFact[]): TraceIndex {
  const trace = new Trace();
  const events: TraceEvent[] = [];
  trace.listen((event) => events.push(event));
  for (const fact of list) trace.append(fact, 1000, null);
  const index = new TraceIndex();
  index.append(events);
  return index;
}

test("batchAt finds the batch of a stage through its job, and none for the world", () => {
  const index = indexOf(facts);
  expect(facts.map((_, seq) => index.batchAt(seq))).toEqual([
    null,
    1000,
    1000,
    1000,
    1000,
    null,
    1000,
    1000,
  ]);
});

test("nodesAt tells the DStreams of a stage, also when it completes", () => {
  const index = indexOf(facts);
  expect(index.nodesAt(4)).toEqual([0, 3]);
  expect(index.nodesAt(6)).toEqual([0, 3]);
  expect(index.nodesAt(0)).toEqual([]);
});

test("batches and marks say where the line of the run has its blocks and signs", () => {
  const index = indexOf(facts);
  expect(index.batches).toEqual([{ batchTimeMs: 1000, fromSeq: 1, lastSeq: 7, failed: true }]);
  expect(index.marks).toEqual([{ seq: 5, kind: "fault" }]);
  expect(index.lastOfBatch(1000)).toBe(7);
  expect(index.lastOfBatch(2000)).toBeNull();
});

test("a batch that a crashed driver left and the next one runs again has two blocks", () => {
  const again = indexOf([
    ...facts.slice(0, 5),
    { kind: "driver.crashed", attempt: 1 },
    ...facts.slice(2, 3),
    ...facts.slice(7),
  ]);
  expect(again.batches).toEqual([
    { batchTimeMs: 1000, fromSeq: 1, lastSeq: 4, failed: true },
    { batchTimeMs: 1000, fromSeq: 6, lastSeq: 7, failed: true },
  ]);
});

test("lastOfBatch gives the last fact so far of a batch that has not completed", () => {
  expect(indexOf(facts.slice(0, 5)).lastOfBatch(1000)).toBe(4);
});
