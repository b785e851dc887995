// RDDs met with others: what RddSets.scala runs under the same names.
import { HashPartitioner, type RDD, type SparkContext } from "streamscope";
import { add, lineage, type RddPrograms } from "./given.ts";
import { cells, keyed, ten, whole } from "./rdd-elements.ts";

const letters = ["b", "a", "c", "a", "b", "a", "d"];

function placed(sc: SparkContext): RDD<readonly [string, number]> {
  const pairs = letters.map((letter): readonly [string, number] => [letter, 1]);
  return sc.parallelize(pairs, 2).partitionBy(new HashPartitioner(3));
}

const sets: RddPrograms = [
  ["union", (sc) => whole(ten(sc, 2).union(sc.parallelize([3, 11], 2)))],
  ["union with an empty RDD", (sc) => whole(ten(sc, 2).union(sc.emptyRDD()))],
  [
    "union of RDDs partitioned alike",
    (sc) => {
      const ones = ten(sc).map((n): [number, number] => [n, 1]);
      const reduced = ones.reduceByKey(add);
      return whole(reduced.union(reduced.mapValues((n) => n + 1)));
    },
  ],
  ["distinct", (sc) => whole(sc.parallelize(letters, 3).distinct())],
  ["distinct over fewer partitions", (sc) => cells(sc.parallelize(letters, 3).distinct(2))],
  ["distinct of numbers", (sc) => cells(sc.parallelize([3, 1, 3, 2, 1, 17, 33, 1], 2).distinct())],
  ["distinct of null", (sc) => cells(sc.parallelize(["a", null, "a", null], 2).distinct())],
  [
    "distinct of tuples",
    (sc) => {
      const pairs: [string, number][] = [
        ["a", 1],
        ["b", 2],
        ["a", 1],
        ["a", 2],
      ];
      return cells(sc.parallelize(pairs, 2).distinct());
    },
  ],
  ["distinct of an RDD with a partitioner needs no shuffle", (sc) => whole(placed(sc).distinct())],
  [
    "distinct of an RDD with a partitioner into another number",
    (sc) => lineage(placed(sc).distinct(2)),
  ],
  ["distinct of no records", (sc) => cells(sc.parallelize([], 2).distinct())],
  ["distinct of no partitions", (sc) => cells(sc.emptyRDD().distinct())],
  ["distinct over less than no partitions", (sc) => ten(sc).distinct(-1)],
  [
    "intersection",
    (sc) => whole(sc.parallelize(letters, 3).intersection(sc.parallelize(["a", "d", "e", "a"], 2))),
  ],
  [
    "intersection over 3 partitions",
    (sc) => cells(ten(sc).intersection(sc.parallelize([1, 5, 5, 12, 9], 2), 3)),
  ],
  [
    "intersection with a partitioner",
    (sc) => {
      const other = sc.parallelize([1, 5, 5, 12, 9], 2);
      return cells(ten(sc).intersection(other, new HashPartitioner(4)));
    },
  ],
  ["intersection with an empty RDD", (sc) => cells(ten(sc).intersection(sc.emptyRDD()))],
  ["intersection over the default parallelism", (sc) => cells(ten(sc, 2).intersection(ten(sc, 3)))],
  ["subtract", (sc) => whole(sc.parallelize(letters, 3).subtract(sc.parallelize(["a", "e"], 2)))],
  [
    "subtract keeps repeated records",
    (sc) => cells(sc.parallelize(letters, 2).subtract(sc.parallelize(["c"], 1))),
  ],
  [
    "subtract over 4 partitions",
    (sc) => cells(ten(sc, 2).subtract(sc.parallelize([2, 4, 6], 1), 4)),
  ],
  [
    "subtract with a partitioner",
    (sc) => cells(ten(sc, 2).subtract(sc.parallelize([2, 4, 6], 1), new HashPartitioner(3))),
  ],
  [
    "subtract from an RDD with a partitioner",
    (sc) => {
      const other: (readonly [string, number])[] = [
        ["a", 1],
        ["b", 2],
      ];
      return whole(placed(sc).subtract(sc.parallelize(other, 1)));
    },
  ],
  ["subtract nothing", (sc) => cells(ten(sc, 2).subtract(sc.emptyRDD()))],
  [
    "cartesian",
    (sc) => whole(sc.parallelize([1, 2, 3], 2).cartesian(sc.parallelize(["a", "b", "c"], 2))),
  ],
  ["cartesian with an empty RDD", (sc) => whole(ten(sc).cartesian(sc.emptyRDD()))],
  [
    "cartesian with itself",
    (sc) => {
      const rdd = sc.parallelize([1, 2, 3], 2);
      return cells(rdd.cartesian(rdd));
    },
  ],
  ["the jobs of cartesian", (sc, _, jobs) => jobs(() => ten(sc, 2).cartesian(ten(sc, 3)).count())],
];

