// What `print` writes of streams: what StreamPrinting.scala runs under the same names.
import { None, type Option, Seconds, Some, type State, StateSpec } from "streamscope";
import { add, pairs, type Programs } from "./given.ts";

export const streamPrinting: Programs = [
  [
    "streamPrinting/nested records, 9 to 30 of them",
    (given) =>
      given
        .input<number>()
        .map((n) => [
          [n, `n${n}`],
          [n % 2 === 0, [n + 0.5, null]],
        ])
        .print(),
  ],
  [
    "streamPrinting/print(1), print(11) and print(100)",
    (given) => {
      const stream = given.input<number>();
      stream.print(1);
      stream.print(11);
      stream.print(100);
    },
  ],
  [
    "streamPrinting/Some, None and what holds them",
    (given) => {
      const stream = given.input<number>();
      stream.map((n): Option<number> => (n % 3 === 0 ? None : Some(n))).print();
      stream.map((n) => [n, Some([n, None]), Some(Some("text"))]).print(3);
    },
  ],
  [
    "streamPrinting/lists, maps and sets",
    (given) => {
      const stream = given.input<number>();
      stream.map((n) => Array.from({ length: n % 2 }, () => n)).print();
      stream.map((n) => new Map([["n", n]])).print(2);
      stream.map((n) => new Set([n])).print(2);
    },
  ],
  [
    "streamPrinting/groups of a window",
    (given) => pairs(given.input<string>()).groupByKeyAndWindow(Seconds(2)).print(),
  ],
  [
    "streamPrinting/a window of one partition per batch",
    (given) =>
      given
        .input<number>()
        .repartition(1)
        .window(Seconds(3))
        .map((n) => [n, n])
        .print(5),
  ],
  [
    "streamPrinting/counts and reductions",
    (given) => {
      const stream = given.input<number>();
      stream.count().print();
      stream.reduce(add).print();
      stream.countByWindow(Seconds(2), Seconds(1)).print();
      const small = stream.map((n) => n % 3);
      small.countByValue().print();
      stream
        .map((n) => n % 3)
        .countByValueAndWindow(Seconds(2), Seconds(2))
        .print();
    },
  ],
  [
    "streamPrinting/several outputs of a batch, in their order",
    (given) => {
      const stream = given.input<number>();
      for (const name of ["first", "second", "third"]) stream.map((n) => `${name} ${n}`).print(1);
    },
  ],
  [
    "streamPrinting/state and its snapshots",
    (given) => {
      const spec = StateSpec.function(
        (key: string, one: Option<number>, state: State<readonly [number, string]>) => {
          const [count, text] = state.getOption().getOrElse([0, ""]);
          state.update([count + one.get, text + key.charAt(0)]);
          return [key, one, state.getOption()];
        },
      );
      const stream = pairs(given.input<string>()).mapWithState(spec);
      stream.print();
      stream.stateSnapshots().print();
    },
  ],
  [
    "streamPrinting/updateStateByKey",
    (given) =>
      pairs(given.input<string>())
        .updateStateByKey<readonly [number, Option<string>]>((ones, state) => {
          const [count, text] = state ?? [0, None];
          const grown = ones.length === 0 ? text : Some(`${text.getOrElse("")}${ones.length}`);
          return [count + ones.reduce(add, 0), grown];
        })
        .print(),
  ],
  [
    "streamPrinting/partitions far apart",
    (given) => {
      const spark = given.ssc.sparkContext;
      const numbers = Array.from({ length: 27 }, (_, n) => n);
      given
        .input<number>()
        .transform((rdd) => {
          const [from = 0] = rdd.collect();
          return spark.makeRDD(numbers, 27).filter((n) => n >= from && n % 3 === 0);
        })
        .print(4);
    },
  ],
];
