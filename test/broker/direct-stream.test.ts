// Goal: a pipeline rides out a broker that is away, and is told when its records are gone.
// Method: whole runs of a direct stream, faults at chosen times.
import {
  KafkaUtils,
  linesWorkload,
  PreferConsistent,
  type StreamingContext,
  Subscribe,
  type WorldSpec,
} from "streamscope";
import { describe, expect, test } from "vitest";
import { eventsOf, runWorld } from "../kit/run-world.ts";
import { withoutAmbient } from "../kit/ambient.ts";

const lines = Array.from({ length: 600 }, (_, index) => `line ${index}`);

const world: WorldSpec = {
  brokers: 2,
  topics: { lines: { partitions: 4 } },
  workload: [linesWorkload({ topic: "lines", lines, ratePerSecond: 100 })],
};

function read(ssc: StreamingContext): void {
  const params = { "group.id": "g", "auto.offset.reset": "earliest" };
  KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["lines"], params))
    .map((record) => record.value)
    .print();
}

function readBy(options: Parameters<typeof runWorld>[0]) {
  const result = withoutAmbient(() => runWorld({ ...options, collectOutputs: true }));
  return { ...result, values: result.outputs.flatMap(({ records }) => records ?? []) };
}

describe("a broker stopped for 2 s", () => {
  const stop = { kind: "stopBroker", broker: 1, atMs: 1_500, forMs: 2_000 } as const;
  const { run, events, values } = readBy({ program: read, world, faults: [stop] });

  test("loses nothing: every record is read once, in order within its partition", () => {
    expect(run.failure).toBeNull();
    expect(run.ended).toBe("input consumed");
    expect(values.toSorted()).toEqual(lines.toSorted());
    for (let partition = 0; partition < 4; partition += 1) {
      const expected = lines.filter((_, index) => index % 4 === partition);
      expect(values.filter((value) => expected.includes(String(value)))).toEqual(expected);
      expect(run.readLog("lines", partition).map(({ value }) => value)).toEqual(expected);
    }
  });

  test("makes the producer ask again, and batches wait", () => {
    const failed = eventsOf(events, "request.failed");
    expect(failed.filter(({ client }) => client === "producer").length).toBeGreaterThan(0);
    const notThere = ["NETWORK_EXCEPTION", "LEADER_NOT_AVAILABLE", "NOT_LEADER_OR_FOLLOWER"];
    for (const { error, retryInMs } of failed) {
      expect(notThere).toContain(error);
      expect(retryInMs).not.toBeNull();
    }
    const late = eventsOf(events, "batch.completed").filter(({ batchTimeMs, atMs }) => {
      return atMs - batchTimeMs > 1_000;
    });
    expect(late.map(({ batchTimeMs }) => batchTimeMs)).toContain(2_000);
    // Those of the stop are made up for once it is over.
    expect(Math.min(...late.map(({ atMs }) => atMs))).toBeGreaterThanOrEqual(3_500);
  });

  test("plans ranges that meet: each begins where the one before ended", () => {
    const position = new Map<number, number>();
    for (const { ranges } of eventsOf(events, "batch.planned")) {
      for (const { partition, fromOffset, untilOffset } of ranges) {
        expect(fromOffset).toBe(position.get(partition) ?? 0);
        position.set(partition, untilOffset);
      }
    }
    expect([...position.values()]).toEqual([150, 150, 150, 150]);
  });

  test("gives the same trace each time, and another than without it", () => {
    const again = readBy({ program: read, world, faults: [stop] });
    expect(again.lines).toEqual(readBy({ program: read, world, faults: [stop] }).lines);
    expect(again.run.summary().traceHash).toBe(run.summary().traceHash);
    const calm = readBy({ program: read, world });
    expect(calm.run.summary().traceHash).not.toBe(run.summary().traceHash);
    expect(calm.values.toSorted()).toEqual(values.toSorted());
  });
});

describe("retention of two seconds' records", () => {
  const small: WorldSpec = {
    ...world,
    topics: { lines: { partitions: 1, retentionBytes: 12_000, segmentBytes: 1_000 } },
    cluster: { retentionCheckMs: 500 },
  };

  test("does not reach a pipeline that keeps up", () => {
    const { run, events, values } = readBy({ program: read, world: small });
    expect(run.failure).toBeNull();
    expect(eventsOf(events, "logStart.advanced").length).toBeGreaterThan(0);
    expect(values).toEqual(lines);
  });

  test("overtakes a slow one and fails it, in Spark's and Kafka's words", () => {
    // A hundred lines a second, of which a task manages twenty-five.
    const slow = { ...small, cost: { recordUs: 40_000 } };
    const { run, events } = readBy({ program: read, world: slow });
    expect(run.ended).toBe("driver failed");
    expect(eventsOf(events, "batch.completed").length).toBeGreaterThan(0);
    const refused = eventsOf(events, "request.failed");
    expect(new Set(refused.map(({ error }) => error))).toEqual(new Set(["OFFSET_OUT_OF_RANGE"]));
    // `spark.task.maxFailures` attempts of one task, each refused at once.
    expect(eventsOf(events, "task.failed").length).toBe(4);
    expect(run.failure?.message).toMatch(/: Job aborted due to stage failure: Task 0 in stage \d/);
    expect(run.failure?.message).toMatch(/ failed 4 times, most recent failure: Lost task 0\.3 in/);
    expect(run.failure?.message).toMatch(
      /OffsetOutOfRangeException: Fetch position FetchPosition\{offset=\d+\} is out of range for/,
    );
  });
});

describe("a world that cannot be", () => {
  test("a record for a partition the topic does not have ends the run with the reason", () => {
    const { run } = readBy({
      program: read,
      world: {
        ...world,
        workload: [{ topic: "lines", records: () => [{ atMs: 10, value: "x", partition: 4 }] }],
      },
    });
    expect(run.ended).toBe("client failed");
    expect(run.failure?.message).toContain("Partition 4 of topic lines with partition count 4");
  });

  test.each([0, -1, Number.NaN, Infinity])("%d lines a second", (ratePerSecond) => {
    expect(() => linesWorkload({ topic: "lines", lines, ratePerSecond })).toThrow(
      `ratePerSecond of the workload of topic lines must be above 0, not ${ratePerSecond}`,
    );
  });
});
