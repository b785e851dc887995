// Values of a key folded, combined, and counted on the driver: what RddPairAggregate.scala runs
// under the same names.
import { HashPartitioner, scalaText } from "streamscope";
import { add, lineage, type RddPrograms, subtract } from "./given.ts";
import { ByLength, pairsOf, parts, range, words } from "./rdd-pairs.ts";

const plus = (a: string | null, b: string | null): string => `${a}+${b}`;
const create = (n: number): string => `c${n}`;
const next = (told: string, n: number): string => `${told} v${n}`;
const meet = (a: string, b: string): string => `[${a} m ${b}]`;

const aggregate: RddPrograms = [
  [
    "rddPairAggregate/aggregateByKey begins each key of a map task with the zero",
    (sc) => {
      const each: unknown[] = [1, 2, 6].map((slices) =>
        parts(
          words(sc, slices).aggregateByKey(
            "0",
            (text, n) => `${text}.${n}`,
            (a, b) => `(${a} ${b})`,
          ),
        ),
      );
      return [...each, lineage(words(sc).aggregateByKey(0, add, add))];
    },
  ],
  [
    "rddPairAggregate/aggregateByKey(zero, 4)",
    (sc) => {
      const sums = words(sc).aggregateByKey(100, 4, add, add);
      return [parts(sums), lineage(sums)];
    },
  ],
  [
    "rddPairAggregate/aggregateByKey(zero, partitioner)",
    (sc) => {
      const max = (a: number, b: number): number => Math.max(a, b);
      const highest = words(sc).aggregateByKey(-1, new ByLength(3), max, max);
      return [parts(highest), lineage(highest)];
    },
  ],
  [
    "rddPairAggregate/aggregateByKey of what is partitioned so already",
    (sc) => {
      const placed = words(sc, 6).partitionBy(new HashPartitioner(2));
      const sums = placed.aggregateByKey(100, add, add);
      return [parts(sums), lineage(sums)];
    },
  ],
  [
    "rddPairAggregate/aggregateByKey gives each key a zero of its own",
    (sc) => {
      const zero: number[] = [];
      const lists = words(sc).aggregateByKey(zero, push, concat);
      const told = lists.mapValues((list) => list.join(" ")).collect();
      return [told.map(scalaText), zero.length];
    },
  ],
  [
    "rddPairAggregate/aggregateByKey takes the zero of the call",
    (sc) => {
      const zero = [1];
      const lists = words(sc, 2).aggregateByKey(zero, push, concat);
      zero.push(2);
      return lists
        .mapValues((list) => list.join(" "))
        .collect()
        .map(scalaText);
    },
  ],
  [
    "rddPairAggregate/foldByKey begins each key of a map task with the zero",
    (sc) => [1, 2, 6].map((slices) => parts(words(sc, slices).foldByKey(100, add))),
  ],
  [
    "rddPairAggregate/foldByKey(zero, 4) and (zero, partitioner)",
    (sc) => {
      const four = words(sc).foldByKey(0, 4, subtract);
      const byLength = words(sc).foldByKey(1, new ByLength(2), subtract);
      return [parts(four), lineage(four), parts(byLength), lineage(byLength)];
    },
  ],
  [
    "rddPairAggregate/countApproxDistinctByKey",
    (sc) => {
      const letters = ["a", "b", "c"];
      const pairs = sc
        .parallelize(range(0, 3000), 4)
        .map((n): [string, number] => [letters[n % 3] ?? "", (n % 7) * n]);
      const counts = pairs.countApproxDistinctByKey();
      const rough = pairs.countApproxDistinctByKey(0.3, 3);
      const byLength = pairs.countApproxDistinctByKey(0.1, new ByLength(2));
      return [counts, rough, byLength].flatMap((rdd) => [parts(rdd), lineage(rdd)]);
    },
  ],
  [
    "rddPairAggregate/countApproxDistinctByKey by precisions",
    (sc) => {
      const pairs = sc
        .parallelize(range(0, 500), 3)
        .map((n): [boolean, string] => [n % 2 === 0, `value ${n % 170}`]);
      return [
        parts(pairs.countApproxDistinctByKey(4, 0, new HashPartitioner(2))),
        parts(pairs.countApproxDistinctByKey(8, 20, new HashPartitioner(1))),
      ];
    },
  ],
  [
    "rddPairAggregate/countApproxDistinctByKey of a low precision",
    (sc) => words(sc).countApproxDistinctByKey(3, 0, new HashPartitioner(2)),
  ],
  [
    "rddPairAggregate/countApproxDistinctByKey of a high sparse precision",
    (sc) => words(sc).countApproxDistinctByKey(5, 33, new HashPartitioner(2)),
  ],
  [
    "rddPairAggregate/countApproxDistinctByKey of a sparse precision below",
    (sc) => words(sc).countApproxDistinctByKey(9, 8, new HashPartitioner(2)),
  ],
  [
    "rddPairAggregate/countApproxDistinctByKey of too high an accuracy",
    (sc) => words(sc).countApproxDistinctByKey(0.00001),
  ],
  [
    "rddPairAggregate/combineByKey",
    (sc) => {
      const told = words(sc).combineByKey(create, next, meet);
      return [parts(told), lineage(told)];
    },
  ],
  [
    "rddPairAggregate/combineByKey(..., 4)",
    (sc) => parts(words(sc).combineByKey(create, next, meet, 4)),
  ],
  [
    "rddPairAggregate/combineByKey without combining on the map side",
    (sc) => {
      const told = words(sc).combineByKey(create, next, meet, new HashPartitioner(2), false);
      return [parts(told), lineage(told)];
    },
  ],
  [
    "rddPairAggregate/combineByKey of what is partitioned so already",
    (sc) => {
      const placed = words(sc).partitionBy(new HashPartitioner(3));
      const told = placed.combineByKey(create, next, meet, new HashPartitioner(3));
      return [parts(told), lineage(told)];
    },
  ],
  [
    "rddPairAggregate/combineByKeyWithClassTag",
    (sc) => {
      const sums = words(sc).combineByKeyWithClassTag(
        (n) => n,
        add,
        (a, b) => a * b,
        new ByLength(2),
      );
      return [parts(sums), lineage(sums)];
    },
  ],
];

