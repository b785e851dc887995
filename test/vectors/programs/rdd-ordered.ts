// Keys with an order, sorted: what RddOrdered.scala runs under the same names.
import { None, type Option, type RDD, Some, type SparkContext } from "streamscope";
import { lineage, type RddPrograms } from "./given.ts";
import { Counting, linesOf, nothing, parts, range, words } from "./rdd-pairs.ts";

/** A fixed shuffle of the numbers below `count`, each with its place. */
export function mixed(sc: SparkContext, count: number, slices: number): RDD<[number, number]> {
  return sc.parallelize(range(0, count), slices).map((n) => [(n * 7919) % count, n]);
}

/** For many records: how many are in each partition, and its first and last. */
function ends(rdd: RDD<[number, number]>): unknown[] {
  return rdd
    .glom()
    .collect()
    .map((part) => [part.length, part.at(0) ?? null, part.at(-1) ?? null]);
}

/** Each with its place. */
function placed<K>(sc: SparkContext, keys: readonly K[], slices: number): RDD<[K, number]> {
  return sc.parallelize(
    keys.map((key, place): [K, number] => [key, place]),
    slices,
  );
}

/** Some partitions hold 800 records, the others one or two. */
function lopsided(sc: SparkContext): RDD<[number, number]> {
  return sc
    .parallelize(range(0, 10), 5)
    .flatMap((n): [number, number][] =>
      n < 2 ? range(0, 800).map((i) => [(i * 7919) % 1601, n]) : [[n, n]],
    );
}

const sorts: RddPrograms = [
  ["rddOrdered/sortByKey", (sc) => linesOf(words(sc).sortByKey())],
  ["rddOrdered/sortByKey(false)", (sc) => linesOf(words(sc).sortByKey(false))],
  [
    "rddOrdered/sortByKey over 1, 2, 5 and 40 partitions",
    (sc) => [1, 2, 5, 40].map((n) => parts(words(sc).sortByKey(true, n))),
  ],
  [
    "rddOrdered/sortByKey(false, n) over 1, 2, 5 and 40 partitions",
    (sc) => [1, 2, 5, 40].map((n) => parts(words(sc).sortByKey(false, n))),
  ],
  [
    "rddOrdered/sortByKey over one partition takes no sample",
    (sc) => {
      const counting = new Counting();
      const pairs = counting.of(words(sc));
      const one = pairs.sortByKey(true, 1);
      const none = counting.take();
      const three = pairs.sortByKey(true, 3);
      return [none, counting.take(), lineage(one), lineage(three)];
    },
  ],
  ["rddOrdered/sortByKey over no partition", (sc) => parts(words(sc).sortByKey(true, 0))],
  ["rddOrdered/sortByKey over less than no partition", (sc) => words(sc).sortByKey(true, -2)],
  [
    "rddOrdered/sortByKey of no records",
    (sc) => {
      const none = nothing(words(sc)).sortByKey();
      const nowhere = sc.emptyRDD<[number, number]>().sortByKey();
      return [parts(none), parts(nowhere), lineage(none), lineage(nowhere)];
    },
  ],
  [
    "rddOrdered/sortByKey of one key",
    (sc) => {
      const same = sc.parallelize(range(0, 9), 3).map((n): [string, number] => ["k", n]);
      return [parts(same.sortByKey()), parts(same.sortByKey(false))];
    },
  ],
  [
    "rddOrdered/sortByKey keeps equal keys in the order they came",
    (sc) => {
      const few = sc.parallelize(range(0, 30), 4).map((n): [number, number] => [n % 3, n]);
      return [few.sortByKey(), few.sortByKey(false), few.sortByKey(true, 2)].map(parts);
    },
  ],
  [
    "rddOrdered/sortByKey of a key with most of the records",
    (sc) => {
      const skewed = sc
        .parallelize(range(0, 60), 3)
        .map((n): [number, number] => [n % 6 === 0 ? n : 7, n]);
      return parts(skewed.sortByKey(true, 4));
    },
  ],
  [
    "rddOrdered/sortByKey after a sample of 3000 keys",
    (sc) => {
      const sorted = mixed(sc, 3000, 3).sortByKey();
      return [ends(sorted), ends(mixed(sc, 3000, 3).sortByKey(false, 7))];
    },
  ],
  [
    "rddOrdered/sortByKey after a sample of 2000 keys over 30 partitions",
    (sc) => ends(mixed(sc, 2000, 4).sortByKey(true, 30)),
  ],
  [
    "rddOrdered/sortByKey over 200 partitions",
    (sc) => ends(mixed(sc, 1000, 2).sortByKey(true, 200)),
  ],
  [
    "rddOrdered/sortByKey of partitions far from equally full",
    (sc) => {
      const pairs = lopsided(sc);
      return [ends(pairs.sortByKey()), ends(pairs.sortByKey(false, 3)), lineage(pairs.sortByKey())];
    },
  ],
  [
    "rddOrdered/sortByKey of one full partition among many",
    (sc) => {
      const pairs = sc
        .parallelize(range(0, 20), 20)
        .flatMap((n): [number, number][] =>
          n === 7 ? range(0, 5000).map((i) => [(i * 7919) % 5003, n]) : [[-n, n]],
        );
      return ends(pairs.sortByKey(true, 4));
    },
  ],
  [
    "rddOrdered/sortByKey twice",
    (sc) => {
      const swapped = words(sc)
        .sortByKey()
        .map(([word, place]): [number, string] => [place, word]);
      return linesOf(swapped.sortByKey(false));
    },
  ],
];

