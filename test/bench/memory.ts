/** What a run keeps in memory: it must not grow with its length while Kafka's retention removes
 *  what was read. Measured after a full collection, with the run still held. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { KafkaUtils, PreferConsistent, Run, Subscribe, type WorldSpec } from "streamscope";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

function heapUsedBytes(): number {
  if (typeof collect === "function") for (let turn = 0; turn < 3; turn += 1) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function world(records: number): WorldSpec {
  return {
    defaultParallelism: 4,
    executors: [{ cores: 4 }],
    topics: {
      t: { partitions: 4, retentionBytes: 4_000_000, segmentBytes: 100_000 },
    },
    workload: [
      {
        topic: "t",
        partitioner: "RoundRobinPartitioner",
        records: function* () {
          for (let n = 0; n < records; n += 1) {
            yield { atMs: Math.floor(n / 50), value: `record ${n % 1000}` };
          }
        },
      },
    ],
    cluster: { retentionCheckMs: 200 },
    cost: { recordUs: 1 },
  };
}

/** Bytes held above an empty process after reading that many records. */
export function heldBytes(records: number): { held: number; seen: number } {
  const before = heapUsedBytes();
  const run = new Run({
    program: (ssc) => {
      const params = { "group.id": "bench", "auto.offset.reset": "earliest" };
      KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["t"], params))
        .map((record) => [record.value, 1] as const)
        .reduceByKey((a, b) => a + b)
        .count()
        .print();
    },
    world: world(records),
  });
  run.runToEnd();
  if (run.failure !== null) throw run.failure;
  const held = heapUsedBytes() - before;
  return { held, seen: run.summary().records };
}
