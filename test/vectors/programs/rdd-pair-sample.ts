// Samples of keys' values: what RddPairSample.scala runs under the same names.
import { HashPartitioner, type RDD, type SparkContext } from "streamscope";
import { add, lineage, type RddPrograms } from "./given.ts";
import { causeOf, parts, range } from "./rdd-pairs.ts";

const letters = ["a", "b", "c"];
const seeds = [1, 42, -7];

function numbers(sc: SparkContext): RDD<[string, number]> {
  return sc.parallelize(range(0, 120), 3).map((n) => [letters[n % 3] ?? "", n]);
}

function many(sc: SparkContext): RDD<[number, number]> {
  return sc.parallelize(range(0, 3000), 4).map((n) => [n % 2, n]);
}

/** How many of each key there are, and the sum of all. */
function measure(sample: RDD<readonly [number, number]>): number[] {
  const pairs = sample.collect();
  const evens = pairs.filter(([key]) => key === 0).length;
  return [evens, pairs.length - evens, pairs.reduce((sum, [, n]) => sum + n, 0)];
}

const byLetter = (a: number, b: number, c: number): Map<string, number> =>
  new Map([
    ["a", a],
    ["b", b],
    ["c", c],
  ]);
const fractions = byLetter(0.1, 0.5, 0.9);
const rates = byLetter(0.3, 1, 2.5);

/** Of the even numbers and of the odd ones. */
const shares = (even: number, odd: number): Map<number, number> =>
  new Map([
    [0, even],
    [1, odd],
  ]);

export const rddPairSample: RddPrograms = [
  [
    "rddPairSample/sampleByKey without replacement",
    (sc) => seeds.map((seed) => parts(numbers(sc).sampleByKey(false, fractions, seed))),
  ],
  [
    "rddPairSample/sampleByKey with replacement",
    (sc) => seeds.map((seed) => parts(numbers(sc).sampleByKey(true, rates, seed))),
  ],
  [
    "rddPairSample/sampleByKey of none and of all",
    (sc) => parts(numbers(sc).sampleByKey(false, byLetter(0, 1, 0), 3)),
  ],
  [
    "rddPairSample/sampleByKey keeps the partitioner",
    (sc) => {
      const placed = numbers(sc).partitionBy(new HashPartitioner(2));
      const once = lineage(placed.sampleByKey(false, fractions, 3).reduceByKey(add));
      return [...once, ...lineage(placed.sampleByKey(true, rates, 3).reduceByKey(add))];
    },
  ],
  [
    "rddPairSample/sampleByKey of less than nothing",
    (sc) => numbers(sc).sampleByKey(false, new Map([["a", -0.5]]), 1),
  ],
  [
    "rddPairSample/sampleByKeyExact of less than nothing",
    (sc) => numbers(sc).sampleByKeyExact(false, new Map([["a", -0.5]]), 1),
  ],
  [
    "rddPairSample/sampleByKey of a key without a fraction",
    (sc) =>
      [false, true].map((withReplacement) =>
        causeOf(() =>
          numbers(sc)
            .sampleByKey(withReplacement, new Map([["a", 0.5]]), 1)
            .collect(),
        ),
      ),
  ],
  [
    "rddPairSample/sampleByKey with replacement of a fraction of 0",
    (sc) =>
      causeOf(() =>
        numbers(sc)
          .sampleByKey(true, new Map([["a", 0]]), 1)
          .collect(),
      ),
  ],
  [
    "rddPairSample/sampleByKeyExact with replacement of many",
    (sc) =>
      [0.1, 0.34, 1.7].map((f) => measure(many(sc).sampleByKeyExact(true, shares(f, 0.02), 11))),
  ],
  [
    "rddPairSample/sampleByKeyExact without replacement",
    (sc) => seeds.map((seed) => parts(numbers(sc).sampleByKeyExact(false, fractions, seed))),
  ],
  [
    "rddPairSample/sampleByKeyExact without replacement of many",
    (sc) =>
      [0.1, 0.34, 0.999].map((f) => measure(many(sc).sampleByKeyExact(false, shares(f, 0.02), 11))),
  ],
  [
    "rddPairSample/sampleByKeyExact with replacement",
    (sc) => seeds.map((seed) => parts(numbers(sc).sampleByKeyExact(true, rates, seed))),
  ],
  [
    "rddPairSample/RDDs that sampleByKeyExact makes",
    (sc) => {
      const pairs = numbers(sc);
      const once = lineage(pairs.sampleByKeyExact(false, fractions, 3));
      return [...once, ...lineage(pairs.sampleByKeyExact(true, rates, 3))];
    },
  ],
];