const orders: RddPrograms = [
  [
    "rddOrdered/order of texts",
    (sc) => {
      const texts = ["b", "", "B", "a", "\u00e9", "aa", "Z", "_", "10", "9", "\ud83d\ude00"];
      const keys = [...texts, "\uff5e", "\u4e2d"];
      const zeros = sc.parallelize(
        keys.map((text): [string, number] => [text, 0]),
        3,
      );
      return parts(zeros.sortByKey(true, 3));
    },
  ],
  [
    "rddOrdered/order of numbers",
    (sc) => {
      const doubles = [0.5, -1e300, 1e-9, Number.NaN, Infinity, -0.25, 2.5, -Infinity];
      const longs = [2 ** 40, -1, 0, -(2 ** 50), 7];
      const [some, others] = [doubles, longs].map((keys) =>
        keys.map((key): [number, number] => [key, 0]),
      );
      return [
        parts(sc.parallelize(some ?? [], 3).sortByKey()),
        parts(sc.parallelize(others ?? [], 2).sortByKey(false)),
      ];
    },
  ],
  [
    "rddOrdered/order of truths, of pairs and of options",
    (sc) => {
      const truths = placed(sc, [true, false, true, false], 2);
      const pairs = placed<[string, number]>(
        sc,
        [
          ["b", 2],
          ["a", 9],
          ["b", 1],
          ["a", 10],
        ],
        2,
      );
      const triples = placed<[number, string, boolean]>(
        sc,
        [
          [1, "b", true],
          [1, "b", false],
          [0, "z", true],
        ],
        2,
      );
      const options = placed<Option<number>>(sc, [Some(2), None, Some(1), None], 2);
      return [
        parts(truths.sortByKey()),
        parts(pairs.sortByKey()),
        parts(triples.sortByKey()),
        parts(options.sortByKey()),
      ];
    },
  ],
  [
    "rddOrdered/sortByKey by an order of one's own",
    (sc) => {
      const byLength = (a: string, b: string): number =>
        a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
      return [
        parts(words(sc).sortByKey(true, 3, byLength)),
        parts(words(sc).sortByKey(false, 2, byLength)),
      ];
    },
  ],
  [
    "rddOrdered/sortByKey by an order that takes keys as equal",
    (sc) => parts(words(sc).sortByKey(true, 4, (a, b) => a.length - b.length)),
  ],
];

export const rddOrdered: RddPrograms = [...sorts, ...orders];
