/** Goal: what a program commits is committed when Spark commits it; the next driver starts there.
 *  Method: whole runs that crash, grow or look at their offset ranges; the trace tells. */

import { describe, expect, it } from "vitest";
import {
  Assign,
  type FaultSpec,
  KafkaUtils,
  OffsetRange,
  PreferBrokers,
  PreferConsistent,
  PreferFixed,
  type StreamingContext,
  Subscribe,
  SubscribePattern,
  type WorldSpec,
} from "streamscope";
import { eventsOf, runWorld, type WorldRun } from "../kit/run-world.ts";

const params = {
  "group.id": "g",
  "auto.offset.reset": "earliest",
  "enable.auto.commit": false,
};

const world: WorldSpec = {
  topics: { t: { partitions: 2 } },
  workload: [
    {
      topic: "t",
      records: function* () {
        for (let n = 0; n < 60; n += 1) yield { atMs: n * 100, value: `v${n}`, partition: n % 2 };
      },
    },
  ],
};

function committing(ssc: StreamingContext): void {
  const stream = KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["t"], params));
  stream.foreachRDD((rdd) => stream.commitAsync(rdd.offsetRanges));
}

function run(
  program: (ssc: StreamingContext) => void,
  changes: Partial<WorldSpec> = {},
  faults: readonly FaultSpec[] = [],
): WorldRun {
  return runWorld({ program, world: { ...world, ...changes }, faults });
}

describe("commitAsync", () => {
  it("commits the ranges of a batch when the next one is planned", () => {
    const { events } = run(committing, { batches: 4 });
    const plans = eventsOf(events, "batch.planned");
    const commits = eventsOf(events, "offsets.committed");
    expect(commits.length).toBeGreaterThanOrEqual(2);
    for (const [index, commit] of commits.entries()) {
      expect(commit.group).toBe("g");
      expect(commit.offsets.map(({ offset }) => offset)).toEqual(
        plans[index]?.ranges.map(({ untilOffset }) => untilOffset),
      );
      expect(commit.atMs).toBeGreaterThan(plans[index + 1]?.batchTimeMs ?? 0);
    }
  });

  it("lets the next driver, without a checkpoint, start where the last has committed", () => {
    const { events } = run(committing, {}, [{ kind: "crashDriver", atMs: 3_500, downMs: 500 }]);
    const [, restarted] = eventsOf(events, "driver.started");
    const before = eventsOf(events, "offsets.committed").filter(({ atMs }) => atMs < 3_500);
    const first = eventsOf(events, "batch.planned").find(
      ({ seq }) => seq > (restarted?.seq ?? Infinity),
    );
    expect(first?.ranges.map(({ fromOffset }) => fromOffset)).toEqual(
      before.at(-1)?.offsets.map(({ offset }) => offset),
    );
    // The last batch before the crash was never committed: it is read again.
    const last = eventsOf(events, "batch.planned").filter(({ atMs }) => atMs < 3_500);
    expect(first?.ranges[0]?.fromOffset).toBe(last.at(-1)?.ranges[0]?.fromOffset);
  });

  it("keeps what waits in a checkpoint: the next driver commits it", () => {
    const program = (ssc: StreamingContext): void => {
      ssc.checkpoint("checkpoints");
      committing(ssc);
    };
    const { events } = run(program, { batches: 8 }, [
      { kind: "crashDriver", atMs: 3_500, downMs: 500 },
    ]);
    const offsets = eventsOf(events, "offsets.committed").map(
      (commit) => commit.offsets[0]?.offset,
    );
    const ends = eventsOf(events, "batch.planned").map(({ ranges }) => ranges[0]?.untilOffset);
    expect(offsets).toContain(ends[2]);
  });

  it("tells a callback at the batch after that; what the callback throws fails that batch", () => {
    const told: unknown[] = [];
    run(
      (ssc) => {
        const stream = KafkaUtils.createDirectStream(
          ssc,
          PreferConsistent,
          Subscribe(["t"], params),
        );
        stream.foreachRDD((rdd, timeMs) => {
          stream.commitAsync(rdd.offsetRanges, (offsets, error) => {
            told.push([timeMs, offsets.length, error]);
          });
        });
      },
      { batches: 5 },
    );
    expect(told.slice(0, 2)).toEqual([
      [1000, 2, null],
      [2000, 2, null],
    ]);
    const failed = run((ssc) => {
      const stream = KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["t"], params));
      stream.foreachRDD((rdd) =>
        stream.commitAsync(rdd.offsetRanges, () => {
          throw new Error("no");
        }),
      );
    });
    expect(failed.run.failure?.message).toBe("Error generating jobs for time 3000 ms: Error: no");
  });
});

