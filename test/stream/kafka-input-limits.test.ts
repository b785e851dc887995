/** Goal: limits and back-pressure hold in a whole run, and say so.
 *  Method: worlds whose executors are slower than their producers; what each batch took is read off
 *  the trace. */

import { describe, expect, it } from "vitest";
import {
  applyEvent,
  emptySnapshot,
  KafkaUtils,
  PreferConsistent,
  type StreamingContext,
  Subscribe,
  type WorldSpec,
} from "streamscope";
import { eventsOf, runWorld, type WorldRun } from "../kit/run-world.ts";

const params = {
  "group.id": "g",
  "auto.offset.reset": "earliest",
  "enable.auto.commit": false,
};

function countAll(ssc: StreamingContext): void {
  KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["t"], params))
    .map((record) => record.value)
    .count()
    .print();
}

/** 1000 records a second, of which a task does 500. */
const world: WorldSpec = {
  topics: { t: { partitions: 2 } },
  workload: [
    {
      topic: "t",
      records: function* () {
        for (let n = 0; n < 12_000; n += 1) yield { atMs: n, value: `v${n}`, partition: n % 2 };
      },
    },
  ],
  executors: [{ cores: 1 }],
  cost: { recordUs: 2000 },
  batches: 12,
};

function run(conf: Record<string, string>, changes: Partial<WorldSpec> = {}): WorldRun {
  return runWorld({ program: countAll, world: { ...world, conf, ...changes } });
}

function taken({ events }: WorldRun): number[] {
  return eventsOf(events, "batch.planned").map(({ ranges }) =>
    ranges.reduce((sum, range) => sum + range.untilOffset - range.fromOffset, 0),
  );
}

describe("spark.streaming.kafka.maxRatePerPartition", () => {
  it("ends each batch where the rate says, and leaves the rest to the next", () => {
    const limited = run({ "spark.streaming.kafka.maxRatePerPartition": "150" });
    expect(taken(limited).slice(0, 12)).toEqual(Array.from({ length: 12 }, () => 300));
    const [, second] = eventsOf(limited.events, "batch.planned");
    expect(second?.ranges).toMatchObject([
      { partition: 0, fromOffset: 150, untilOffset: 300 },
      { partition: 1, fromOffset: 150, untilOffset: 300 },
    ]);
  });

  it("counts records a second, not a batch", () => {
    const conf = { "spark.streaming.kafka.maxRatePerPartition": "150" };
    expect(taken(run(conf, { batchIntervalMs: 500 }))[2]).toBe(150);
  });
});

describe("spark.streaming.backpressure.enabled", () => {
  const without = run({});
  const withPressure = run({
    "spark.streaming.backpressure.enabled": "true",
    "spark.streaming.backpressure.initialRate": "300",
  });

  it("brings batches down to what the executors do in an interval", () => {
    const delays = (of: WorldRun): number[] =>
      eventsOf(of.events, "batch.completed").map(({ schedulingDelayMs }) => schedulingDelayMs);
    expect(delays(without).at(-1)).toBeGreaterThan(8_000);
    expect(Math.max(...delays(withPressure))).toBeLessThan(1_500);
    const last = taken(withPressure)[11] ?? 0;
    expect(last).toBeGreaterThan(400);
    expect(last).toBeLessThan(600);
  });

  it("tells each estimate, after the batch it learnt from, and from the second batch on", () => {
    const { events } = withPressure;
    const estimates = eventsOf(events, "rate.estimated");
    expect(estimates[0]?.batchTimeMs).toBe(2000);
    for (const { batchTimeMs, rate, processingRate, atMs } of estimates) {
      const completed = eventsOf(events, "batch.completed").find(
        (one) => one.batchTimeMs === batchTimeMs,
      );
      expect(completed?.atMs).toBe(atMs);
      const processed = ((completed?.records ?? 0) / (completed?.processingDelayMs ?? 1)) * 1000;
      expect(processingRate).toBe(Math.trunc(processed));
      expect(rate).toBeGreaterThanOrEqual(100);
    }
    expect(eventsOf(without.events, "rate.estimated")).toEqual([]);
  });

  it("is seen in the snapshot: the newest estimate of the stream", () => {
    const last = eventsOf(withPressure.events, "rate.estimated").at(-1);
    const { driver } = withPressure.events.reduce(applyEvent, emptySnapshot);
    const { batchTimeMs, rate, processingRate } = last ?? {};
    expect(driver?.rates).toEqual([{ node: 0, batchTimeMs, rate, processingRate }]);
  });

  it("keeps what it has learnt over a restart, though not the rate itself", () => {
    const program = (ssc: StreamingContext): void => {
      ssc.checkpoint("checkpoints");
      countAll(ssc);
    };
    const conf = { "spark.streaming.backpressure.enabled": "true" };
    const { events } = runWorld({
      program,
      world: { ...world, conf, batches: 14 },
      faults: [{ kind: "crashDriver", atMs: 6_500, downMs: 1_000 }],
    });
    const [, restarted] = eventsOf(events, "driver.started");
    const after = eventsOf(events, "rate.estimated").filter(
      ({ seq }) => seq > (restarted?.seq ?? Infinity),
    );
    const own = eventsOf(events, "batch.planned").filter(
      ({ seq, batchTimeMs }) =>
        seq > (restarted?.seq ?? Infinity) &&
        !eventsOf(events, "batch.planned").some(
          (other) => other.seq < (restarted?.seq ?? 0) && other.batchTimeMs === batchTimeMs,
        ),
    );
    // A fresh estimator would let the first batch of its own go by without an estimate.
    expect(after[0]?.batchTimeMs).toBe(own[0]?.batchTimeMs);
  });
});
