// Operators, windows and state: what Programs.scala runs under the same names.
import { Seconds } from "streamscope";
import { add, counts, lineage, pairs, type Programs, runningCount, subtract } from "./given.ts";

export const operators: Programs = [
  ["operators/map", (given) => given.partitions(given.input<number>().map((n) => n * 2))],
  [
    "operators/flatMap",
    (given) =>
      given.partitions(
        given.input<string>().flatMap((line) => (line === "" ? [] : line.split(" "))),
      ),
  ],
  [
    "operators/filter",
    (given) => given.partitions(given.input<number>().filter((n) => n % 2 !== 0)),
  ],
  [
    "operators/mapValues",
    (given) => given.partitions(pairs(given.input<string>()).mapValues((one) => one + 10)),
  ],
  [
    "operators/union",
    (given) => {
      const stream = given.input<number>();
      given.partitions(stream.map((n) => n * 10).union(stream));
    },
  ],
  [
    "operators/transform joins a static RDD",
    (given) => {
      const known = given.ssc.sparkContext.parallelize([
        ["to", "x"] as const,
        ["be", "y"] as const,
        ["be", "z"] as const,
      ]);
      given.partitions(
        given
          .input<string>()
          .transform((rdd) => rdd.map((word) => [word, word.length] as const).join(known)),
      );
    },
  ],
  [
    "operators/count",
    (given) => {
      const stream = given.input<string>();
      given.partitions(stream.count());
      stream.count().print();
    },
  ],
  ["operators/countByValue", (given) => given.partitions(given.input<string>().countByValue())],
  ["operators/reduce", (given) => given.partitions(given.input<number>().reduce(add))],
  ["operators/reduceByKey", (given) => given.partitions(counts(given.input<string>()))],
  [
    "operators/groupByKey",
    (given) =>
      given.partitions(
        given
          .input<string>()
          .map((word) => [word.length, word] as const)
          .groupByKey(),
      ),
  ],
  [
    "operators/join",
    (given) => {
      const stream = given.input<string>();
      const byLength = stream.map((word) => [word.length, word] as const);
      given.partitions(byLength.join(stream.map((word) => [2, `${word}!`] as const)));
    },
  ],
  [
    "operators/RDD.cogroup",
    (given) =>
      given.partitions(
        given.input<string>().transform((rdd) =>
          rdd
            .map((word) => [word, 1] as const)
            .cogroup(
              rdd.map((word) => [[...word].reverse().join(""), 2] as const),
              3,
            ),
        ),
      ),
  ],
  [
    "operators/actions of foreachRDD, also for an empty batch",
    (given) => {
      const stream = given.input<number>();
      given.value(stream, (rdd) => [
        rdd.count(),
        rdd.isEmpty(),
        rdd.getNumPartitions(),
        rdd.take(3),
      ]);
      given.value(
        stream.filter(() => false),
        (rdd) => [rdd.count(), rdd.isEmpty(), rdd.take(1)],
      );
    },
  ],
];

export const windows: Programs = [
  ["windows/window(2 s)", (given) => given.partitions(given.input<string>().window(Seconds(2)))],
  [
    "windows/window(3 s, 2 s)",
    (given) => given.partitions(given.input<number>().window(Seconds(3), Seconds(2))),
  ],
  [
    "windows/window(1 s, 3 s) leaves batches out",
    (given) => given.partitions(given.input<number>().window(Seconds(1), Seconds(3))),
  ],
  [
    "windows/window(2 s) of window(3 s)",
    (given) => given.partitions(given.input<number>().window(Seconds(3)).window(Seconds(2))),
  ],
  [
    "windows/window(4 s, 4 s) of window(2 s, 2 s)",
    (given) => {
      const short = given.input<number>().window(Seconds(2), Seconds(2));
      given.partitions(short.window(Seconds(4), Seconds(4)));
    },
  ],
  [
    "windows/window of pairs partitioned alike",
    (given) => given.partitions(counts(given.input<string>()).window(Seconds(3))),
  ],
  [
    "windows/reduceByKeyAndWindow(f, 2 s)",
    (given) => given.partitions(pairs(given.input<string>()).reduceByKeyAndWindow(add, Seconds(2))),
  ],
  [
    "windows/reduceByKeyAndWindow(f, 4 s, 2 s)",
    (given) =>
      given.partitions(
        pairs(given.input<string>()).reduceByKeyAndWindow(add, Seconds(4), Seconds(2)),
      ),
  ],
  [
    "windows/reduceByKeyAndWindow(f, inverse, 2 s)",
    (given) =>
      given.partitions(
        pairs(given.input<string>()).reduceByKeyAndWindow(add, subtract, Seconds(2)),
      ),
  ],
  [
    "windows/reduceByKeyAndWindow(f, inverse, 3 s, 2 s)",
    (given) =>
      given.partitions(
        pairs(given.input<string>()).reduceByKeyAndWindow(add, subtract, Seconds(3), Seconds(2)),
      ),
  ],
  [
    "windows/reduceByKeyAndWindow(f, inverse, 2 s, 1 s, 3, filter)",
    (given) => {
      const ones = pairs(given.input<string>());
      const isCounted = ([, count]: readonly [string, number]): boolean => count !== 0;
      given.partitions(
        ones.reduceByKeyAndWindow(add, subtract, Seconds(2), Seconds(1), 3, isCounted),
      );
    },
  ],
];

export const state: Programs = [
  [
    "state/updateStateByKey keeps a running count",
    (given) => given.partitions(pairs(given.input<string>()).updateStateByKey(runningCount)),
  ],
  [
    "state/updateStateByKey forgets a key for None",
    (given) => {
      const counted = pairs(given.input<string>()).updateStateByKey(
        (ones: readonly number[], known: readonly [number, number] | null) => {
          const [count, idle] = known ?? [0, 0];
          if (ones.length > 0) return [count + ones.reduce(add), 0] as const;
          return idle < 1 ? ([count, idle + 1] as const) : null;
        },
        3,
      );
      given.partitions(counted);
    },
  ],
  [
    "state/updateStateByKey sees values in their order",
    (given) =>
      given
        .input<string>()
        .map((word) => [word.length, word] as const)
        .updateStateByKey(
          (values: readonly string[], known: string | null) =>
            `${known ?? ""}<${values.join(",")}>`,
        )
        .print(),
  ],
  [
    "state/updateStateByKey checkpoints the tenth batch",
    (given) => {
      const counted = pairs(given.input<string>()).updateStateByKey(runningCount);
      given.partitions(counted);
      given.value(counted, lineage);
    },
  ],
];
