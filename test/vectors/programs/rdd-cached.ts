// What toDebugString says of cached partitions: what RddCached.scala runs under the same names.
import type { RDD, SparkContext } from "streamscope";
import { add, lineageWithCached, type RddPrograms } from "./given.ts";

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const four = (sc: SparkContext): RDD<number> => sc.parallelize(numbers(4), 2);
const keyed = (
  sc: SparkContext,
  given: { readonly count: number; readonly partitions: number; readonly keys: number },
): RDD<[number, number]> =>
  sc
    .parallelize(numbers(given.count), given.partitions)
    .map((n): [number, number] => [n % given.keys, n]);

const programs: RddPrograms = [
  ["nothing is cached yet", (sc) => lineageWithCached(four(sc).cache())],
  [
    "all of it is cached",
    (sc) => {
      const rdd = four(sc).cache();
      rdd.count();
      return lineageWithCached(rdd);
    },
  ],
  [
    "one partition of three is cached",
    (sc) => {
      const rdd = sc.parallelize(numbers(9), 3).cache();
      rdd.first();
      return lineageWithCached(rdd);
    },
  ],
  [
    "cached on disk",
    (sc) => {
      const rdd = four(sc).persist("DISK_ONLY");
      rdd.count();
      return lineageWithCached(rdd);
    },
  ],
  [
    "a parent is cached",
    (sc) => {
      const mapped = four(sc)
        .cache()
        .map((n) => n + 1)
        .filter((n) => n > 2);
      mapped.count();
      return lineageWithCached(mapped);
    },
  ],
  [
    "an RDD and its parent are cached",
    (sc) => {
      const mapped = four(sc)
        .cache()
        .map((n) => n + 1)
        .cache();
      mapped.count();
      return lineageWithCached(mapped);
    },
  ],
  [
    "cached before a shuffle and after it",
    (sc) => {
      const pairs = keyed(sc, { count: 4, partitions: 2, keys: 2 }).cache();
      const counts = pairs.reduceByKey(add).cache();
      counts.count();
      return [lineageWithCached(counts), lineageWithCached(counts.mapValues((n) => n + 1))];
    },
  ],
  [
    "twelve partitions",
    (sc) => {
      const pairs = keyed(sc, { count: 24, partitions: 12, keys: 2 }).cache();
      const counts = pairs.reduceByKey(add, 11).cache();
      counts.count();
      return lineageWithCached(counts);
    },
  ],
  [
    "two cached shuffles of a cogroup",
    (sc) => {
      const left = keyed(sc, { count: 4, partitions: 2, keys: 2 }).cache();
      const joined = left.join(keyed(sc, { count: 4, partitions: 3, keys: 3 }).cache());
      joined.count();
      return lineageWithCached(joined);
    },
  ],
  [
    "cached no more",
    (sc) => {
      const rdd = four(sc).cache();
      rdd.count();
      rdd.unpersist();
      return lineageWithCached(rdd);
    },
  ],
];

export const rddCached: RddPrograms = programs.map(
  ([name, run]) => [`rddCached/${name}`, run] as const,
);