const zips: RddPrograms = [
  ["zip", (sc) => whole(ten(sc).zip(ten(sc).map((n) => `n${n}`)))],
  ["zip of unequal numbers of partitions", (sc) => ten(sc, 2).zip(ten(sc, 3)).count()],
  ["zip of no partitions", (sc) => whole(sc.emptyRDD().zip(sc.emptyRDD()))],
  [
    "zipPartitions of two",
    (sc) =>
      whole(
        ten(sc, 2).zipPartitions(sc.parallelize(["a", "b", "c"], 2), (ns, ls) => [
          ns.reduce(add),
          ls.length,
        ]),
      ),
  ],
  [
    "zipPartitions of three",
    (sc) =>
      whole(
        ten(sc, 2).zipPartitions(ten(sc, 2), sc.parallelize(["a"], 2), (a, b, c) => [
          ...a,
          ...b,
          ...c.map((text) => text.length),
        ]),
      ),
  ],
  [
    "zipPartitions of four",
    (sc) =>
      whole(
        ten(sc, 2).zipPartitions(ten(sc, 2), ten(sc, 2), ten(sc, 2), (a, b, c, d) => [
          a.length,
          b.reduce(add),
          Math.max(...c),
          Math.min(...d),
        ]),
      ),
  ],
  [
    "zipPartitions keeps the first partitioner if told",
    (sc) => {
      const rdd = keyed(sc);
      return [
        rdd.zipPartitions(rdd, (a, b) => [...a, ...b]).partitioner.isDefined,
        rdd.zipPartitions(rdd, (a, b) => [...a, ...b], true).partitioner.isDefined,
      ];
    },
  ],
  [
    "zipPartitions of unequal numbers of partitions",
    (sc) => ten(sc, 2).zipPartitions(ten(sc, 3), ten(sc, 4), (a, b, c) => [...a, ...b, ...c]),
  ],
  ["zipWithIndex", (sc) => whole(sc.parallelize(letters, 3).zipWithIndex())],
  [
    "zipWithIndex with empty partitions",
    (sc) => cells(sc.parallelize(["a", "b"], 5).zipWithIndex()),
  ],
  [
    "zipWithIndex runs a job when it is called",
    (sc, _, jobs) => jobs(() => ten(sc, 3).zipWithIndex().getNumPartitions()),
  ],
  [
    "zipWithIndex of one partition runs none",
    (sc, _, jobs) => jobs(() => ten(sc, 1).zipWithIndex().getNumPartitions()),
  ],
  [
    "zipWithIndex of no partitions",
    (sc, _, jobs) => jobs(() => cells(sc.emptyRDD().zipWithIndex())),
  ],
  ["zipWithUniqueId", (sc) => whole(sc.parallelize(letters, 3).zipWithUniqueId())],
  [
    "zipWithUniqueId runs no job",
    (sc, _, jobs) => jobs(() => ten(sc, 3).zipWithUniqueId().getNumPartitions()),
  ],
];

export const rddSets: RddPrograms = [...sets, ...zips].map(
  ([name, program]) => [`rddSets/${name}`, program] as const,
);
