// Values of a key combined: what RddPairCombine.scala runs under the same names.
import { HashPartitioner, None, Some } from "streamscope";
import { add, lineage, type RddPrograms } from "./given.ts";
import { ByLength, causeOf, pairsOf, parts, range, words } from "./rdd-pairs.ts";

const plus = (a: string | null, b: string | null): string => `${a}+${b}`;

const reduce: RddPrograms = [
  [
    "rddPairCombine/reduceByKey",
    (sc) => {
      const counts = words(sc)
        .mapValues(() => 1)
        .reduceByKey(add);
      return [parts(counts), lineage(counts)];
    },
  ],
  [
    "rddPairCombine/reduceByKey goes through each map task, then over them",
    (sc) => parts(words(sc).mapValues(String).reduceByKey(plus)),
  ],
  [
    "rddPairCombine/reduceByKey(f, 5)",
    (sc) => {
      const counts = words(sc).reduceByKey(add, 5);
      return [parts(counts), lineage(counts)];
    },
  ],
  [
    "rddPairCombine/reduceByKey(partitioner, f)",
    (sc) => {
      const counts = words(sc).reduceByKey(new ByLength(4), add);
      return [parts(counts), lineage(counts)];
    },
  ],
  [
    "rddPairCombine/reduceByKey of what is partitioned so already",
    (sc) => {
      const counts = words(sc).reduceByKey(add, 3).reduceByKey(add);
      return [parts(counts), lineage(counts)];
    },
  ],
  [
    "rddPairCombine/reduceByKey over another number of partitions",
    (sc) => {
      const counts = words(sc).reduceByKey(add, 3).reduceByKey(add, 2);
      return [parts(counts), lineage(counts)];
    },
  ],
  [
    "rddPairCombine/reduceByKey of no records",
    (sc) => {
      const none = words(sc)
        .filter(() => false)
        .reduceByKey(add);
      const nowhere = sc.emptyRDD<[string, number]>().reduceByKey(add);
      return [parts(none), parts(nowhere), lineage(nowhere)];
    },
  ],
  ["rddPairCombine/reduceByKey over no partition", (sc) => parts(words(sc).reduceByKey(add, 0))],
  [
    "rddPairCombine/reduceByKey of null keys and null values",
    (sc) => {
      const pairs = pairsOf<string | null, string | null>(
        sc,
        [
          [null, "1"],
          ["a", null],
          [null, "2"],
          ["a", "3"],
          ["b", null],
          [null, "4"],
        ],
        2,
      );
      return parts(pairs.reduceByKey(plus));
    },
  ],
  [
    "rddPairCombine/reduceByKey of 200 keys",
    (sc) => {
      const pairs = sc
        .parallelize(range(0, 400), 3)
        .map((n): [number, number] => [(n * 7) % 200, 1]);
      return parts(pairs.reduceByKey(add));
    },
  ],
  [
    "rddPairCombine/reduceByKey of 120 texts in one partition",
    (sc) => {
      const texts = sc
        .parallelize(range(0, 360), 4)
        .map((n): [string, number] => [`key-${n % 120}`, 1]);
      return parts(texts.reduceByKey(add, 1));
    },
  ],
  [
    "rddPairCombine/reduceByKey of a key with most of the records",
    (sc) => {
      const skewed = sc
        .parallelize(range(0, 1000), 4)
        .map((n): [string, number] => [n % 10 < 9 ? "hot" : `k${n}`, 1]);
      return parts(skewed.reduceByKey(add, 3).filter(([, count]) => count > 1));
    },
  ],
  [
    "rddPairCombine/keys of every kind",
    (sc) => {
      const keys: (number | string | boolean)[][] = [
        [-1, 0, 1, 2147483647, -2147483648, -1],
        [4294967296, -4294967297, 9007199254740991],
        [0.5, -0.5, 1e-9, Number.NaN, Number.NaN, 0.1],
        [true, false, true],
        ["", "\u00e9", "\u4e2d\u6587", "\ud83d\ude00", " "],
      ];
      return keys.map((some) => parts(ones(some).reduceByKey(add, 3)));

      function ones<K>(some: readonly K[]) {
        return sc.parallelize(some, 2).map((key) => [key, 1] as const);
      }
    },
  ],
  [
    "rddPairCombine/keys made of others",
    (sc) => {
      const keys: unknown[][] = [
        [
          ["a", 1],
          ["b", 2],
          ["a", 1],
          [null, 3],
        ],
        [
          [["a", 1], true],
          [["a", 1], false],
        ],
        [
          [1, 2, 3],
          [3, 2, 1],
          [1, 2, 3],
        ],
        [Some(1), None, Some(2), Some(1)],
        [
          [0.5, "x"],
          [0.25, "y"],
          [0.1, "z"],
        ],
      ];
      return keys.map((some) => {
        const ones = sc.parallelize(some, 2).map((key) => [key, 1] as const);
        return parts(ones.reduceByKey(add, 3));
      });
    },
  ],
  [
    "rddPairCombine/reduceByKey whose function fails",
    (sc) =>
      causeOf(() =>
        words(sc)
          .reduceByKey(() => {
            throw new Error("java.lang.IllegalStateException: no sum");
          })
          .collect(),
      ),
  ],
  [
    "rddPairCombine/reduceByKey over less than no partition",
    (sc) => words(sc).reduceByKey(add, -1),
  ],
];

const group: RddPrograms = [
  [
    "rddPairCombine/groupByKey",
    (sc) => {
      const groups = words(sc).groupByKey();
      return [parts(groups), lineage(groups)];
    },
  ],
  [
    "rddPairCombine/groupByKey(5) and its sums",
    (sc) => {
      const sums = words(sc)
        .groupByKey(5)
        .mapValues((places) => places.reduce(add, 0));
      return [parts(sums), lineage(sums)];
    },
  ],
  [
    "rddPairCombine/groupByKey(partitioner)",
    (sc) => {
      const groups = words(sc).groupByKey(new ByLength(2));
      return [parts(groups), lineage(groups)];
    },
  ],
  [
    "rddPairCombine/groupByKey of what is partitioned so already",
    (sc) => {
      const groups = words(sc).partitionBy(new HashPartitioner(2)).groupByKey();
      return [parts(groups), lineage(groups)];
    },
  ],
  [
    "rddPairCombine/groupByKey of null keys and null values",
    (sc) => {
      const pairs = pairsOf<string | null, string | null>(
        sc,
        [
          [null, "1"],
          ["a", null],
          [null, null],
          ["a", "3"],
        ],
        2,
      );
      return parts(pairs.groupByKey());
    },
  ],
  [
    "rddPairCombine/groupByKey of 100 keys",
    (sc) => {
      const pairs = sc
        .parallelize(range(0, 300), 3)
        .map((n): [number, number] => [(n % 100) * 31, n]);
      return parts(pairs.groupByKey(2));
    },
  ],
  [
    "rddPairCombine/groupByKey of no records",
    (sc) =>
      parts(
        words(sc)
          .filter(() => false)
          .groupByKey(2),
      ),
  ],
];

export const rddPairCombine: RddPrograms = [...reduce, ...group];
