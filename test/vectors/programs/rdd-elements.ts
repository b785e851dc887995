// Records and partitions of an RDD by themselves: what RddElements.scala runs under the same names.
import { HashPartitioner, type Partitioner, type RDD, type SparkContext } from "streamscope";
import { add, lineage, type RddPrograms } from "./given.ts";

/** The records of each partition. */
export function cells<T>(rdd: RDD<T>): (readonly T[])[] {
  return rdd.glom().collect();
}

/** Partitions, and how they came to be. */
export function whole(rdd: RDD<unknown>): unknown[] {
  return [cells(rdd), lineage(rdd)];
}

/** From `start` to `end`, both included. */
export function to(start: number, end: number): number[] {
  return Array.from({ length: end - start + 1 }, (_, index) => start + index);
}

export function ten(sc: SparkContext, slices = 3): RDD<number> {
  return sc.parallelize(to(1, 10), slices);
}

/** Each of ten numbers under itself, partitioned by it. */
export function keyed(sc: SparkContext, numPartitions?: number): RDD<[number, number]> {
  const pairs = ten(sc).map((n): [number, number] => [n, n]);
  return pairs.reduceByKey(add, numPartitions);
}

const isPartitioned = (rdd: RDD<unknown>): boolean => rdd.partitioner.isDefined;

const made: RddPrograms = [
  ["parallelize deals records in order", (sc) => whole(ten(sc, 4))],
  ["parallelize of fewer records than slices", (sc) => whole(sc.parallelize([1, 2], 5))],
  ["parallelize of no records", (sc) => whole(sc.parallelize([], 3))],
  ["parallelize over the default parallelism", (sc) => cells(sc.parallelize(to(1, 5)))],
  ["parallelize over no slices", (sc) => sc.parallelize(to(1, 5), 0).count()],
  ["makeRDD", (sc) => whole(sc.makeRDD(["a", "b", "c"], 2))],
  ["emptyRDD", (sc) => [whole(sc.emptyRDD()), sc.emptyRDD().getNumPartitions()]],
  ["nulls are records", (sc) => cells(sc.parallelize(["a", null, "b", null], 2))],
  ["range", (sc) => whole(sc.range(0, 10, 1, 3))],
  ["range by steps of 3", (sc) => cells(sc.range(1, 12, 3, 2))],
  ["range downwards", (sc) => cells(sc.range(10, 0, -4, 2))],
  ["range the wrong way is empty", (sc) => cells(sc.range(0, 10, -1, 2))],
  ["range of more slices than numbers", (sc) => cells(sc.range(0, 3, 1, 5))],
  ["range over the default parallelism", (sc) => cells(sc.range(0, 5))],
  ["range by steps of 0", (sc) => sc.range(0, 10, 0, 2)],
  [
    "union of the context",
    (sc) => whole(sc.union([ten(sc, 2), sc.emptyRDD<number>(), sc.parallelize([11], 1)])),
  ],
  ["union of one RDD is another RDD", (sc) => whole(sc.union([ten(sc, 2)]))],
];

