// Operations of a stream that are no window, join or state: what StreamOperators.scala runs.
import { type DStream, HashPartitioner, Interval, type RDD, Seconds } from "streamscope";
import { add, byLength, counts, lineage, pairs, type Programs } from "./given.ts";

const operations: Programs = [
  [
    "streamOperators/mapPartitions",
    (given) => {
      const stream = given.input<number>();
      given.partitions(stream.mapPartitions((records) => [[...records].reduce(add, 0)]));
      given.partitions(stream.mapPartitions((records) => [...records].reverse()));
    },
  ],
  [
    "streamOperators/mapPartitions keeps the partitioning or not",
    (given) => {
      const stream = given.input<string>();
      const kept = counts(stream)
        .mapPartitions((records) => records, true)
        .reduceByKey(add);
      const lost = counts(stream)
        .mapPartitions((records) => records)
        .reduceByKey(add);
      given.value(kept, lineage);
      given.value(lost, lineage);
      given.partitions(kept);
      given.partitions(lost);
    },
  ],
  [
    "streamOperators/glom",
    (given) => {
      const stream = given.input<number>();
      given.value(stream.glom(), (rdd) => rdd.collect());
      given.value(stream.glom(), lineage);
    },
  ],
  [
    "streamOperators/flatMapValues",
    (given) => {
      const stream = given.input<string>();
      given.partitions(
        pairs(stream)
          .mapValues((one) => one + 1)
          .flatMapValues((n) => Array.from({ length: n }, (_, index) => index)),
      );
      given.partitions(
        counts(stream).flatMapValues((n) => Array.from({ length: n - 1 }, () => "again")),
      );
      given.value(
        counts(stream).flatMapValues((n) => [n]),
        lineage,
      );
    },
  ],
  [
    "streamOperators/countByValue over 3 partitions",
    (given) => given.partitions(given.input<string>().countByValue(3)),
  ],
  [
    "streamOperators/combineByKey keeps sum and count",
    (given) =>
      given.partitions(
        given
          .input<number>()
          .map((n) => [n % 2 === 0, n] as const)
          .combineByKey<boolean, number, [number, number]>(
            (n) => [n, 1],
            ([sum, count], n) => [sum + n, count + 1],
            (a, b) => [a[0] + b[0], a[1] + b[1]],
            new HashPartitioner(3),
          ),
      ),
  ],
  [
    "streamOperators/combineByKey on the map side or not",
    (given) => {
      const stream = given.input<string>();
      for (const mapSide of [true, false]) {
        const joined = stream
          .map((word) => [word.length, word] as const)
          .combineByKey(
            (word) => `<${word}`,
            (all, word) => `${all} ${word}`,
            (a, b) => `${a}|${b}`,
            new HashPartitioner(2),
            mapSide,
          );
        given.partitions(joined);
        given.value(joined, lineage);
      }
    },
  ],
  [
    "streamOperators/groupByKey with a partitioner",
    (given) => {
      const stream = given.input<string>();
      given.partitions(pairs(stream).groupByKey(byLength(4)));
      given.partitions(
        pairs(stream)
          .groupByKey(byLength(4))
          .mapValues((ones) => ones.reduce(add, 0))
          .groupByKey(3),
      );
    },
  ],
  [
    "streamOperators/reduceByKey with a partitioner",
    (given) => {
      const once = pairs(given.input<string>()).reduceByKey(add, byLength(3));
      given.partitions(once);
      given.value(once.reduceByKey(add, byLength(3)), lineage);
      given.value(once.reduceByKey(add, new HashPartitioner(3)), lineage);
    },
  ],
  [
    "streamOperators/reduce of text keeps the order",
    (given) => given.partitions(given.input<string>().reduce((a, b) => `${a} ${b}`)),
  ],
  [
    "streamOperators/count of an empty and of a filtered batch",
    (given) => {
      const stream = given.input<number>();
      given.partitions(stream.filter((n) => n > 100).count());
      given.value(stream.filter((n) => n > 3).count(), (rdd) => rdd.collect());
    },
  ],
  [
    "streamOperators/repartition",
    (given) => {
      const stream = given.input<number>();
      given.value(stream.repartition(3), (rdd) => rdd.collect().sort((a, b) => a - b));
      given.value(stream.repartition(3), (rdd) => rdd.getNumPartitions());
      given.value(stream.repartition(1), lineage);
    },
  ],
];

