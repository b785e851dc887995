/** A small keyed world for tests of state and recovery: 30 records over 3 partitions in 6 s. */

import {
  KafkaUtils,
  PreferConsistent,
  type StreamingContext,
  Subscribe,
  type WorldSpec,
} from "streamscope";

export const clicksWorld: WorldSpec = {
  topics: { clicks: { partitions: 3 } },
  workload: [
    {
      topic: "clicks",
      records: function* () {
        for (let n = 0; n < 30; n += 1)
          yield { atMs: n * 200, key: `k${n % 5}`, value: `page${n % 4}` };
      },
    },
  ],
};

/** Running totals per page. */
export function runningCount(ssc: StreamingContext): void {
  ssc.checkpoint("checkpoints/clicks");
  const params = { "group.id": "g", "auto.offset.reset": "earliest" };
  KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["clicks"], params))
    .map((record) => [record.value, 1] as const)
    .updateStateByKey<number>((values, state) => values.reduce((a, b) => a + b, state ?? 0))
    .print();
}

/** What the totals must come to in the end. */
export const finalCounts = [
  ["page0", 8],
  ["page1", 8],
  ["page2", 7],
  ["page3", 7],
];
