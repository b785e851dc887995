// Goal: every kind of fact has one line that says what happened.
// Method: a hand-made run against literal lines, and one literal line for each kind beside it.
import { expect, test } from "vitest";
import type { TraceFact } from "../../core/trace/event.ts";
import { describeEvent } from "../../core/trace/text.ts";
import { handMadeRun } from "../kit/hand-made-run.ts";

const lineOf = (fact: TraceFact): string =>
  describeEvent({ seq: 7, atMs: 1200, cause: 6, ...fact });

test("describeEvent tells a batch from its records to its end", () => {
  const events = handMadeRun([{ records: [2, 0, 0], processingMs: 300, failsOnce: 0 }]);
  expect(events.map(describeEvent)).toEqual([
    "0  run.started  seed 42, batch interval 1000 ms, default parallelism 2, 1 broker",
    "0  topic.created  sentences, leaders 1 1 1",
    "0  executor.added  executor 1, 1 core, speed 100%",
    "0  executor.added  executor 2, 1 core, speed 100%",
    "0  driver.started  attempt 1 afresh, zero time 0; nodes: 0 createDirectStream, 1 flatMap, " +
      "2 map, 3 reduceByKey, 4 print",
    "400  records.appended  sentences-0 [0, 2), 40 B, high watermark 2",
    "1000  batch.planned  batch 1000: sentences-0 [0, 2), sentences-1 [0, 0), sentences-2 [0, 0)",
    "1000  batch.submitted  batch 1000: 2 records, 1 output",
    "1000  checkpoint.written  checkpoint-1000 for batch 1000, 900 B, pending 1000",
    "1000  batch.started  batch 1000: scheduling delay 0 ms",
    "1000  output.started  batch 1000 output 0: print",
    "1000  job.submitted  job 0 of batch 1000 output 0: print, stages 0 1",
    "1000  stage.submitted  stage 0.0 of job 0: ShuffleMapStage, partitions 0 1 2, " +
      "createDirectStream > flatMap > map",
    "1000  task.started  task 0 of stage 0.0, partition 0 on executor 1, attempt 0, " +
      "reads sentences-0 [0, 2)",
    "1010  task.failed  task 0 of stage 0.0, partition 0 on executor 1, attempt 0, " +
      "exception: Error: no",
    "1010  task.started  task 1 of stage 0.0, partition 0 on executor 1, attempt 1, " +
      "reads sentences-0 [0, 2)",
    "1020  task.finished  task 1 of stage 0.0, partition 0 on executor 1, 10 ms, read 2, " +
      "shuffle read 0, shuffle written 4, out 0:2 1:4 2:4",
    "1020  task.started  task 2 of stage 0.0, partition 1 on executor 2, attempt 0, " +
      "reads sentences-1 [0, 0)",
    "1030  task.finished  task 2 of stage 0.0, partition 1 on executor 2, 10 ms, read 0, " +
      "shuffle read 0, shuffle written 0, out 0:0 1:0 2:0",
    "1030  task.started  task 3 of stage 0.0, partition 2 on executor 1, attempt 0, " +
      "reads sentences-2 [0, 0)",
    "1040  task.finished  task 3 of stage 0.0, partition 2 on executor 1, 10 ms, read 0, " +
      "shuffle read 0, shuffle written 0, out 0:0 1:0 2:0",
    "1040  stage.completed  stage 0.0",
    "1040  stage.submitted  stage 1.0 of job 0: ResultStage, partitions 0 1, reduceByKey",
    "1040  task.started  task 4 of stage 1.0, partition 0 on executor 1, attempt 0",
    "1050  task.finished  task 4 of stage 1.0, partition 0 on executor 1, 10 ms, read 0, " +
      "shuffle read 0, shuffle written 0, out 3:0",
    "1050  task.started  task 5 of stage 1.0, partition 1 on executor 2, attempt 0",
    "1060  task.finished  task 5 of stage 1.0, partition 1 on executor 2, 10 ms, read 0, " +
      "shuffle read 1, shuffle written 0, out 3:1",
    "1060  stage.completed  stage 1.0",
    "1300  job.completed  job 0",
    "1300  output.written  batch 1000 output 0: Time: 1000 ms\\n(spark,2)",
    "1300  output.completed  batch 1000 output 0: 300 ms",
    "1300  batch.completed  batch 1000: 2 records, delays 0 + 300 = 300 ms",
    "1300  run.ended  batches",
  ]);
});

const topic = "sentences";

