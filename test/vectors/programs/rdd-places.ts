// Which partitions coalesce joins: what RddPlaces.scala runs under the same names.
import { RDD, type SparkContext } from "streamscope";
import { parallelize } from "../../../core/rdd/in-memory.ts";
import { RDDNode } from "../../../core/rdd/rdd.ts";
import { add, type RddPrograms } from "./given.ts";

type Hosts = (partition: number) => readonly number[];

const numbers = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

/** Each number is a partition of its own, best computed on hosts that are said. */
function on(sc: SparkContext, count: number, hosts: Hosts): RDD<number> {
  const plain = parallelize(sc.rdds, numbers(count), count);
  return new RDD(
    new RDDNode<number>({
      context: sc.rdds,
      className: "ParallelCollectionRDD",
      operator: "makeRDD",
      numPartitions: count,
      dependencies: [],
      preferredExecutors: hosts,
      compute: (_rdd, partition, task, push) => plain.compute(partition, task, push),
    }),
  );
}

const groups = (rdd: RDD<number>): unknown => rdd.glom().collect();
const four = (rdd: RDD<number>): unknown => groups(rdd.coalesce(4));
const eight = (sc: SparkContext): RDD<number> => sc.parallelize(numbers(8), 8);

/** A job that has nothing to do with the others. */
function another(sc: SparkContext): void {
  sc.parallelize(numbers(2), 2).count();
}

function cachedEight(sc: SparkContext): RDD<number> {
  const rdd = eight(sc).cache();
  rdd.count();
  return rdd;
}

function keyed(sc: SparkContext): RDD<[number, number]> {
  return sc
    .parallelize(numbers(8), 2)
    .map((n) => [n, n] as const)
    .reduceByKey(add, 8);
}

/** Joined to every smaller number of partitions. */
function places(name: string, count: number, hosts: Hosts): RddPrograms[number] {
  return [
    name,
    (sc) => numbers(count, 1).map((fewer) => groups(on(sc, count, hosts).coalesce(fewer))),
  ];
}

const onHosts: RddPrograms = [
  places("partitions on one host", 8, () => [1]),
  places("partitions on two hosts by turns", 8, (n) => [1 + (n % 2)]),
  places("partitions on three hosts by turns", 11, (n) => [1 + (n % 3)]),
  places("neighbours on one host", 12, (n) => [1 + Math.floor(n / 4)]),
  places("most partitions on one host", 9, (n) => [n === 4 ? 2 : 1]),
  places("partitions with two hosts", 9, (n) => [1 + (n % 3), 1 + ((n + 1) % 3)]),
  places("partitions with three hosts of four", 10, (n) => [0, 1, 2].map((k) => 1 + ((n + k) % 4))),
  places("a fourth host is not looked at", 6, (n) => [1, 1, 1, 2 + n]),
  places("every other partition has a host", 9, (n) => (n % 2 === 0 ? [1] : [])),
  places("one partition has a host", 7, (n) => (n === 3 ? [2] : [])),
  places("the last partitions have hosts", 10, (n) => (n > 6 ? [n - 6] : [])),
  places("each partition has a host of its own", 7, (n) => [n + 1]),
  places("squares", 20, (n) => [1 + ((n * n) % 7)]),
  places("thirty partitions on five hosts", 30, (n) => [1 + ((n * 7 + Math.floor(n / 3)) % 5)]),
];

