/** Goal: what a sink writes is there once when nothing fails, at least once when something does,
 *  and a sink of one's own that writes by key is right even then. */

import { expect, test } from "vitest";
import {
  kafkaSink,
  KafkaUtils,
  PreferConsistent,
  type Sink,
  type StreamingContext,
  Subscribe,
} from "streamscope";
import type { FaultSpec } from "../../core/scenario/faults.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";

/** Words of two batches. */
const words = [
  { atMs: 500, value: "a" },
  { atMs: 500, value: "b" },
  { atMs: 500, value: "a" },
  { atMs: 1_500, value: "c" },
  { atMs: 1_500, value: "a" },
];
const kafkaParams = {
  "group.id": "g",
  "auto.offset.reset": "earliest",
  "enable.auto.commit": false,
} as const;

const counts = kafkaSink<readonly [string, number]>("counts", ([word, count]) => ({
  key: word,
  value: String(count),
}));

function writing(
  sink: Sink<readonly [string, number]>,
  faults: readonly FaultSpec[] = [],
  topic = "counts",
) {
  return runWorld({
    program: (ssc: StreamingContext) => {
      KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["words"], kafkaParams))
        .map(({ value }) => [value, 1] as const)
        .reduceByKey((a, b) => a + b)
        .foreachRDD((rdd) => rdd.foreachPartition(sink));
    },
    world: {
      topics: { words: { partitions: 1 }, [topic]: { partitions: 2 } },
      workload: [{ topic: "words", records: () => words }],
      faults,
    },
  });
}

function written({ run }: ReturnType<typeof writing>): string[] {
  return [0, 1]
    .flatMap((partition) => run.readLog("counts", partition))
    .map(({ key, value }) => `${key}=${value}`)
    .sort((a, b) => (a < b ? -1 : 1));
}

test("the kafka sink writes every record once, by its key", () => {
  const done = writing(counts);
  expect(written(done)).toEqual(["a=1", "a=2", "b=1", "c=1"]);
  const places = [0, 1].flatMap((partition) =>
    done.run.readLog("counts", partition).map(({ key }) => `${key} ${partition}`),
  );
  expect(new Set(places).size).toBe(3);
});

test("a task that fails after it has written writes again: at least once", () => {
  let failures = 0;
  const failing: typeof counts = (records, task) => {
    counts(records, task);
    if (task.attemptNumber > 0 || records.length === 0 || failures > 0) return;
    failures += 1;
    throw new Error("after the writes");
  };
  const done = writing(failing);
  expect(failures).toBe(1);
  expect(eventsOf(done.events, "task.failed")).toHaveLength(1);
  const all = written(done);
  expect(new Set(all)).toEqual(new Set(["a=1", "a=2", "b=1", "c=1"]));
  expect(all.length).toBeGreaterThan(4);
});

test("writes wait while the leader is away", () => {
  // The second stage has read its input from the first, and is about to write.
  const calm = eventsOf(writing(counts).events, "stage.submitted");
  const afterSeq = calm.find(({ type }) => type === "ResultStage")?.seq ?? 0;
  const { events } = writing(counts, [{ kind: "stopBroker", broker: 1, afterSeq, forMs: 1000 }]);
  const failed = eventsOf(events, "request.failed").filter(({ client }) =>
    client.startsWith("executor"),
  );
  expect(failed.length).toBeGreaterThan(0);
  expect(eventsOf(events, "batch.completed")[0]?.processingDelayMs).toBeGreaterThan(900);
});

test("a topic that is not there fails the task in the producer's words", () => {
  const { run } = writing(counts, [], "other");
  expect(run.failure?.message).toContain(
    "org.apache.kafka.common.errors.TimeoutException: " +
      "Topic counts not present in metadata after 60000 ms.",
  );
});

test("a sink of one's own that writes by key bears a crash after it wrote", () => {
  const index = new Map<string, number>();
  const upsert: Sink<readonly [string, number]> = (records, task) => {
    for (const [word, count] of records) index.set(`${task.partitionId}/${word}`, count);
  };
  const calm = writing(upsert);
  // Some tasks have written; the batch ends with the last of them.
  const written = eventsOf(calm.events, "task.finished").at(-2);
  const before = [...index];
  index.clear();
  const { events } = writing(upsert, [
    { kind: "crashDriver", afterSeq: written?.seq ?? 0, downMs: 500 },
  ]);
  expect(eventsOf(events, "driver.started")).toHaveLength(2);
  expect(new Set(index.keys())).toEqual(new Set(before.map(([key]) => key)));
});
