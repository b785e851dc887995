// Goal: what a restart would do, told from the trace, is what the engine then does.
// Method: runs with a crash at many times; the plan right before each new driver against its facts.
import { expect, test } from "vitest";
import { PreferConsistent, Subscribe } from "../../core/dsl/kafka-strategies.ts";
import { KafkaUtils } from "../../core/dsl/kafka-utils.ts";
import { Run } from "../../core/scenario/run.ts";
import type { Program, WorldSpec } from "../../core/scenario/scenario.ts";
import { linesWorkload } from "../../core/scenario/workload.ts";
import type { EventOf } from "../../core/trace/event.ts";
import {
  inputRate,
  processingRate,
  restartPlan,
  totalLagRecords,
} from "../../core/trace/metrics.ts";
import { applyEvent, emptySnapshot, type Snapshot } from "../../core/trace/replay.ts";

const params = { "group.id": "counts", "auto.offset.reset": "earliest" };

const countWords: Program = (ssc) => {
  ssc.checkpoint("checkpoints");
  KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["sentences"], params))
    .map((record) => [record.value, 1] as const)
    .reduceByKey((a, b) => a + b)
    .print();
};

const world: WorldSpec = {
  topics: { sentences: { partitions: 3 } },
  workload: [
    linesWorkload({
      topic: "sentences",
      lines: Array.from({ length: 30 }, (_, index) => `line ${index % 7}`),
      ratePerSecond: 5,
    }),
  ],
};

function runIn(changed: WorldSpec): {
  readonly last: Snapshot;
  readonly restarts: readonly {
    readonly before: Snapshot;
    readonly event: EventOf<"driver.started">;
  }[];
} {
  let last = emptySnapshot;
  const restarts: { before: Snapshot; event: EventOf<"driver.started"> }[] = [];
  const run = new Run({ program: countWords, world: changed });
  run.trace.listen((event) => {
    if (event.kind === "driver.started" && event.attempt > 1)
      restarts.push({ before: last, event });
    last = applyEvent(last, event);
  });
  run.runToEnd();
  return { last, restarts };
}

test("restartPlan(snapshot, nowMs) names the batches that the next driver runs again", () => {
  let recovered = 0;
  for (let atMs = 900; atMs <= 4200; atMs += 55) {
    for (const downMs of [300, 2100]) {
      const { restarts, last } = runIn({
        ...world,
        faults: [{ kind: "crashDriver", atMs, downMs }],
      });
      expect(restarts).toHaveLength(1);
      for (const { before, event } of restarts) {
        const plan = restartPlan(before, event.atMs);
        expect(plan.checkpoint?.file ?? null).toBe(event.recoveredFrom);
        const times = plan.batches.map(({ batchTimeMs }) => batchTimeMs);
        expect(times).toEqual(event.rescheduledMs);
        if (times.length > 0) recovered += 1;
        for (const { batchTimeMs, ranges } of plan.batches) {
          const planned = last.batches.find((batch) => batch.batchTimeMs === batchTimeMs);
          if (ranges !== null) expect(planned?.ranges).toMatchObject(ranges.map(withoutTime));
        }
      }
    }
  }
  expect(recovered).toBeGreaterThan(50);
});

function withoutTime(range: {
  readonly partition: number;
  fromOffset: number;
  untilOffset: number;
}) {
  const { partition, fromOffset, untilOffset } = range;
  return { partition, fromOffset, untilOffset };
}

test("restartPlan(snapshot, nowMs) of an application without a checkpoint starts afresh", () => {
  expect(restartPlan(emptySnapshot, 1000)).toEqual({ checkpoint: null, batches: [] });
});

test("rates and lag of a run that has consumed its input", () => {
  const { last } = runIn(world);
  expect(last.run?.ended).toBe("input consumed");
  expect(totalLagRecords(last)).toBe(0);
  const [batch] = last.batches;
  if (batch === undefined) throw new Error("there must be a batch");
  expect(batch.records).toBe(5);
  expect(inputRate(batch, 1000)).toBe(5);
  expect(processingRate(batch)).toBe(5000 / (batch.processingDelayMs ?? 0));
  expect(processingRate({ ...batch, processingDelayMs: null })).toBe(null);
  expect(last.batches.every(({ status }) => status === "completed")).toBe(true);
});
