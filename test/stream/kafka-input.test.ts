/** Goal: while a broker is away the driver and the executors ask again, as Kafka's consumer does,
 *  and give up in its words. Method: a broker that stops, before planning and between planning and
 *  reading. */

import { describe, expect, it } from "vitest";
import {
  type FaultSpec,
  KafkaUtils,
  PreferConsistent,
  type StreamingContext,
  Subscribe,
  type WorldSpec,
} from "streamscope";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const world: WorldSpec = {
  topics: { t: { partitions: 2 } },
  workload: [
    {
      topic: "t",
      records: function* () {
        for (let n = 0; n < 10; n += 1) yield { atMs: n * 100, value: `v${n}`, partition: n % 2 };
      },
    },
  ],
};

function readAll(ssc: StreamingContext): void {
  const params = { "group.id": "g", "auto.offset.reset": "earliest" };
  KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["t"], params))
    .map((record) => record.value)
    .print();
}

const healthy = runWorld({ program: readAll, world });

function runWith(fault: FaultSpec, conf: Record<string, string> = {}) {
  return runWorld({ program: readAll, world: { ...world, conf, batches: 3 }, faults: [fault] });
}

describe("the driver's consumer", () => {
  it("asks every 100 ms while the leader is away; the batch waits and nothing is lost", () => {
    const { events, run } = runWith({ kind: "stopBroker", broker: 1, atMs: 950, forMs: 2000 });
    expect(run.failure).toBeNull();
    const asked = eventsOf(events, "request.failed").filter((event) => event.client === "driver");
    expect(new Set(asked.map(({ retryInMs }) => retryInMs))).toEqual(new Set([100]));
    expect(asked.length).toBeGreaterThan(20);
    const [first] = eventsOf(events, "batch.submitted");
    expect(first?.batchTimeMs).toBe(1000);
    expect(first?.atMs).toBeGreaterThan(2900);
    const read = eventsOf(events, "batch.submitted").reduce((sum, { records }) => sum + records, 0);
    expect(read).toBe(10);
  });

  it("gives up after 60 s, and the batch cannot be generated", () => {
    const { events, run } = runWith({ kind: "stopBroker", broker: 1, atMs: 1500 });
    expect(run.failure?.message).toBe(
      "Error generating jobs for time 2000 ms: org.apache.kafka.common.errors.TimeoutException: " +
        "Timeout of 60000ms expired before the position for partition t-0 could be determined",
    );
    expect(eventsOf(events, "batch.generationFailed")[0]?.batchTimeMs).toBe(2000);
  });
});

describe("an executor's consumer", () => {
  const planned = eventsOf(healthy.events, "batch.submitted")[0]?.seq ?? 0;

  it("asks every 100 ms while the leader is away, then reads on", () => {
    const { run, events } = runWith({
      kind: "stopBroker",
      broker: 1,
      afterSeq: planned,
      forMs: 3000,
    });
    expect(run.failure).toBeNull();
    const asked = eventsOf(events, "request.failed").filter((e) => e.client.startsWith("executor"));
    expect(asked.length).toBeGreaterThan(20);
    expect(eventsOf(events, "task.failed")).toEqual([]);
  });

  it("gives up after the poll time-out; the task is tried again, then the job fails", () => {
    const fault: FaultSpec = { kind: "stopBroker", broker: 1, afterSeq: planned };
    const { run, events } = runWith(fault, {
      "spark.task.maxFailures": "2",
      "spark.streaming.kafka.consumer.poll.ms": "5000",
    });
    const [failed] = eventsOf(events, "task.failed");
    expect(failed?.error).toContain("requirement failed: Failed to get records for");
    expect(failed?.error).toMatch(/t-\d \d+ after polling for 5000/);
    expect(run.failure?.message).toContain("failed 2 times");
  });
});
