/** Goal: a sink that writes by key, or in a transaction with its offsets, is right wherever the
 *  crash comes; a plain one is duplicated somewhere, and nothing is lost.
 *  Method: the same pipeline with each sink, swept over the crashes of driver, executor, broker and
 *  of the sink itself. */

import { describe, expect, it } from "vitest";
import {
  KafkaUtils,
  kafkaSink,
  PreferConsistent,
  type Program,
  Subscribe,
  type Sweep,
  sweep,
  transactionalKafkaSink,
  type WorldSpec,
} from "streamscope";

const world: WorldSpec = {
  topics: { clicks: { partitions: 2 }, out: { partitions: 2 } },
  executors: [{ cores: 1 }, { cores: 1 }],
  workload: [
    {
      topic: "clicks",
      records: function* () {
        for (let n = 0; n < 24; n += 1) yield { atMs: n * 200, key: `k${n % 5}`, value: `v${n}` };
      },
    },
  ],
};
const upserts: WorldSpec = {
  ...world,
  topics: { ...world.topics, out: { partitions: 2, cleanupPolicy: "compact" } },
};

function stream(ssc: Parameters<Program>[0], group: string) {
  const params = {
    "group.id": group,
    "auto.offset.reset": "earliest",
    "enable.auto.commit": false,
  };
  return KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["clicks"], params));
}

/** With a checkpoint, and a sink that adds. */
const adding: Program = (ssc) => {
  ssc.checkpoint("checkpoints/adding");
  stream(ssc, "g")
    .map(({ key, value }) => ({ key, value }))
    .foreachRDD((rdd) => rdd.foreachPartition(kafkaSink("out", (record) => record)));
};

/** With a checkpoint, and a sink that puts each record under a key of its own. */
const upserting: Program = (ssc) => {
  ssc.checkpoint("checkpoints/upserting");
  stream(ssc, "g")
    .map(({ partition, offset, value }) => ({ key: `${partition}@${offset}`, value }))
    .foreachRDD((rdd) => rdd.foreachPartition(kafkaSink("out", (record) => record)));
};

/** Without a checkpoint: results and offsets are in one transaction, and a start reads on there. */
const transactional: Program = (ssc) => {
  stream(ssc, "totals").foreachRDD((rdd) => {
    const offsets = { group: "totals", ranges: rdd.offsetRanges };
    const toOutput = ({ key, value }: { key: string | null; value: string | null }) => {
      return { key, value };
    };
    const options = { transactionalId: "totals", offsets };
    rdd.foreachPartition(transactionalKafkaSink("out", toOutput, options));
  });
};

const batches = { from: 2, to: 2 };
/** Every run in which something was struck is right, and there are some. */
function expectRight({ counts, runs }: Sweep): void {
  expect(counts).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
  expect(counts.right + counts["not exercised"]).toBe(runs.length);
  expect(counts.right).toBeGreaterThan(0);
}

/** What came of the topic alone: outputs of the stream run again in any case. */
function sweepTopic(program: Program, of: WorldSpec, crash: Parameters<typeof sweep>[0]["crash"]) {
  const swept = sweep({ program, world: of, crash, batches, outputs: "topics" });
  expect(swept.runs.length).toBeGreaterThan(10);
  return swept;
}

describe("a sink that adds", () => {
  it.each(["driver", "executor", "sink"] as const)(
    "is duplicated after some crash: %s",
    (crash) => {
      const { counts } = sweepTopic(adding, world, crash);
      expect(counts.lost).toBe(0);
      expect(counts.duplicated).toBeGreaterThan(0);
    },
  );
});

describe("a sink that writes by key", () => {
  it.each(["driver", "executor", "sink", "broker"] as const)(
    "is right wherever the crash comes: %s",
    (crash) => {
      const swept = sweepTopic(upserting, upserts, crash);
      expectRight(swept);
      if (crash !== "sink") expect(swept.counts["not exercised"]).toBe(0);
    },
  );
});

describe("a sink with its offsets in one transaction", () => {
  it("is right wherever the driver crashes, without a checkpoint", () => {
    const swept = sweepTopic(transactional, world, "driver");
    expectRight(swept);
    expect(swept.counts["not exercised"]).toBe(0);
  });
});
