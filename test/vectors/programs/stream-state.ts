// updateStateByKey in all its forms: what StreamState.scala runs under the same names.
import { type DStream, HashPartitioner, type RDD, Seconds } from "streamscope";
import { add, byLength, type Given, lineage, pairs, type Programs, runningCount } from "./given.ts";

export const ones = (given: Given): DStream<readonly [string, number]> =>
  pairs(given.input<string>());

/** What a function of a partition is given. */
type Known = Iterable<readonly [string, readonly number[], number | null]>;

export const initial = (given: Given, slices: number): RDD<readonly [string, number]> =>
  given.ssc.sparkContext.makeRDD<readonly [string, number]>(
    [
      ["to", 100],
      ["old", 7],
    ],
    slices,
  );

export const streamState: Programs = [
  [
    "streamState/updateStateByKey over 3 partitions",
    (given) => given.partitions(ones(given).updateStateByKey(runningCount, 3)),
  ],
  [
    "streamState/updateStateByKey with a partitioner",
    (given) => {
      const counted = ones(given).updateStateByKey(runningCount, byLength(3));
      given.partitions(counted);
      given.value(counted, lineage);
    },
  ],
  [
    "streamState/updateStateByKey from an initial RDD",
    (given) => {
      const before = initial(given, 2);
      const counted = ones(given).updateStateByKey(runningCount, new HashPartitioner(2), before);
      given.partitions(counted);
      given.value(counted, lineage);
    },
  ],
  [
    "streamState/updateStateByKey told time and key",
    (given) =>
      given.partitions(
        ones(given).updateStateByKey<string>(
          (timeMs, key, values, state) =>
            key === "not" && values.length === 0
              ? null
              : `${state ?? key}@${timeMs}x${values.length}`,
          new HashPartitioner(2),
          true,
        ),
      ),
  ],
  [
    "streamState/updateStateByKey told time and key, from an initial RDD",
    (given) => {
      const before = initial(given, 2);
      given.partitions(
        ones(given).updateStateByKey<number>(
          (timeMs, _key, values, state) => values.reduce(add, state ?? 0) + timeMs,
          new HashPartitioner(2),
          true,
          before,
        ),
      );
    },
  ],
  [
    "streamState/updateStateByKey by partition, with other keys",
    (given) => {
      const stream = given.input<string>();
      for (const remember of [true, false]) {
        const counted = pairs(stream).updateStateByKey<number>(
          (keys: Known) =>
            Array.from(
              keys,
              ([key, values, state]) =>
                [[...key].reverse().join(""), values.reduce(add, state ?? 0)] as const,
            ),
          new HashPartitioner(2),
          remember,
        );
        given.partitions(counted);
        given.value(counted, (rdd) => lineage(rdd).slice(0, 4));
        given.value(counted, (rdd) => rdd.node.partitioner !== null);
      }
    },
  ],
  [
    "streamState/updateStateByKey by partition, from an initial RDD",
    (given) => {
      const before = initial(given, 1);
      given.partitions(
        ones(given).updateStateByKey<number>(
          (keys: Known) =>
            Array.from(
              keys,
              ([key, values, state]) => [key, values.reduce(add, state ?? 0)] as const,
            ).filter(([, count]) => count <= 150),
          new HashPartitioner(2),
          true,
          before,
        ),
      );
    },
  ],
  [
    "streamState/updateStateByKey keeps RDDs for its checkpoints",
    (given) => {
      const counted = ones(given).updateStateByKey(runningCount);
      counted.checkpoint(Seconds(3));
      given.value(counted, (rdd) => lineage(rdd).length);
      given.partitions(counted);
    },
  ],
  [
    "streamState/updateStateByKey of 25 batches",
    (given) => {
      const counted = ones(given).updateStateByKey(runningCount);
      given.value(counted, (rdd) => lineage(rdd).length);
      given.partitions(counted);
    },
  ],
  [
    "streamState/updateStateByKey reduced further shuffles nothing",
    (given) => {
      const counted = ones(given).updateStateByKey(runningCount);
      given.partitions(counted.reduceByKey(add));
      given.partitions(counted.join(counted.mapValues((n) => n + 1)));
    },
  ],
];