describe("enable.auto.commit", () => {
  it("is on unless it is turned off, and commits every 5 s what may not be processed", () => {
    const { "enable.auto.commit": _, ...byDefault } = params;
    const { events } = run(
      (ssc) =>
        KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["t"], byDefault))
          .map((record) => record.value)
          .print(),
      { batches: 7 },
    );
    const [commit] = eventsOf(events, "offsets.committed");
    const plan = eventsOf(events, "batch.planned").find(
      ({ batchTimeMs }) => batchTimeMs === Math.floor((commit?.atMs ?? 0) / 1000) * 1000 - 1000,
    );
    expect(commit?.atMs).toBeGreaterThan(5_000);
    expect(commit?.offsets.map(({ offset }) => offset)).toEqual(
      plan?.ranges.map(({ untilOffset }) => untilOffset),
    );
  });
});

describe("rdd.offsetRanges", () => {
  it("are there in the first transform, and gone after a map", () => {
    const seen: string[] = [];
    const { run: whole } = run(
      (ssc) => {
        const stream = KafkaUtils.createDirectStream(
          ssc,
          PreferConsistent,
          Subscribe(["t"], params),
        );
        stream
          .transform((rdd) => {
            seen.push(...rdd.offsetRanges.map((range) => `${range} ${range.count()}`));
            return rdd;
          })
          .map((record) => record.value)
          .foreachRDD((rdd) => void rdd.offsetRanges);
      },
      { batches: 1 },
    );
    expect(seen[0]).toBe("OffsetRange(topic: 't', partition: 0, range: [0 -> 5]) 5");
    expect(whole.failure?.message).toContain(
      "java.lang.ClassCastException: class org.apache.spark.rdd.MapPartitionsRDD cannot be cast " +
        "to class org.apache.spark.streaming.kafka010.HasOffsetRanges; only the RDD of the " +
        "direct stream itself has offset ranges",
    );
  });
});

describe("KafkaUtils.createRDD", () => {
  it("reads the ranges it is given, and counts them without a job", () => {
    const read: unknown[] = [];
    const { events } = run(
      (ssc) => {
        const { sparkContext } = ssc;
        ssc.queueStream([[0], [0]]).foreachRDD((_, timeMs) => {
          if (timeMs !== 2000) return;
          const ranges = [OffsetRange.create("t", 1, 2, 5), OffsetRange.create("t", 0, 0, 2)];
          const rdd = KafkaUtils.createRDD(sparkContext, params, ranges, PreferConsistent);
          read.push(rdd.count(), rdd.map(({ partition, offset }) => [partition, offset]).collect());
        });
      },
      { batches: 2 },
    );
    const rows = [2, 3, 4].map((offset) => [1, offset]);
    expect(read).toEqual([5, [...rows, [0, 0], [0, 1]]]);
    expect(eventsOf(events, "job.submitted").map(({ action }) => action)).toEqual(["collect"]);
  });

  it("cannot prefer brokers, in Spark's words", () => {
    const { run: whole } = run((ssc) => {
      KafkaUtils.createRDD(ssc.sparkContext, params, [], PreferBrokers);
    });
    expect(whole.failure?.message).toContain("you must provide a mapping using PreferFixed");
  });
});