const transforms: Programs = [
  [
    "streamOperators/transform is told the batch time",
    (given) =>
      given.partitions(
        given.input<number>().transform((rdd, timeMs) => rdd.map((n) => [timeMs, n] as const)),
      ),
  ],
  [
    "streamOperators/transform gives an RDD of its own",
    (given) => {
      const spark = given.ssc.sparkContext;
      given.partitions(
        given
          .input<number>()
          .transform((rdd, timeMs) => (timeMs === 2000 ? spark.makeRDD([-1, -2], 2) : rdd)),
      );
    },
  ],
  [
    "streamOperators/transform runs an action while the batch is made",
    (given) =>
      given.partitions(
        given.input<number>().transform((rdd) => {
          const many = rdd.count();
          return rdd.map((n) => [n, many] as const);
        }),
      ),
  ],
  [
    "streamOperators/transformWith unites two streams",
    (given) => {
      const stream = given.input<number>();
      const other = stream.map((n) => n * 10);
      const both = stream.transformWith(other, (a, b) => a.union(b));
      given.partitions(both);
      given.value(both, lineage);
    },
  ],
  [
    "streamOperators/transformWith is told the batch time",
    (given) => {
      const stream = given.input<string>();
      const other = stream.map((word) => [word, word.length] as const);
      given.partitions(
        pairs(stream).transformWith(other, (a, b, timeMs) =>
          a.join(b).mapValues((both) => [both, timeMs] as const),
        ),
      );
    },
  ],
  [
    "streamOperators/StreamingContext.transform of three streams",
    (given) => {
      const stream = given.input<number>();
      const streams = [stream, stream.map((n) => n + 100), stream.filter((n) => n > 2)] as const;
      const all = given.ssc.transform(streams, ([a, b, c], timeMs) =>
        a
          .union(b)
          .union(c)
          .map((n) => n + timeMs),
      );
      given.partitions(all);
      given.value(all, lineage);
    },
  ],
  [
    "streamOperators/StreamingContext.union of three streams",
    (given) => {
      const stream = given.input<number>();
      const all = given.ssc.union([
        stream,
        stream.map((n) => n + 100),
        stream.filter((n) => n > 2),
      ]);
      given.partitions(all);
      given.value(all, lineage);
    },
  ],
  [
    "streamOperators/foreachRDD is told the batch time",
    (given) => given.value(given.input(), (rdd, timeMs) => [rdd.count(), timeMs]),
  ],
];

const numbersOf = (rdds: readonly RDD<number>[]): number[][] => rdds.map((rdd) => rdd.collect());

function messageOf(run: () => unknown): string {
  try {
    return String(run());
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(/[\w.]*\.(\w+DStream)/g, "$1") : "";
  }
}

const slices: Programs = [
  [
    "streamOperators/slice from time to time",
    (given) => {
      given.ssc.remember(Seconds(10));
      const doubled = given.input<number>().map((n) => n * 2);
      given.value(doubled, () => numbersOf(doubled.slice(1000, 2000)));
      given.value(doubled, () => numbersOf(doubled.slice(new Interval(0, 3000))));
      given.value(doubled, () => numbersOf(doubled.slice(-5000, 1000)));
      given.value(doubled, () => numbersOf(doubled.slice(3000, 2000)));
    },
  ],
  [
    "streamOperators/slice between two batch times",
    (given) => {
      given.ssc.remember(Seconds(20));
      const stream = given.input<number>();
      const windowed = stream.window(Seconds(2), Seconds(2));
      given.value(windowed, () => numbersOf(windowed.slice(2000, 2999)));
      given.value(windowed, () => numbersOf(windowed.slice(3999, 5000)));
      given.value(windowed, () => numbersOf(stream.slice(1500, 2500)));
    },
  ],
  [
    "streamOperators/slice before the start",
    (given) => {
      const stream = given.input<number>();
      const message = messageOf(() => stream.slice(0, 1000));
      given.value(stream, () => message);
    },
  ],
  [
    "streamOperators/slice of a stream no output needs",
    (given) => {
      const stream = given.input<number>();
      const idle = stream.map((n) => n + 1);
      given.value(stream, () => messageOf(() => idle.slice(0, 1000)));
    },
  ],
  [
    "streamOperators/Interval",
    (given) => {
      const interval = new Interval(1000, 4000);
      given.value(given.input(), () => [
        interval.toString(),
        interval.duration,
        interval.beginTime,
        interval.endTime,
      ]);
    },
  ],
  [
    "streamOperators/slideDuration, dependencies and class names",
    (given) => {
      const stream = given.input<number>();
      const windowed = pairs(stream).window(Seconds(4), Seconds(2));
      const streams: readonly DStream<unknown>[] = [
        stream.map((n) => n + 1),
        stream.flatMap((n) => [n]),
        stream.filter((n) => n > 0),
        stream.glom(),
        stream.mapPartitions((records) => records),
        stream.union(stream),
        stream.transform((rdd) => rdd),
        windowed,
        windowed.reduceByKey(add),
        windowed.mapValues((n) => n + 1),
        windowed.flatMapValues((n) => [n]),
        pairs(stream).join(pairs(stream)),
        pairs(stream).reduceByKeyAndWindow(add, (a, b) => a - b, Seconds(3)),
        stream.reduce(add),
        stream.count(),
        pairs(stream).updateStateByKey<number>((_, state) => state),
      ];
      given.value(stream, () => streams.map(describe));
    },
  ],
];

/** Class, slide and parents; the input is the harness's own. */
export function describe(stream: DStream<unknown>): readonly unknown[] {
  return [
    stream.node.className,
    stream.slideDuration,
    stream.dependencies
      .map((parent) => parent.node.className)
      .filter((name) => name !== "QueueInputDStream"),
  ];
}

export const streamOperators: Programs = [operations, transforms, slices].flat();
