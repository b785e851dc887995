// Keyed RDDs side by side: what RddPairJoin.scala runs under the same names.
import { HashPartitioner } from "streamscope";
import { add, lineage, type RddPrograms } from "./given.ts";
import {
  ByLength,
  everything,
  left,
  linesOf,
  nothing,
  pairsOf,
  parts,
  range,
  right,
  words,
} from "./rdd-pairs.ts";

type Text = string | null;

const groups: RddPrograms = [
  ["rddPairJoin/cogroup of two", (sc) => linesOf(left(sc).cogroup(right(sc)))],
  [
    "rddPairJoin/cogroup of three",
    (sc) => {
      const [some, others] = [left(sc), right(sc)];
      return linesOf(
        some.cogroup(
          others,
          words(sc).filter(([word]) => word.length === 2),
        ),
      );
    },
  ],
  [
    "rddPairJoin/cogroup of four",
    (sc) => {
      const [some, others] = [left(sc), right(sc)];
      return linesOf(
        some.cogroup(
          others,
          left(sc).mapValues((n) => n + 10),
          right(sc),
        ),
      );
    },
  ],
  [
    "rddPairJoin/cogroup(other, 4) and (other, partitioner)",
    (sc) => {
      const four = left(sc).cogroup(right(sc), 4);
      const one = left(sc).cogroup(right(sc), everything(1, 2));
      return [...linesOf(four), ...linesOf(one)];
    },
  ],
  [
    "rddPairJoin/cogroup of three and of four over 3 partitions",
    (sc) => [
      parts(left(sc).cogroup(right(sc), left(sc), 3)),
      parts(left(sc).cogroup(right(sc), left(sc), right(sc), 3)),
    ],
  ],
  [
    "rddPairJoin/cogroup of three and of four by a partitioner",
    (sc) => [
      parts(left(sc).cogroup(right(sc), left(sc), new ByLength(1))),
      parts(left(sc).cogroup(right(sc), left(sc), right(sc), new ByLength(1))),
    ],
  ],
  [
    "rddPairJoin/groupWith one, two and three",
    (sc) => {
      const one = left(sc).groupWith(right(sc));
      const two = left(sc).groupWith(right(sc), right(sc));
      const three = left(sc).groupWith(right(sc), right(sc), left(sc));
      return [...linesOf(one), ...linesOf(two), ...linesOf(three)];
    },
  ],
  [
    "rddPairJoin/cogroup of itself",
    (sc) => {
      const pairs = left(sc);
      return linesOf(pairs.cogroup(pairs));
    },
  ],
  [
    "rddPairJoin/cogroup with null keys and null values",
    (sc) => {
      const some = pairsOf<Text, Text>(
        sc,
        [
          [null, "n"],
          ["a", null],
        ],
        2,
      );
      const others = pairsOf<Text, number>(
        sc,
        [
          [null, 1],
          ["b", 2],
          [null, 3],
        ],
        2,
      );
      return parts(some.cogroup(others));
    },
  ],
  [
    "rddPairJoin/cogroup with no records on a side",
    (sc) => {
      const none = right(sc).filter(() => false);
      const nowhere = sc.emptyRDD<[string, string]>();
      return [
        parts(left(sc).cogroup(none)),
        parts(none.cogroup(left(sc))),
        parts(none.cogroup(none)),
        parts(left(sc).cogroup(nowhere)),
        lineage(left(sc).cogroup(nowhere)),
      ];
    },
  ],
  [
    "rddPairJoin/cogroup of 150 keys",
    (sc) => {
      const some = sc.parallelize(range(0, 150), 3).map((n): [string, number] => [`k${n}`, n]);
      const others = sc.parallelize(range(100, 250), 2).map((n): [string, number] => [`k${n}`, -n]);
      return parts(some.cogroup(others, 2));
    },
  ],
];