describe("which executor reads a partition", () => {
  const executors = [{ cores: 2 }, { cores: 2 }, { cores: 2 }];

  function readers(strategy: typeof PreferConsistent, brokers: number): Map<number, Set<number>> {
    const { events } = run(
      (ssc) =>
        KafkaUtils.createDirectStream(ssc, strategy, Subscribe(["t"], params))
          .map((record) => record.value)
          .foreachRDD((rdd) => rdd.collect()),
      { executors, brokers, batches: 4 },
    );
    const found = new Map<number, Set<number>>();
    for (const { executor, ranges } of eventsOf(events, "task.started")) {
      for (const { partition } of ranges) {
        found.set(partition, (found.get(partition) ?? new Set()).add(executor));
      }
    }
    return found;
  }

  it("is always the same one", () => {
    for (const executorsOf of readers(PreferConsistent, 1).values()) {
      expect(executorsOf.size).toBe(1);
    }
  });

  it("is one on the host named by PreferFixed", () => {
    const host = (partition: number, name: string) => ({ topic: "t", partition, host: name });
    const strategy = PreferFixed([host(0, "host-3"), host(1, "host-1")]);
    expect([...readers(strategy, 1)]).toEqual([
      [0, new Set([3])],
      [1, new Set([1])],
    ]);
  });

  it("is one on the host of the leader with PreferBrokers", () => {
    expect([...readers(PreferBrokers, 3)]).toEqual([
      [0, new Set([1])],
      [1, new Set([2])],
    ]);
  });
});

describe("ConsumerStrategies", () => {
  const topics = { a1: { partitions: 1 }, a2: { partitions: 1 }, b: { partitions: 1 } };

  function planned(subscribe: () => ReturnType<typeof Subscribe>): string[] {
    const { events } = run(
      (ssc) => KafkaUtils.createDirectStream(ssc, PreferConsistent, subscribe()).count().print(),
      { topics, workload: [], batches: 1 },
    );
    const [plan] = eventsOf(events, "batch.planned");
    return (plan?.ranges ?? []).map(({ topic, partition, fromOffset }) => {
      return `${topic}-${partition}@${fromOffset}`;
    });
  }

  it("take a pattern, or partitions one by one, and offsets as a list or as a map", () => {
    expect(planned(() => SubscribePattern(/a\d/u, params))).toEqual(["a1-0@0", "a2-0@0"]);
    expect(planned(() => Assign([{ topic: "b", partition: 0 }], params))).toEqual(["b-0@0"]);
    const b = { topic: "b", partition: 0 };
    expect(planned(() => Subscribe(["b"], params, [{ ...b, offset: 0 }]))).toEqual(["b-0@0"]);
    expect(planned(() => Subscribe(["b"], params, new Map([[b, 0]])))).toEqual(["b-0@0"]);
  });

  it.each([
    [{ "auto.ofset.reset": "latest" }, "did you mean auto.offset.reset?"],
    [{ "value.deserializer": "IntegerDeserializer" }, "records are text; use org.apache.kafka"],
    [{ "enable.auto.commit": "yes" }, "Expected value to be either true or false"],
    [{ "metadata.max.age.ms": "soon" }, "Not a number of type LONG"],
  ])("refuse %j", (wrong, message) => {
    const { run: whole } = run((ssc) => {
      const strategy = Subscribe(["t"], { ...params, ...wrong });
      KafkaUtils.createDirectStream(ssc, PreferConsistent, strategy).count().print();
    });
    expect(whole.failure?.message).toContain(message);
  });
});

describe("partitions added while a stream runs", () => {
  const grows: FaultSpec = { kind: "addPartitions", topic: "t", partitions: 3, atMs: 1_500 };
  const written: WorldSpec = {
    workload: [
      {
        topic: "t",
        records: function* () {
          for (let n = 0; n < 60; n += 1) yield { atMs: 2_000 + n * 50, value: "v", partition: 2 };
        },
      },
    ],
    batches: 6,
  };

  function plansOf(reset: string, maxAgeMs: number) {
    const own = { ...params, "auto.offset.reset": reset, "metadata.max.age.ms": maxAgeMs };
    const { events } = run(
      (ssc) =>
        KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["t"], own))
          .map((record) => record.value)
          .print(),
      written,
      [grows],
    );
    return eventsOf(events, "batch.planned").map(({ batchTimeMs, ranges }) => {
      const range = ranges.find(({ partition }) => partition === 2);
      return [batchTimeMs, range?.fromOffset ?? null];
    });
  }

  it("are read from the batch after the topics are looked at again", () => {
    const plans = plansOf("earliest", 3_200);
    expect(plans.slice(0, 4)).toEqual([
      [1000, null],
      [2000, null],
      [3000, null],
      [4000, 0],
    ]);
  });

  it("lose what came before with latest, and are not seen for five minutes by default", () => {
    expect(plansOf("latest", 3_200)[3]?.[1]).toBeGreaterThan(30);
    expect(plansOf("earliest", 300_000).every(([, from]) => from === null)).toBe(true);
  });
});