const onCached: RddPrograms = [
  ["partitions that are being cached have no place yet", (sc) => four(eight(sc).cache())],
  ["partitions cached by the job before: it asked before it cached", (sc) => four(cachedEight(sc))],
  [
    "partitions cached two jobs ago",
    (sc) => {
      const rdd = cachedEight(sc);
      another(sc);
      return four(rdd);
    },
  ],
  [
    "partitions cached and read again",
    (sc) => {
      const rdd = cachedEight(sc);
      rdd.count();
      return four(rdd);
    },
  ],
  [
    "some partitions cached",
    (sc) => {
      const rdd = eight(sc).cache();
      sc.runJob(rdd, (them) => them.length, [1, 2, 6]);
      another(sc);
      return numbers(8, 1).map((count) => groups(rdd.coalesce(count)));
    },
  ],
  [
    "what comes from cached partitions",
    (sc) => {
      const rdd = cachedEight(sc);
      another(sc);
      return four(rdd.map((n) => n + 10).filter((n) => n !== 13));
    },
  ],
  [
    "a union of cached and plain partitions",
    (sc) => {
      const rdd = sc.parallelize(numbers(4), 4).cache();
      rdd.count();
      another(sc);
      return groups(sc.parallelize(numbers(5, 10), 5).union(rdd).coalesce(3));
    },
  ],
  [
    "partitions that were cached and are not any more",
    (sc) => {
      const rdd = cachedEight(sc);
      another(sc);
      const before = four(rdd);
      rdd.unpersist();
      return [before, four(rdd), four(rdd)];
    },
  ],
  [
    "joined twice",
    (sc) => {
      const rdd = cachedEight(sc);
      another(sc);
      return groups(rdd.coalesce(5).coalesce(2));
    },
  ],
];

/** What joins partitions first, and is asked for what it joined after others were cached. */
function joinedFirst(
  name: string,
  ask: (joined: RDD<number>, sc: SparkContext) => unknown,
): RddPrograms[number] {
  return [
    name,
    (sc) => {
      const rdd = eight(sc).cache();
      const joined = rdd.coalesce(4);
      const asked = ask(joined, sc);
      rdd.count();
      another(sc);
      return asked === null ? groups(joined) : [asked, groups(joined)];
    },
  ];
}

const askedBefore: RddPrograms = [
  joinedFirst("joined before it is cached, used after", () => null),
  joinedFirst("asked for its partitions before it is cached, used after", (joined) =>
    joined.getNumPartitions(),
  ),
  joinedFirst(
    "printed before it is cached, used after",
    (joined) => joined.toDebugString().split("\n").length,
  ),
  [
    "a union asks for partitions before they are cached",
    (sc) => {
      const rdd = eight(sc).cache();
      const both = rdd.coalesce(4).union(sc.parallelize(numbers(2), 1));
      rdd.count();
      another(sc);
      return groups(both);
    },
  ],
];

const onShuffles: RddPrograms = [
  ["a shuffle not run yet", (sc) => groups(keyed(sc).keys().coalesce(4))],
  [
    "a shuffle that ran: its partitions are where its outputs are",
    (sc) => {
      const counts = keyed(sc);
      counts.count();
      return groups(counts.keys().coalesce(4));
    },
  ],
  [
    "a shuffle that ran, some of its partitions empty",
    (sc) => {
      const counts = sc
        .parallelize([1, 3, 9], 2)
        .map((n) => [n, n] as const)
        .reduceByKey(add, 8);
      counts.count();
      return groups(counts.keys().coalesce(5));
    },
  ],
  [
    "a cogroup of shuffles that ran",
    (sc) => {
      const counts = keyed(sc);
      counts.count();
      const joined = counts.join(counts.mapValues((n) => n + 1));
      return groups(joined.keys().coalesce(4));
    },
  ],
  [
    "sorted, joined",
    (sc) =>
      groups(
        sc
          .parallelize([5, 3, 8, 1, 9, 2, 7], 3)
          .sortBy((n) => n, true, 6)
          .coalesce(3),
      ),
  ],
  [
    "repartitioned, joined",
    (sc) => {
      const rdd = sc.parallelize(numbers(12), 2).repartition(6);
      rdd.count();
      return groups(rdd.coalesce(4));
    },
  ],
];

export const rddPlaces: RddPrograms = [onHosts, onCached, askedBefore, onShuffles]
  .flat()
  .map(([name, run]) => [`rddPlaces/${name}`, run] as const);
