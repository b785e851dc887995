/** Goal: plain and idempotent sinks write again what runs again; one that puts results and offsets
 *  into transactions does not, as consumers of committed records see it.
 *  Method: the same pipeline from topic to topic, its tasks, executors and drivers failing. */

import { describe, expect, test } from "vitest";
import {
  kafkaSink,
  KafkaUtils,
  PreferConsistent,
  type RDD,
  type StreamingContext,
  Subscribe,
  transactionalKafkaSink,
} from "streamscope";
import type { ConsumerRecord, OffsetRange } from "streamscope";
import type { FaultSpec } from "../../core/scenario/faults.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const params = { "group.id": "g", "auto.offset.reset": "earliest", "enable.auto.commit": false };
const COUNT = 60;

type Kind = "plain" | "idempotent" | "transactional";
interface Batch {
  readonly offsetRanges: readonly OffsetRange[];
}

const asOutput = ({ value }: ConsumerRecord): { key: string | null; value: string | null } => ({
  key: value,
  value,
});

function sinkOf(kind: Kind, { offsetRanges: ranges }: Batch) {
  if (kind === "transactional") {
    const offsets = { group: "g", ranges };
    return transactionalKafkaSink("out", asOutput, { transactionalId: "copy", offsets });
  }
  return kafkaSink("out", asOutput, { idempotence: kind === "idempotent" });
}

/** A copy of topic "in" into topic "out"; the first tasks fail where `failures` says so. */
function copy(kind: Kind, faults: readonly FaultSpec[] = [], failures = 0) {
  let left = failures;
  return runWorld({
    program: (ssc: StreamingContext) => {
      const stream = KafkaUtils.createDirectStream(
        ssc,
        PreferConsistent,
        Subscribe(["in"], params),
      );
      stream.foreachRDD((rdd: RDD<ConsumerRecord> & Batch) => {
        const sink = sinkOf(kind, rdd);
        rdd.foreachPartition((records, task) => {
          sink(records, task);
          if (records.length === 0 || left === 0) return;
          left -= 1;
          throw new Error("after the writes");
        });
      });
    },
    world: {
      brokers: 3,
      topics: {
        in: { partitions: 2, replicationFactor: 3 },
        out: { partitions: 2, replicationFactor: 3 },
      },
      workload: [
        {
          topic: "in",
          records: function* () {
            for (let n = 0; n < COUNT; n += 1) {
              yield { atMs: n * 100, value: `v${n}`, partition: n % 2 };
            }
          },
        },
      ],
      readBack: [{ topic: "out", isolation: "read_committed" }],
      untilMs: 100_000,
    },
    faults,
  });
}

/** What consumers of committed records have seen, and how often. */
function seen({ events }: ReturnType<typeof copy>): { values: number; copies: number } {
  const records = eventsOf(events, "contents.read")[0]?.records ?? [];
  const values = new Set(records.map(({ value }) => value)).size;
  return { values, copies: records.length - values };
}

/** A crash at each of the moments around a batch's writes. */
const moments = [0, 2, 5, 8, 11, 14, 17, 20, 24, 28, 32, 40];

describe("without faults", () => {
  test.each(["plain", "idempotent", "transactional"] as const)("%s writes once", (kind) => {
    expect(seen(copy(kind))).toEqual({ values: COUNT, copies: 0 });
  });
});

describe("a task that fails after it has written", () => {
  test.each(["plain", "idempotent"] as const)("is written again by a %s sink", (kind) => {
    const { values, copies } = seen(copy(kind, [], 2));
    expect(values).toBe(COUNT);
    expect(copies).toBeGreaterThan(0);
  });

  test("is not written again in a transaction with its offsets", () => {
    expect(seen(copy("transactional", [], 2))).toEqual({ values: COUNT, copies: 0 });
  });
});

describe.each([
  ["an executor that dies", { kind: "loseExecutor", executor: 1, backMs: 1_000 }],
  ["a driver that dies", { kind: "crashDriver", downMs: 1_500 }],
] as const)("%s, whenever it does", (_, fault) => {
  const runs = (kind: Kind) =>
    moments.map((ms) => {
      const run = copy(kind, [{ ...fault, atMs: 3_000 + ms }]);
      expect(eventsOf(run.events, "fault.injected").length).toBe(1);
      return seen(run);
    });

  test("loses and repeats nothing in transactions with offsets", () => {
    expect(runs("transactional")).toEqual(moments.map(() => ({ values: COUNT, copies: 0 })));
  });

  test("makes a plain sink repeat, and lose nothing", () => {
    const all = runs("plain");
    expect(all.map(({ values }) => values)).toEqual(moments.map(() => COUNT));
    expect(Math.max(...all.map(({ copies }) => copies))).toBeGreaterThan(0);
  });
});