const mapped: RddPrograms = [
  [
    "map, flatMap, filter",
    (sc) => {
      const odd = ten(sc)
        .map((n) => n * 2)
        .filter((n) => n % 3 !== 0);
      return whole(odd.flatMap((n) => [n, n + 1]));
    },
  ],
  ["flatMap to nothing", (sc) => cells(ten(sc).flatMap((): number[] => []))],
  [
    "mapPartitions is called for empty partitions",
    (sc) => whole(sc.parallelize([1, 2], 3).mapPartitions((ns) => [ns.length])),
  ],
  [
    "mapPartitionsWithIndex",
    (sc) => whole(ten(sc).mapPartitionsWithIndex((i, ns) => ns.map((n) => `${i}:${n}`))),
  ],
  [
    "mapPartitions keeps or drops the partitioner",
    (sc) => {
      const rdd = keyed(sc);
      return [
        rdd,
        rdd.mapPartitions((ns) => ns),
        rdd.mapPartitions((ns) => ns, true),
        rdd.mapPartitionsWithIndex((_, ns) => ns, true),
        rdd.filter(() => true),
        rdd.map((pair) => pair),
      ].map(isPartitioned);
    },
  ],
  [
    "glom of empty partitions",
    (sc) =>
      whole(
        sc
          .parallelize([1, 2], 4)
          .glom()
          .map((ns) => ns.length),
      ),
  ],
  [
    "collect with a partial function",
    (sc) => whole(ten(sc).collect((n) => (n % 2 === 0 ? `even ${n}` : undefined))),
  ],
  ["keyBy", (sc) => whole(ten(sc, 2).keyBy((n) => n % 3))],
  [
    "groupBy",
    (sc) => {
      const grouped = ten(sc).groupBy((n) => n % 3);
      return [cells(grouped.mapValues((ns) => ns)), lineage(grouped)];
    },
  ],
  [
    "groupBy over more partitions",
    (sc) =>
      cells(
        ten(sc)
          .groupBy((n) => n % 4, 5)
          .mapValues((ns) => ns),
      ),
  ],
  [
    "groupBy with a partitioner",
    (sc) =>
      cells(
        ten(sc)
          .groupBy((n) => `k${n % 4}`, new HashPartitioner(2))
          .mapValues((ns) => ns),
      ),
  ],
  [
    "groupBy of an RDD with a partitioner takes it",
    (sc) => lineage(keyed(sc, 4).groupBy(([key]) => key % 2)),
  ],
  ["pipe", (sc) => whole(ten(sc, 2).pipe((lines) => lines))],
  [
    "pipe of an empty partition",
    (sc) =>
      cells(
        sc
          .parallelize([1, 2], 3)
          .pipe((lines) => [String(lines.length)])
          .map((n) => n),
      ),
  ],
  [
    "pipe with context and elements of one's own",
    (sc) =>
      cells(
        ten(sc, 2).pipe((lines) => lines, {
          printPipeContext: (print) => print("head"),
          printRDDElement: (n, print) => {
            print(`n ${n}`);
            print(`square ${n * n}`);
          },
        }),
      ),
  ],
];

const coalesced: RddPrograms = [
  ["coalesce to fewer partitions", (sc) => whole(ten(sc, 7).coalesce(3))],
  ["coalesce to one", (sc) => cells(ten(sc, 4).coalesce(1))],
  ["coalesce to more stays", (sc) => whole(ten(sc, 3).coalesce(5))],
  ["coalesce of an empty RDD", (sc) => whole(sc.emptyRDD().coalesce(2))],
  ["coalesce to none", (sc) => ten(sc).coalesce(0)],
  ["coalesce to less than none", (sc) => ten(sc).coalesce(-1)],
  ["coalesce with a shuffle to fewer", (sc) => whole(ten(sc, 5).coalesce(2, true))],
  ["coalesce with a shuffle to more", (sc) => cells(ten(sc, 2).coalesce(5, true))],
  ["coalesce drops the partitioner", (sc) => isPartitioned(keyed(sc, 4).coalesce(2))],
  ["repartition to more", (sc) => whole(ten(sc, 2).repartition(4))],
  ["repartition to one", (sc) => whole(ten(sc, 3).repartition(1))],
  ["repartition to as many", (sc) => cells(ten(sc, 3).repartition(3))],
  ["repartition of many partitions", (sc) => cells(ten(sc, 9).repartition(4))],
  ["repartition of a hundred", (sc) => cells(sc.parallelize(to(1, 100), 3).repartition(7))],
  ["repartition of no records", (sc) => cells(sc.parallelize([], 2).repartition(3))],
  ["repartition to none", (sc) => ten(sc).repartition(0)],
  ["coalesce after repartition", (sc) => whole(ten(sc, 2).repartition(6).coalesce(4))],
  [
    "the jobs of repartition",
    (sc, _, jobs) => jobs(() => ten(sc, 3).repartition(5).collect().length),
  ],
];

