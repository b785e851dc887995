// Samples and splits, record by record: what RddSampling.scala runs under the same names.
import type { RDD, SparkContext } from "streamscope";
import { lineage, type RddPrograms } from "./given.ts";
import { cells, keyed, ten, to } from "./rdd-elements.ts";

const LONG_MAX = 9223372036854775807n;
const INT_MAX = 2147483647;

function hundred(sc: SparkContext): RDD<number> {
  return sc.parallelize(to(1, 100), 4);
}

function sampled(
  withReplacement: boolean,
  fraction: string,
  seed: number | bigint,
): RddPrograms[number] {
  const how = withReplacement ? "with" : "without";
  return [
    `sample of ${fraction} ${how} replacement, seed ${seed}`,
    (sc) => cells(hundred(sc).sample(withReplacement, Number(fraction), seed)),
  ];
}

const draws: (readonly [fraction: string, seed: number | bigint])[] = [
  ["0.0", 1],
  ["0.01", 2],
  ["0.1", 42],
  ["0.1", 43],
  ["0.4", 7],
  ["0.41", 7],
  ["0.5", 0],
  ["0.9", -1],
  ["1.0", 5],
  ["0.3", LONG_MAX],
  ["0.6", -LONG_MAX - 1n],
];

const samples: RddPrograms = [
  ...[false, true].flatMap((withReplacement) =>
    draws.map(([fraction, seed]) => sampled(withReplacement, fraction, seed)),
  ),
  sampled(true, "2.5", 11),
  sampled(true, "20.0", 12),
  ["sample keeps the partitioner", (sc) => keyed(sc).sample(false, 0.5, 1).partitioner.isDefined],
  ["the lineage of a sample", (sc) => lineage(ten(sc).sample(false, 0.5, 1))],
  ["sample of a sample", (sc) => cells(hundred(sc).sample(false, 0.5, 1).sample(false, 0.5, 1))],
  ["sample of an empty RDD", (sc) => cells(sc.emptyRDD().sample(false, 0.5, 1))],
  ["sample of a negative fraction", (sc) => ten(sc).sample(false, -0.5, 1)],
  ["sample of more than all", (sc) => ten(sc).sample(false, 1.5, 1)],
  ["sample with replacement of a negative fraction", (sc) => ten(sc).sample(true, -1, 1)],
];

const splits: RddPrograms = [
  ["randomSplit in two", (sc) => hundred(sc).randomSplit([0.7, 0.3], 11).map(cells)],
  [
    "randomSplit in three by other weights",
    (sc) => hundred(sc).randomSplit([2, 1, 3], 5).map(cells),
  ],
  [
    "randomSplit with a weight of 0",
    (sc) =>
      hundred(sc)
        .randomSplit([1, 0, 1], 9)
        .map((split) => split.count()),
  ],
  [
    "randomSplit in one",
    (sc) =>
      hundred(sc)
        .randomSplit([5], 9)
        .map((split) => split.count()),
  ],
  [
    "the lineage of a split",
    (sc) =>
      ten(sc)
        .randomSplit([1, 1], 1)
        .slice(1)
        .flatMap((split) => lineage(split)),
  ],
  ["randomSplit by a negative weight", (sc) => ten(sc).randomSplit([1, -1], 1)],
  ["randomSplit by weights of 0", (sc) => ten(sc).randomSplit([0, 0], 1)],
];

const taken: RddPrograms = [
  [
    "takeSample without replacement",
    (sc, _, jobs) => jobs(() => hundred(sc).takeSample(false, 5, 1)),
  ],
  ["takeSample with replacement", (sc, _, jobs) => jobs(() => hundred(sc).takeSample(true, 5, 1))],
  ["takeSample of half", (sc) => hundred(sc).takeSample(false, 50, 3)],
  ["takeSample of more with replacement", (sc) => ten(sc).takeSample(true, 25, 4)],
  [
    "takeSample of all is all of them shuffled",
    (sc, _, jobs) => jobs(() => ten(sc).takeSample(false, 10, 5)),
  ],
  ["takeSample of more than there is", (sc) => ten(sc).takeSample(false, 20, 6)],
  ["takeSample of none runs no job", (sc, _, jobs) => jobs(() => ten(sc).takeSample(false, 0, 1))],
  [
    "takeSample of no records",
    (sc, _, jobs) => jobs(() => sc.parallelize([], 2).takeSample(true, 3, 1)),
  ],
  [
    "takeSample of one of ten",
    (sc) => to(0, 9).flatMap((seed) => ten(sc).takeSample(false, 1, seed)),
  ],
  ["takeSample of a negative number", (sc) => ten(sc).takeSample(false, -1, 1)],
  ["takeSample of too many", (sc) => ten(sc).takeSample(false, INT_MAX, 1)],
];

export const rddSampling: RddPrograms = [...samples, ...splits, ...taken].map(
  ([name, program]) => [`rddSampling/${name}`, program] as const,
);