const local: RddPrograms = [
  ["rddPairAggregate/reduceByKeyLocally", (sc) => words(sc).reduceByKeyLocally(add)],
  [
    "rddPairAggregate/reduceByKeyLocally in the order of its table",
    (sc) => {
      const pairs = sc
        .parallelize(range(0, 40), 1)
        .map((n): [string, number] => [`key-${(n * 37) % 40}`, n]);
      return [
        [...pairs.reduceByKeyLocally(add)].map(scalaText),
        [...words(sc, 1).reduceByKeyLocally(add)].map(scalaText),
      ];
    },
  ],
  [
    "rddPairAggregate/reduceByKeyLocally of null values",
    (sc) => {
      const pairs = pairsOf<string | null, string | null>(
        sc,
        [
          ["a", null],
          ["a", "1"],
          ["a", "2"],
          ["b", null],
          [null, "3"],
          [null, "4"],
        ],
        1,
      );
      return pairs.reduceByKeyLocally(plus);
    },
  ],
  [
    "rddPairAggregate/reduceByKeyLocally of no records",
    (sc) =>
      words(sc)
        .filter(() => false)
        .reduceByKeyLocally(add),
  ],
  [
    "rddPairAggregate/reduceByKeyLocally of no partitions",
    (sc) => sc.emptyRDD<[string, number]>().reduceByKeyLocally(add),
  ],
  [
    "rddPairAggregate/countByKey",
    (sc) => {
      const nulls = pairsOf<string | null, number>(
        sc,
        [
          [null, 1],
          ["a", 2],
          [null, 3],
        ],
        2,
      );
      const nothing = sc.emptyRDD<[number, number]>();
      return [words(sc).countByKey(), nulls.countByKey(), nothing.countByKey()];
    },
  ],
  [
    "rddPairAggregate/countByKeyApprox",
    (sc) => {
      const pairs = words(sc);
      const counts = pairs.countByKeyApprox(100000).getFinalValue();
      const means = new Map([...counts].map(([word, { mean }]) => [word, mean]));
      return [means, lineage(pairs.mapValues((n) => n + 1))];
    },
  ],
  [
    "rddPairAggregate/countByKeyApprox with a confidence above 1",
    (sc) => words(sc).countByKeyApprox(1000, 1.5),
  ],
  [
    "rddPairAggregate/collectAsMap keeps the last value of a key",
    (sc) => [words(sc).collectAsMap(), sc.emptyRDD<[number, number]>().collectAsMap()],
  ],
  [
    "rddPairAggregate/collectAsMap of keys that are pairs",
    (sc) =>
      pairsOf(
        sc,
        [
          [["a", 1], "x"],
          [["b", 1], "y"],
          [["a", 1], "z"],
        ],
        2,
      ).collectAsMap(),
  ],
  [
    "rddPairAggregate/RDDs that countByKey and reduceByKeyLocally make",
    (sc) => {
      const pairs = words(sc);
      pairs.countByKey();
      const second = pairs.mapValues((n) => n + 1);
      pairs.reduceByKeyLocally(add);
      return [...lineage(second), ...lineage(pairs.mapValues((n) => n + 1))];
    },
  ],
];

function push(list: number[], n: number): number[] {
  list.push(n);
  return list;
}

function concat(a: number[], b: number[]): number[] {
  a.push(...b);
  return a;
}

export const rddPairAggregate: RddPrograms = [...aggregate, ...local];
