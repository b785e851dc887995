// Goal: an RDD read from Kafka answers count, isEmpty and take from its offset ranges, as KafkaRDD
// does.
// Method: six records in two partitions of three; the jobs of each action are those of the trace.
import { expect, test } from "vitest";
import {
  type ConsumerRecord,
  KafkaUtils,
  linesWorkload,
  PreferConsistent,
  type RDD,
  Run,
  Subscribe,
} from "streamscope";

const records = ["a", "b", "c", "d", "e", "f"];

/** What an action gives for the first batch that has records, and the partitions of its jobs. */
function acted(
  action: (rdd: RDD<ConsumerRecord>) => unknown,
  conf: Readonly<Record<string, string>> = {},
): {
  readonly value: unknown;
  readonly partitions: readonly (readonly number[])[];
} {
  let value: unknown = null;
  let partitions: (readonly number[])[] = [];
  let heard: (readonly number[])[] = [];
  const run = new Run({
    world: {
      conf,
      topics: { letters: { partitions: 2 } },
      workload: [linesWorkload({ topic: "letters", lines: records, ratePerSecond: 1000 })],
    },
    program: (ssc) => {
      const params = { "group.id": "readers", "auto.offset.reset": "earliest" };
      KafkaUtils.createDirectStream(
        ssc,
        PreferConsistent,
        Subscribe(["letters"], params),
      ).foreachRDD((rdd) => {
        if (rdd.isEmpty()) return;
        heard = [];
        value = action(rdd);
        partitions = heard;
      });
    },
  });
  run.trace.listen((event) => {
    if (event.kind === "stage.submitted") heard.push(event.partitions);
  });
  run.runToEnd();
  expect(run.failure).toBeNull();
  return { value, partitions };
}

test("count() of an RDD of Kafka runs no job", () => {
  expect(acted((rdd) => rdd.count())).toEqual({ value: 6, partitions: [] });
});

test("isEmpty() of an RDD of Kafka runs no job", () => {
  expect(acted((rdd) => rdd.isEmpty())).toEqual({ value: false, partitions: [] });
});

test("count() of an RDD of Kafka runs one where offsets may be missing", () => {
  const conf = { "spark.streaming.kafka.allowNonConsecutiveOffsets": "true" };
  const jobs = [[0, 1]];
  expect(acted((rdd) => rdd.count(), conf)).toEqual({ value: 6, partitions: jobs });
});

test("count() after map runs one", () => {
  expect(acted((rdd) => rdd.map((record) => record.value).count())).toEqual({
    value: 6,
    partitions: [[0, 1]],
  });
});

test("take(n) of an RDD of Kafka is one job over the partitions it needs", () => {
  const sizes = acted((rdd) =>
    rdd
      .glom()
      .collect()
      .map((cell) => cell.length),
  ).value;
  expect(sizes).toEqual([3, 3]);
  const values = (count: number) => (rdd: RDD<ConsumerRecord>) => rdd.take(count).length;
  expect(acted(values(2))).toEqual({ value: 2, partitions: [[0]] });
  expect(acted(values(4))).toEqual({ value: 4, partitions: [[0, 1]] });
  expect(acted(values(50))).toEqual({ value: 6, partitions: [[0, 1]] });
  expect(acted(values(0))).toEqual({ value: 0, partitions: [] });
});

test("take(n) after map scans one partition first", () => {
  const taken = acted((rdd) => rdd.map((record) => record.value).take(4).length);
  expect(taken).toEqual({ value: 4, partitions: [[0], [1]] });
});
