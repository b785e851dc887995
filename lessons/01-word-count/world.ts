import { recordsWorkload, type WorldSpec } from "streamscope";

/** When a sentence is written, to which partition, and what it says. A batch takes what was written
 *  in the second before it. */
const sentences: readonly (readonly [atMs: number, partition: number, value: string])[] = [
  // batch 1
  [120, 0, "spark reads a stream"],
  [430, 1, "spark cuts a stream"],
  [760, 2, "one batch is one cut"],
  // batch 2
  [1150, 1, "spark starts at zero again"],
  [1480, 0, "the last batch is over"],
  // batch 3: the same word arrives on three partitions
  [2120, 0, "spark on partition zero"],
  [2390, 1, "spark on partition one"],
  [2660, 2, "spark on partition two"],
  // Nothing is written in the fourth second, and batch 4 comes all the same.
  // batch 5: from here on people write as people do
  [4110, 0, "Spark, is that you?"],
  [4380, 2, "It is spark."],
  [4700, 1, "SPARK!  Where is the next batch?"],
  // batch 6
  [5090, 1, "Kafka keeps the log;"],
  [5310, 0, "spark keeps the offsets."],
  [5520, 2, "Who keeps the words?"],
  [5840, 1, "Nobody - a batch forgets."],
  // batch 7
  [6150, 2, "Every word has a home."],
  [6400, 0, "Its hash says where:"],
  [6630, 1, "every word,  one home."],
  // batch 8
  [7080, 0, "Three partitions, three tasks."],
  [7350, 2, "Then the shuffle,"],
  [7600, 1, "then three tasks again."],
  [7860, 2, "Count, Spark, count!"],
  // batch 9
  [8140, 1, "Is this the end?"],
  [8420, 0, "The end of a batch - never of the stream."],
  [8700, 2, "Streams do not end;"],
];

export const world: WorldSpec = {
  brokers: 1,
  defaultParallelism: 3,
  executors: [{ cores: 1 }, { cores: 1 }, { cores: 1 }],
  topics: { sentences: { partitions: 3 } },
  workload: [
    recordsWorkload(
      "sentences",
      sentences.map(([atMs, partition, value]) => ({ atMs, partition, value })),
    ),
  ],
  // Slow enough for tasks to be seen beside each other, and still far below the interval.
  cost: { taskMs: 12, recordUs: 12_000, shuffleRecordUs: 1_500 },
};
