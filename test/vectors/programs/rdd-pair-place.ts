// Where keys go, and what is found there: what RddPairPlace.scala runs under the same names.
import { HashPartitioner, None, Some } from "streamscope";
import { add, lineage, type RddPrograms } from "./given.ts";
import {
  ByLength,
  causeOf,
  Counting,
  everything,
  left,
  linesOf,
  nothing,
  pairsOf,
  parts,
  range,
  words,
} from "./rdd-pairs.ts";

type Text = string | null;

const placed: RddPrograms = [
  [
    "rddPairPlace/partitionBy a hash partitioner",
    (sc) => linesOf(words(sc).partitionBy(new HashPartitioner(4))),
  ],
  [
    "rddPairPlace/partitionBy a partitioner of one's own",
    (sc) => linesOf(words(sc).partitionBy(new ByLength(3))),
  ],
  [
    "rddPairPlace/partitionBy an equal partitioner is the same RDD",
    (sc) => {
      const hashed = words(sc).partitionBy(new HashPartitioner(3));
      const again = hashed.partitionBy(new HashPartitioner(3));
      const own = words(sc).partitionBy(new ByLength(3));
      return [
        again === hashed,
        own.partitionBy(new ByLength(3)) === own,
        own.partitionBy(new ByLength(2)) === own,
        lineage(again),
      ];
    },
  ],
  [
    "rddPairPlace/partitionBy another partitioner shuffles again",
    (sc) => {
      const to0 = everything(0, 3);
      const all = words(sc).partitionBy(to0);
      return [
        all.partitionBy(to0) === all,
        lineage(all.partitionBy(everything(0, 3))),
        lineage(all.partitionBy(new HashPartitioner(3))),
      ];
    },
  ],
  [
    "rddPairPlace/partitionBy of null keys",
    (sc) => {
      const nulls = pairsOf<Text, number>(
        sc,
        [
          ["b", 1],
          [null, 2],
          ["a", 3],
        ],
        2,
      );
      return parts(nulls.partitionBy(new HashPartitioner(4)));
    },
  ],
  [
    "rddPairPlace/partitionBy of no records and over no partition",
    (sc) => [
      parts(nothing(words(sc)).partitionBy(new HashPartitioner(2))),
      parts(words(sc).partitionBy(new HashPartitioner(0))),
    ],
  ],
  [
    "rddPairPlace/a partitioner that puts a key nowhere",
    (sc) =>
      [-1, 2, 7].map((to) => causeOf(() => words(sc).partitionBy(everything(to, 2)).collect())),
  ],
  [
    "rddPairPlace/a partitioner that fails",
    (sc) =>
      causeOf(() =>
        pairsOf(sc, [["be", 1]], 1)
          .partitionBy({
            numPartitions: 2,
            getPartition: (key) => {
              throw new Error(`java.lang.IllegalArgumentException: not ${String(key)}`);
            },
          })
          .collect(),
      ),
  ],
  ["rddPairPlace/a hash partitioner of less than no partition", () => new HashPartitioner(-3)],
  [
    "rddPairPlace/where a hash partitioner puts keys",
    () => {
      const seven = new HashPartitioner(7);
      const keys = ["", "kafka", "spark", null, 0, -1, 12345678901, true, 0.5, ["a", 1], Some("a")];
      return [...keys, None].map((key) => seven.getPartition(key));
    },
  ],
  [
    "rddPairPlace/which partitioners are equal",
    () => {
      const three = new HashPartitioner(3);
      return [
        three.equals(new HashPartitioner(3)),
        three.equals(new HashPartitioner(4)),
        three.equals(new ByLength(3)),
        new ByLength(3).equals(three),
      ];
    },
  ],
  [
    "rddPairPlace/reduceByKey after partitionBy stays in place",
    (sc) => {
      const byLength = words(sc).partitionBy(new ByLength(2));
      const sums = byLength.reduceByKey(add);
      return [...linesOf(sums), lineage(byLength.reduceByKey(new ByLength(2), add))];
    },
  ],
];

const values: RddPrograms = [
  [
    "rddPairPlace/keys and values",
    (sc) => {
      const pairs = left(sc);
      return [
        parts(pairs.keys()),
        parts(pairs.values()),
        lineage(pairs.keys()),
        lineage(pairs.values()),
      ];
    },
  ],
  [
    "rddPairPlace/mapValues",
    (sc) => {
      const mapped = words(sc)
        .partitionBy(new HashPartitioner(2))
        .mapValues((n) => `<${n}>`);
      return [...linesOf(mapped), lineage(mapped.groupByKey())];
    },
  ],
  [
    "rddPairPlace/flatMapValues",
    (sc) => linesOf(left(sc).flatMapValues((n) => range(1, Math.max(1, n)))),
  ],
  [
    "rddPairPlace/flatMapValues keeps the partitioner",
    (sc) => {
      const twice = words(sc)
        .partitionBy(new HashPartitioner(2))
        .flatMapValues((n) => [n, n]);
      return [parts(twice), lineage(twice.reduceByKey(add))];
    },
  ],
  [
    "rddPairPlace/mapValues and flatMapValues whose function fails",
    (sc) => {
      const fail = (n: number): number[] => {
        throw new Error(`java.lang.IllegalStateException: no ${n}`);
      };
      const first = pairsOf(sc, [["a", 1]], 1);
      return [
        causeOf(() => first.mapValues(fail).collect()),
        causeOf(() => first.flatMapValues(fail).collect()),
      ];
    },
  ],
];

const lookups: RddPrograms = [
  [
    "rddPairPlace/lookup",
    (sc) => ["to", "be", "mind", "nowhere"].map((word) => words(sc).lookup(word)),
  ],
  [
    "rddPairPlace/lookup where a partitioner says the partition computes it alone",
    (sc) => {
      const counting = new Counting();
      const spread = counting.of(words(sc));
      const hashed = counting.of(words(sc).partitionBy(new HashPartitioner(5)));
      const own = counting.of(words(sc).partitionBy(new ByLength(3)));
      return [
        spread.lookup("to"),
        counting.take(),
        hashed.lookup("to"),
        counting.take(),
        own.lookup("to"),
        counting.take(),
        hashed.lookup("nowhere"),
        counting.take(),
      ];
    },
  ],
  [
    "rddPairPlace/lookup of null, of numbers and of pairs",
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
      const numbers = pairsOf(
        sc,
        [
          [1, "x"],
          [2, "y"],
          [1, "z"],
        ],
        2,
      );
      const pairs = pairsOf<[string, number], string>(
        sc,
        [
          [["a", 1], "x"],
          [["a", 2], "y"],
          [["a", 1], "z"],
        ],
        2,
      );
      return [
        nulls.lookup(null),
        nulls.partitionBy(new HashPartitioner(3)).lookup(null),
        numbers.lookup(1),
        pairs.lookup(["a", 1]),
        pairs.partitionBy(new HashPartitioner(3)).lookup(["a", 1]),
      ];
    },
  ],
  [
    "rddPairPlace/lookup in no records",
    (sc) => [nothing(words(sc)).lookup("to"), sc.emptyRDD<[string, number]>().lookup("to")],
  ],
  [
    "rddPairPlace/lookup makes two RDDs unless there is a partitioner",
    (sc) => {
      const pairs = words(sc);
      pairs.lookup("to");
      const hashed = pairs.partitionBy(new HashPartitioner(2));
      hashed.lookup("to");
      return lineage(hashed.mapValues((n) => n + 1));
    },
  ],
];

export const rddPairPlace: RddPrograms = [...placed, ...values, ...lookups];
