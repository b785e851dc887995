// Operations on numbers: what RddDoubles.scala runs under the same names.
import { type RDD, type SparkContext, StatCounter } from "streamscope";
import type { RddPrograms } from "./given.ts";
import { to } from "./rdd-elements.ts";

const some = [1.5, -2.25, 3.125, 10, 0.1, 0.2, 0.3];

function numbers(sc: SparkContext, values = some, slices = 3): RDD<number> {
  return sc.parallelize(values, slices);
}

function facts(stats: StatCounter): unknown[] {
  return [
    stats.count,
    stats.mean,
    stats.sum,
    stats.max,
    stats.min,
    stats.variance,
    stats.popVariance,
    stats.sampleVariance,
    stats.stdev,
    stats.popStdev,
    stats.sampleStdev,
    String(stats),
  ];
}

function many(count: number): number[] {
  return to(1, count).map((n) => ((n * 7919) % 1000) / 7);
}

const statistics: RddPrograms = [
  ["sum", (sc, _, jobs) => jobs(() => numbers(sc).sum())],
  ["sum of no records", (sc) => numbers(sc, []).sum()],
  ["sum of no partitions", (sc) => sc.emptyRDD<number>().sum()],
  ["mean", (sc, _, jobs) => jobs(() => numbers(sc).mean())],
  ["mean of no records", (sc) => numbers(sc, []).mean()],
  ["mean of no partitions", (sc) => sc.emptyRDD<number>().mean()],
  [
    "variances and deviations",
    (sc) => [
      numbers(sc).variance(),
      numbers(sc).sampleVariance(),
      numbers(sc).popVariance(),
      numbers(sc).stdev(),
      numbers(sc).sampleStdev(),
      numbers(sc).popStdev(),
    ],
  ],
  ["variance of no records", (sc) => numbers(sc, []).variance()],
  ["sampleVariance of one record", (sc) => numbers(sc, [4]).sampleVariance()],
  ["stats", (sc, _, jobs) => jobs(() => facts(numbers(sc).stats()))],
  ["stats of one partition", (sc) => facts(numbers(sc, some, 1).stats())],
  ["stats of no records", (sc) => facts(numbers(sc, []).stats())],
  ["stats of no partitions", (sc) => sc.emptyRDD<number>().stats()],
  ["stats of a thousand numbers", (sc) => facts(numbers(sc, many(1000), 7).stats())],
  [
    "stats of uneven partitions",
    (sc) => {
      const uneven = numbers(sc, many(100), 1).union(numbers(sc, [5, 7], 1));
      return facts(uneven.coalesce(2).stats());
    },
  ],
  [
    "stats of uneven partitions, the small one first",
    (sc) =>
      facts(
        numbers(sc, [5, 7], 1)
          .union(numbers(sc, many(100), 1))
          .stats(),
      ),
  ],
  ["stats of NaN", (sc) => facts(numbers(sc, [1, Number.NaN, 2]).stats())],
  ["stats of infinities", (sc) => facts(numbers(sc, [-Infinity, 1, Infinity]).stats())],
  [
    "stats merged by hand",
    () => facts(new StatCounter([1, 2]).merge(3).merge(new StatCounter([4, 5]))),
  ],
  [
    "stats merged with themselves",
    () => {
      const stats = new StatCounter([1, 2, 4]);
      return facts(stats.merge(stats));
    },
  ],
  [
    "stats as text rounds half up",
    () =>
      [0.0000005, 2.0000005, 1e-7, 123456789, -0.0000004, 1e21].map((number) =>
        String(new StatCounter([number])),
      ),
  ],
  [
    "meanApprox and sumApprox",
    (sc) => {
      const mean = numbers(sc).meanApprox(100000).getFinalValue();
      const sum = numbers(sc).sumApprox(100000).getFinalValue();
      const all = [mean, sum].flatMap((bounds) => [
        bounds.mean,
        bounds.low,
        bounds.high,
        bounds.confidence,
      ]);
      return [...all, String(mean)];
    },
  ],
];

const histograms: RddPrograms = [
  ["histogram of 4 buckets", (sc, _, jobs) => jobs(() => numbers(sc).histogram(4))],
  ["histogram of 1 bucket", (sc) => numbers(sc).histogram(1)],
  ["histogram of 3 buckets from 1 to 2", (sc) => numbers(sc, [1, 2, 1.2, 1.7]).histogram(3)],
  ["histogram of equal numbers", (sc) => numbers(sc, [2, 2, 2]).histogram(5)],
  ["histogram of a hundred numbers", (sc) => numbers(sc, many(100)).histogram(7)],
  ["histogram of no buckets", (sc) => numbers(sc).histogram(0)],
  ["histogram of no records", (sc) => numbers(sc, []).histogram(2)],
  ["histogram of no partitions", (sc) => sc.emptyRDD<number>().histogram(2)],
  ["histogram of NaN", (sc) => numbers(sc, [1, Number.NaN]).histogram(2)],
  ["histogram of infinity", (sc) => numbers(sc, [1, Infinity]).histogram(2)],
  [
    "histogram of given buckets",
    (sc, _, jobs) =>
      jobs(() => numbers(sc, [1, 10, 20, 50, 0.5, 51, 9.9, 19.9]).histogram([1, 10, 20, 50])),
  ],
  [
    "histogram of given even buckets",
    (sc) => numbers(sc, [0, 5, 9.99, 10, 20, 30, 31, -1]).histogram([0, 10, 20, 30], true),
  ],
  [
    "histogram of buckets said to be even",
    (sc) => numbers(sc, [0, 5, 9.99, 10, 20, 30]).histogram([0, 1, 20, 30], true),
  ],
  [
    "histogram of a NaN bucket",
    (sc) => numbers(sc, [1, 2, Number.NaN, 5]).histogram([1, 3, Number.NaN]),
  ],
  [
    "histogram of given buckets and no records",
    (sc, _, jobs) => jobs(() => numbers(sc, []).histogram([1, 2, 3])),
  ],
  [
    "histogram of given buckets and no partitions",
    (sc, _, jobs) => jobs(() => sc.emptyRDD<number>().histogram([1, 2, 3])),
  ],
  ["histogram of one bound", (sc) => numbers(sc).histogram([1])],
];

export const rddDoubles: RddPrograms = [...statistics, ...histograms].map(
  ([name, program]) => [`rddDoubles/${name}`, program] as const,
);