const joins: RddPrograms = [
  ["rddPairJoin/join pairs each value with each", (sc) => linesOf(left(sc).join(right(sc)))],
  [
    "rddPairJoin/join(other, 4) and (other, partitioner)",
    (sc) => {
      const four = left(sc).join(right(sc), 4);
      const one = left(sc).join(right(sc), everything(0, 1));
      return [...linesOf(four), ...linesOf(one)];
    },
  ],
  [
    "rddPairJoin/join of itself",
    (sc) => {
      const pairs = words(sc).filter(([word]) => word.length === 2);
      return linesOf(pairs.join(pairs));
    },
  ],
  ["rddPairJoin/leftOuterJoin", (sc) => linesOf(left(sc).leftOuterJoin(right(sc)))],
  ["rddPairJoin/rightOuterJoin", (sc) => linesOf(left(sc).rightOuterJoin(right(sc)))],
  ["rddPairJoin/fullOuterJoin", (sc) => linesOf(left(sc).fullOuterJoin(right(sc)))],
  [
    "rddPairJoin/outer joins over 4 partitions",
    (sc) => [
      parts(left(sc).leftOuterJoin(right(sc), 4)),
      parts(left(sc).rightOuterJoin(right(sc), 4)),
      parts(left(sc).fullOuterJoin(right(sc), 4)),
    ],
  ],
  [
    "rddPairJoin/outer joins by a partitioner",
    (sc) => {
      const by = everything(1, 2);
      return [
        parts(left(sc).leftOuterJoin(right(sc), by)),
        parts(left(sc).rightOuterJoin(right(sc), by)),
        parts(left(sc).fullOuterJoin(right(sc), by)),
      ];
    },
  ],
  [
    "rddPairJoin/outer joins tell a null from nothing",
    (sc) => {
      const some = pairsOf<Text, Text>(
        sc,
        [
          [null, null],
          ["a", null],
          ["b", "1"],
        ],
        2,
      );
      const others = pairsOf<Text, Text>(
        sc,
        [
          ["a", null],
          [null, "2"],
          ["c", null],
        ],
        2,
      );
      return [
        parts(some.leftOuterJoin(others)),
        parts(some.rightOuterJoin(others)),
        parts(some.fullOuterJoin(others)),
        parts(some.join(others)),
      ];
    },
  ],
  [
    "rddPairJoin/joins with no records on a side",
    (sc) => {
      const none = right(sc).filter(() => false);
      return [
        parts(left(sc).join(none)),
        parts(left(sc).leftOuterJoin(none)),
        parts(left(sc).rightOuterJoin(none)),
        parts(left(sc).fullOuterJoin(none)),
        parts(none.fullOuterJoin(left(sc))),
        parts(none.fullOuterJoin(none)),
      ];
    },
  ],
  [
    "rddPairJoin/outer joins of RDDs partitioned alike",
    (sc) => {
      const both = new HashPartitioner(2);
      const one = left(sc).partitionBy(both);
      const other = right(sc).partitionBy(both);
      return [
        lineage(one.leftOuterJoin(other)),
        lineage(one.rightOuterJoin(other)),
        lineage(one.fullOuterJoin(other)),
      ];
    },
  ],
  [
    "rddPairJoin/what an outer join's options are used for",
    (sc) => {
      const joined = left(sc).leftOuterJoin(right(sc));
      return [
        parts(joined.mapValues(([n, text]) => `${n} ${text.getOrElse("-")}`)),
        parts(joined.filter(([, [, text]]) => text.isEmpty)),
        parts(joined.mapValues(([, text]) => text.map((some) => some.toUpperCase()))),
      ];
    },
  ],
  [
    "rddPairJoin/an outer join counted by its options",
    (sc) => {
      const both = left(sc).fullOuterJoin(right(sc));
      return parts(both.map(([, sides]) => [sides, 1] as const).reduceByKey(add));
    },
  ],
];

const subtracts: RddPrograms = [
  [
    "rddPairJoin/subtractByKey keeps what is there more than once",
    (sc) =>
      linesOf(
        words(sc).subtractByKey(
          pairsOf(
            sc,
            [
              ["be", 1],
              ["or", 2],
            ],
            2,
          ),
        ),
      ),
  ],
  [
    "rddPairJoin/subtractByKey(other, 4) and (other, partitioner)",
    (sc) => {
      const four = words(sc).subtractByKey(right(sc), 4);
      const byLength = words(sc).subtractByKey(right(sc), new ByLength(2));
      return [...linesOf(four), ...linesOf(byLength)];
    },
  ],
  [
    "rddPairJoin/subtractByKey from what is partitioned",
    (sc) => linesOf(left(sc).partitionBy(new HashPartitioner(3)).subtractByKey(right(sc))),
  ],
  [
    "rddPairJoin/subtractByKey of what is partitioned",
    (sc) => linesOf(left(sc).subtractByKey(right(sc).partitionBy(new HashPartitioner(2)))),
  ],
  [
    "rddPairJoin/subtractByKey of nothing from 300 texts",
    (sc) => {
      const many = sc
        .parallelize(range(0, 300), 4)
        .map((n): [string, number] => [`key ${(n * 17) % 211}`, n]);
      return parts(many.subtractByKey(sc.emptyRDD<[string, number]>(), 2));
    },
  ],
  [
    "rddPairJoin/subtractByKey from keys that meet in the table",
    (sc) => {
      const far = sc
        .parallelize(range(0, 60), 2)
        .map((n): [number, number] => [(n % 20) * 65536 + (n % 3), n]);
      return parts(far.subtractByKey(pairsOf(sc, [[65537, 0]], 1), 1));
    },
  ],
  [
    "rddPairJoin/subtractByKey with null keys",
    (sc) => {
      const nulls = pairsOf<Text, number>(
        sc,
        [
          [null, 1],
          ["a", 2],
          [null, 3],
        ],
        2,
      );
      return [
        parts(nulls.subtractByKey(right(sc))),
        parts(left(sc).subtractByKey(nulls)),
        parts(nulls.subtractByKey(nulls)),
      ];
    },
  ],
  [
    "rddPairJoin/subtractByKey from no records",
    (sc) => [
      parts(nothing(left(sc)).subtractByKey(right(sc))),
      parts(sc.emptyRDD<[string, number]>().subtractByKey(right(sc))),
    ],
  ],
];

export const rddPairJoin: RddPrograms = [...groups, ...joins, ...subtracts];