test.each<[TraceFact, string]>([
  [
    { kind: "fault.injected", fault: "crash driver", script: "at 1200 crash driver" },
    "1200  fault.injected  crash driver",
  ],
  [{ kind: "broker.stopped", broker: 2 }, "1200  broker.stopped  broker 2"],
  [{ kind: "broker.started", broker: 2 }, "1200  broker.started  broker 2"],
  [
    { kind: "logStart.advanced", topic, partition: 1, logStartOffset: 4, reason: "retention.ms" },
    "1200  logStart.advanced  sentences-1 to 4 by retention.ms",
  ],
  [
    {
      kind: "request.failed",
      client: "executor 1",
      request: "fetch",
      topic,
      partition: 0,
      error: "OFFSET_OUT_OF_RANGE",
      retryInMs: null,
    },
    "1200  request.failed  executor 1 fetch sentences-0: OFFSET_OUT_OF_RANGE, gives up",
  ],
  [
    {
      kind: "request.failed",
      client: "driver",
      request: "listOffsets",
      topic,
      partition: 0,
      error: "NETWORK_EXCEPTION",
      retryInMs: 50,
    },
    "1200  request.failed  driver listOffsets sentences-0: NETWORK_EXCEPTION, again in 50 ms",
  ],
  [
    { kind: "partitions.added", topic, leaders: [1, 2] },
    "1200  partitions.added  sentences, 2 more, leaders 1 2",
  ],
  [
    { kind: "rate.estimated", batchTimeMs: 1000, node: 0, rate: 450, processingRate: 512 },
    "1200  rate.estimated  batch 1000 node 0: 450 records/s, processed 512 records/s",
  ],
  [
    { kind: "offsets.committed", group: "g", offsets: [{ topic, partition: 0, offset: 8 }] },
    "1200  offsets.committed  group g: sentences-0 8",
  ],
  [
    { kind: "executor.lost", executor: 1, blocksLost: ["rdd_4_1"], shuffleOutputsLost: 2 },
    "1200  executor.lost  executor 1, with 1 block and 2 shuffle outputs",
  ],
  [
    { kind: "block.stored", block: "rdd_4_1", executor: 1, records: 1, storage: "memory" },
    "1200  block.stored  rdd_4_1 on executor 1, 1 record",
  ],
  [{ kind: "blocks.removed", rdd: 4, blocks: 2 }, "1200  blocks.removed  rdd 4, 2 blocks"],
  [{ kind: "driver.crashed", attempt: 1 }, "1200  driver.crashed  attempt 1"],
  [
    {
      kind: "driver.started",
      attempt: 2,
      recoveredFrom: "checkpoint-3000",
      zeroTimeMs: 0,
      nodes: [],
      rescheduledMs: [3000, 4000],
    },
    "1200  driver.started  attempt 2 from checkpoint-3000, zero time 0, " +
      "runs again 3000 4000; nodes: ",
  ],
  [{ kind: "error.reported", message: "a\nb" }, "1200  error.reported  a\\nb"],
  [
    { kind: "batch.generationFailed", batchTimeMs: 1000, error: "no leader" },
    "1200  batch.generationFailed  batch 1000: no leader",
  ],
  [
    { kind: "output.completed", batchTimeMs: 1000, output: 1, durationMs: 9, error: "no" },
    "1200  output.completed  batch 1000 output 1: 9 ms: no",
  ],
  [
    {
      kind: "window.computed",
      batchTimeMs: 4000,
      node: 3,
      batchesMs: [2000, 3000, 4000],
      leavingMs: [1000],
      enteringMs: [4000],
    },
    "1200  window.computed  batch 4000 node 3: 2000 3000 4000 (-1000 +4000)",
  ],
  [
    {
      kind: "state.updated",
      batchTimeMs: 4000,
      node: 3,
      partition: 1,
      keysTouched: 5,
      keysWithValues: 2,
      keysRemoved: 1,
      keysKept: 4,
    },
    "1200  state.updated  batch 4000 node 3 partition 1: 5 keys touched, 2 with values, " +
      "1 removed, 4 kept",
  ],
  [{ kind: "job.completed", job: 3, error: "no" }, "1200  job.completed  job 3: no"],
  [{ kind: "checkpoint.removed", file: "rdd-3" }, "1200  checkpoint.removed  rdd-3"],
  [
    { kind: "checkpoint.skipped", file: "checkpoint-1000", error: "it is not whole JSON" },
    "1200  checkpoint.skipped  checkpoint-1000: it is not whole JSON",
  ],
])("describeEvent tells %s", (fact, line) => {
  expect(lineOf(fact)).toBe(line);
});
