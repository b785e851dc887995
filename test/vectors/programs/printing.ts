// What is printed, in which order records come, and where keys are placed.
import { Seconds } from "streamscope";
import { add, counts, pairs, type Programs, runningCount, subtract } from "./given.ts";

const range = (until: number): number[] => Array.from({ length: until }, (_, n) => n);

export const printing: Programs = [
  ["print/no record, 1, 10, 11, 20", (given) => given.input<number>().print()],
  [
    "print/print(0), print(1) and print(3)",
    (given) => {
      const stream = given.input<number>();
      stream.print(0);
      stream.print(1);
      stream.print(3);
    },
  ],
  ["print/numbers, booleans and null", (given) => given.input<unknown>().print()],
  ["print/text is written as it is", (given) => given.input<string>().print()],
  [
    "print/tuples, nested, with null and doubles",
    (given) => {
      const stream = given.input<string>();
      stream.map((word) => [word, word.length]).print();
      stream
        .map((word) => [
          [word, 1],
          [word.length, [null, 0.5], true],
        ])
        .print(2);
    },
  ],
  [
    "print/groups",
    (given) => {
      const stream = given.input<string>();
      const byLength = stream.map((word) => [word.length, word] as const);
      byLength.groupByKey().print();
      stream
        .transform((rdd) => rdd.map((word) => [word.length, word] as const).groupByKey())
        .print();
      stream
        .transform((rdd) =>
          rdd.map((word) => [word, 1] as const).cogroup(rdd.map((word) => [word, 2] as const)),
        )
        .print();
      const twos = stream.map((word) => [2, word] as const);
      stream
        .map((word) => [word.length, word] as const)
        .join(twos)
        .print();
    },
  ],
  [
    "print/take scans more partitions when it finds little",
    (given) => {
      const spread = given.input<number>().transform((rdd) => {
        const [from = 0] = rdd.collect();
        return given.ssc.sparkContext.makeRDD(range(40), 40).filter((n) => n >= from);
      });
      spread.print();
      spread.print(2);
      given.value(spread, (rdd) => rdd.take(5));
      given.value(spread, (rdd) => rdd.isEmpty());
    },
  ],
];

export const order: Programs = [
  ...[1, 2, 3].flatMap((n): Programs => [
    [
      `order/reduceByKey of few words, parallelism ${n}`,
      (given) => {
        const words = given.input<string>();
        given.partitions(counts(words));
        counts(words).print();
      },
    ],
    [
      `order/reduceByKey of 100 names, parallelism ${n}`,
      (given) => {
        const names = given.input<string>();
        given.partitions(counts(names));
        counts(names).print(50);
      },
    ],
    [
      `order/reduceByKey of 300 integers, parallelism ${n}`,
      (given) => given.partitions(counts(given.input<number>())),
    ],
  ]),
  [
    "order/groupByKey of 100 names",
    (given) => {
      const names = given.input<string>();
      given.partitions(names.map((name) => [name, name.length] as const).groupByKey());
      given.partitions(
        names.transform((rdd) => rdd.map((name) => [name, name.length] as const).groupByKey()),
      );
    },
  ],
  [
    "order/groupByKey of pairs",
    (given) =>
      given.partitions(
        given
          .input<number>()
          .map((n) => [[n % 7, `k${n % 10}`], n] as const)
          .groupByKey(3),
      ),
  ],
  [
    "order/join of 100 names",
    (given) => {
      const names = given.input<string>();
      given.partitions(pairs(names).join(names.map((name) => [name, name.slice(-1)] as const)));
    },
  ],
  [
    "order/countByValue of mixed keys",
    (given) => given.partitions(given.input<unknown>().countByValue()),
  ],
  [
    "order/reduceByKey where keys are partitioned already",
    (given) => {
      const names = given.input<string>();
      const plusOne = (count: number): number => count + 1;
      given.partitions(
        counts(names)
          .map((pair) => pair)
          .mapValues(plusOne)
          .reduceByKey(add),
      );
      given.partitions(counts(names).mapValues(plusOne).reduceByKey(add));
    },
  ],
  [
    "order/updateStateByKey of 100 names",
    (given) => given.partitions(pairs(given.input<string>()).updateStateByKey(runningCount)),
  ],
  [
    "order/inverse window of 100 names",
    (given) =>
      given.partitions(
        pairs(given.input<string>()).reduceByKeyAndWindow(add, subtract, Seconds(2)),
      ),
  ],
];

const keyKinds = [
  "strings",
  "integers",
  "longs",
  "doubles",
  "booleans and null",
  "pairs",
  "triples and nested pairs",
];

export const placements: Programs = [
  ...keyKinds.map((kind): Programs[number] => [
    `placement/${kind}`,
    (given) => {
      const keys = given.input<unknown>();
      for (const count of [2, 3, 7]) given.partitions(pairs(keys).reduceByKey(add, count));
    },
  ]),
  [
    "placement/parallelize deals in order",
    (given) =>
      given.value(given.input<number>(), () =>
        [
          [10, 3],
          [2, 4],
          [0, 3],
          [7, 7],
          [100, 6],
        ].map(([length = 0, slices]) =>
          given.ssc.sparkContext.parallelize(range(length), slices).glom().collect(),
        ),
      ),
  ],
];