const sorted: RddPrograms = [
  [
    "sortBy",
    (sc, _, jobs) => jobs(() => whole(sc.parallelize([5, 3, 9, 1, 7, 3], 3).sortBy((n) => n))),
  ],
  [
    "sortBy downwards into two",
    (sc) => {
      const fruit = sc.parallelize(["pear", "fig", "apple", "kiwi"], 3);
      return cells(fruit.sortBy((name) => name.length, false, 2));
    },
  ],
  [
    "sortBy of one partition runs no job of its own",
    (sc, _, jobs) => jobs(() => cells(sc.parallelize([3, 1, 2], 1).sortBy((n) => n))),
  ],
  [
    "sortBy tuples",
    (sc) => {
      const pairs: [string, number][] = [
        ["b", 2],
        ["a", 3],
        ["b", 1],
        ["a", 1],
      ];
      return cells(sc.parallelize(pairs, 2).sortBy(([name, n]) => [name, -n]));
    },
  ],
  ["sortBy of no records", (sc) => cells(sc.parallelize<number>([], 2).sortBy((n) => n))],
];

const described: RddPrograms = [
  [
    "ids, names and numbers of partitions",
    (sc) => {
      const first = ten(sc);
      const second = first.map((n) => n + 1).setName("more");
      return [
        first.id,
        second.id,
        first.name,
        second.name,
        String(second).includes("more"),
        second.getNumPartitions(),
        second.partitions.map(({ index }) => index),
        lineage(second),
      ];
    },
  ],
  [
    "storage levels",
    (sc) => {
      const rdd = ten(sc);
      const before = rdd.getStorageLevel === "NONE";
      rdd.cache();
      const cached = rdd.getStorageLevel === "MEMORY_ONLY";
      rdd.unpersist();
      return [before, cached, rdd.getStorageLevel === "NONE", lineage(rdd.cache())];
    },
  ],
  ["a second storage level", (sc) => ten(sc).cache().persist("MEMORY_AND_DISK")],
  [
    "the same storage level again",
    (sc) => ten(sc).cache().cache().getStorageLevel === "MEMORY_ONLY",
  ],
  [
    "dependencies",
    (sc) => {
      const pairs = ten(sc).map((n): [number, number] => [n, n]);
      const reduced = pairs.reduceByKey(add);
      const factsOf = (rdd: RDD<unknown>): unknown[] =>
        rdd.dependencies.map(({ rdd: parent, getParents }) =>
          getParents === null ? [parent.id] : [parent.id, getParents(1)],
        );
      const union = [ten(sc), pairs, reduced, pairs.union(pairs), ten(sc, 5).coalesce(2)];
      return [pairs.id, union.map(factsOf)];
    },
  ],
  [
    "partitioners",
    (sc) => {
      const { partitioner } = keyed(sc, 4);
      const is = (other: Partitioner): boolean =>
        partitioner.exists((own) => own.equals?.(other) === true);
      return [
        isPartitioned(ten(sc)),
        partitioner.map(({ numPartitions }) => numPartitions).orNull,
        is(new HashPartitioner(4)),
        is(new HashPartitioner(3)),
      ];
    },
  ],
  ["the context of an RDD", (sc) => [ten(sc).sparkContext === sc, ten(sc).context === sc]],
  ["checkpoint without a directory", (sc) => ten(sc).checkpoint()],
  [
    "no checkpoint",
    (sc) => {
      const rdd = ten(sc);
      rdd.count();
      return [rdd.isCheckpointed, rdd.getCheckpointFile.orNull];
    },
  ],
];

export const rddElements: RddPrograms = [
  ...made,
  ...mapped,
  ...coalesced,
  ...sorted,
  ...described,
].map(([name, program]) => [`rddElements/${name}`, program] as const);
