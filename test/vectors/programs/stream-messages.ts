// Streams that cannot be, and functions that throw: what StreamMessages.scala runs.
import {
  type DStream,
  HashPartitioner,
  Milliseconds,
  type Option,
  Seconds,
  type State,
  StateSpec,
} from "streamscope";
import { add, type Given, pairs, type Programs, subtract } from "./given.ts";

/** Prints as the JVM's exception does. */
class RuntimeException extends Error {
  override readonly name = "java.lang.RuntimeException";
}

function boom(): never {
  throw new RuntimeException("boom");
}

const numbers = (given: Given): DStream<number> => given.input<number>();
const ones = (given: Given): DStream<readonly [number, number]> => pairs(given.input<number>());
const slow = (given: Given): DStream<number> => numbers(given).window(Seconds(2), Seconds(2));

const keyOf = StateSpec.function((key: number, _one: Option<number>, _state: State<number>) => key);

const afterStart: Programs = [
  [
    "streamMessages/persist after the start",
    (given) => {
      const stream = numbers(given);
      stream.foreachRDD(() => void stream.persist());
    },
  ],
  [
    "streamMessages/cache after the start of a window",
    (given) => {
      const windowed = numbers(given).window(Seconds(2));
      windowed.foreachRDD(() => void windowed.cache());
    },
  ],
  [
    "streamMessages/checkpoint after the start",
    (given) => {
      const stream = numbers(given);
      stream.foreachRDD(() => void stream.checkpoint(Seconds(2)));
    },
  ],
  [
    "streamMessages/a new stream after the start",
    (given) => {
      const stream = numbers(given);
      stream.foreachRDD(() => void stream.map((n) => n + 1));
    },
  ],
  [
    "streamMessages/a window after the start",
    (given) => {
      const stream = numbers(given);
      stream.foreachRDD(() => void stream.window(Seconds(2)));
    },
  ],
];

const atStart: Programs = [
  [
    "streamMessages/checkpoint of a window keeps only its parent",
    (given) => numbers(given).window(Seconds(2)).checkpoint(Seconds(2)).print(),
  ],
  [
    "streamMessages/checkpoint without a directory",
    (given) =>
      numbers(given)
        .map((n) => n + 1)
        .checkpoint(Seconds(2))
        .print(),
  ],
  [
    "streamMessages/mapWithState without a directory",
    (given) => ones(given).mapWithState(keyOf).print(),
  ],
  [
    "streamMessages/countByWindow without a directory",
    (given) => numbers(given).countByWindow(Seconds(2), Seconds(1)).print(),
  ],
  [
    "streamMessages/countByValueAndWindow without a directory",
    (given) => numbers(given).countByValueAndWindow(Seconds(2), Seconds(1)).print(),
  ],
  [
    "streamMessages/checkpoint interval of an inverse window below its slide",
    (given) =>
      ones(given)
        .reduceByKeyAndWindow(add, subtract, Seconds(4), Seconds(2))
        .checkpoint(Seconds(1))
        .print(),
  ],
  [
    "streamMessages/checkpoint interval of a state no multiple",
    (given) =>
      ones(given)
        .updateStateByKey<number>((_, state) => state)
        .checkpoint(Milliseconds(1500))
        .print(),
  ],
  [
    "streamMessages/checkpoint interval of mapWithState no multiple",
    (given) => ones(given).mapWithState(keyOf).checkpoint(Milliseconds(2500)).print(),
  ],
];

const durations: Programs = [
  [
    "streamMessages/countByWindow no multiple",
    (given) => numbers(given).countByWindow(Milliseconds(1500), Seconds(1)).print(),
  ],
  [
    "streamMessages/reduceByWindow no multiple",
    (given) => numbers(given).reduceByWindow(add, Milliseconds(1500), Seconds(1)).print(),
  ],
  [
    "streamMessages/reduceByWindow slide no multiple",
    (given) => numbers(given).reduceByWindow(add, Seconds(2), Milliseconds(300)).print(),
  ],
  [
    "streamMessages/groupByKeyAndWindow no multiple",
    (given) => ones(given).groupByKeyAndWindow(Milliseconds(700)).print(),
  ],
  [
    "streamMessages/window of a window no multiple",
    (given) => slow(given).window(Seconds(3)).print(),
  ],
  [
    "streamMessages/slide of a window no multiple",
    (given) => slow(given).window(Seconds(4), Seconds(3)).print(),
  ],
  [
    "streamMessages/transformWith of different slides",
    (given) => {
      const stream = numbers(given);
      const other = stream.window(Seconds(2), Seconds(2));
      stream.transformWith(other, (a, b) => a.union(b)).print();
    },
  ],
  [
    "streamMessages/cogroup of different slides",
    (given) => {
      const stream = numbers(given);
      pairs(stream)
        .cogroup(pairs(stream.window(Seconds(2), Seconds(2))))
        .print();
    },
  ],
  ["streamMessages/StreamingContext.union of nothing", (given) => given.ssc.union([]).print()],
  [
    "streamMessages/StreamingContext.union of different slides",
    (given) => {
      const stream = numbers(given);
      given.ssc.union([stream, stream.window(Seconds(2), Seconds(2))]).print();
    },
  ],
  [
    "streamMessages/StreamingContext.transform of nothing",
    (given) => given.ssc.transform([], () => given.ssc.sparkContext.emptyRDD()).print(),
  ],
  [
    "streamMessages/StreamingContext.transform of different slides",
    (given) => {
      const stream = numbers(given);
      given.ssc
        .transform([stream, stream.window(Seconds(2), Seconds(2))], ([first]) => first)
        .print();
    },
  ],
];

const others: Programs = [
  [
    "streamMessages/transformWith returns null",
    (given) => {
      // What plain JavaScript may do, and TypeScript would refuse.
      const nothing: unknown = null;
      const stream = numbers(given);
      stream.transformWith(stream, () => nothing as never).print();
    },
  ],
  ["streamMessages/fewer than no partitions", (given) => ones(given).reduceByKey(add, -1).print()],
  [
    "streamMessages/a transformed RDD persisted at two levels",
    (given) =>
      numbers(given)
        .map((n) => n + 1)
        .cache()
        .transform((rdd) => rdd)
        .persist("MEMORY_AND_DISK")
        .print(),
  ],
];

const functions: Programs = [
  ["streamMessages/map throws", (given) => numbers(given).map(boom).print()],
  ["streamMessages/flatMap throws", (given) => numbers(given).flatMap(boom).print()],
  ["streamMessages/filter throws", (given) => numbers(given).filter(boom).print()],
  ["streamMessages/mapPartitions throws", (given) => numbers(given).mapPartitions(boom).print()],
  ["streamMessages/mapValues throws", (given) => ones(given).mapValues(boom).print()],
  ["streamMessages/flatMapValues throws", (given) => ones(given).flatMapValues(boom).print()],
  ["streamMessages/reduce throws", (given) => numbers(given).reduce(boom).print()],
  [
    "streamMessages/reduceByKey throws on the map side",
    (given) => ones(given).reduceByKey(boom).print(),
  ],
  [
    "streamMessages/reduceByKey throws on the reduce side",
    (given) => ones(given).reduceByKey(boom).print(),
  ],
  [
    "streamMessages/combineByKey throws in its first function",
    (given) =>
      ones(given)
        .combineByKey(
          (): number => boom(),
          (all) => all,
          (all) => all,
          new HashPartitioner(2),
        )
        .print(),
  ],
  [
    "streamMessages/groupByKey and then mapValues throws",
    (given) => ones(given).groupByKey().mapValues(boom).print(),
  ],
  [
    "streamMessages/updateStateByKey throws",
    (given) => ones(given).updateStateByKey<number>(boom).print(),
  ],
  [
    "streamMessages/updateStateByKey throws at a key without values",
    (given) =>
      ones(given)
        .updateStateByKey<number>((values) => (values.length === 0 ? boom() : 1))
        .print(),
  ],
  [
    "streamMessages/an inverse throws",
    (given) => ones(given).reduceByKeyAndWindow(add, boom, Seconds(2), Seconds(1)).print(),
  ],
  [
    "streamMessages/a window's filter throws",
    (given) =>
      ones(given).reduceByKeyAndWindow(add, subtract, Seconds(2), Seconds(1), 2, boom).print(),
  ],
  [
    "streamMessages/an inverse window without the key that leaves it",
    (given) =>
      ones(given)
        .reduceByKeyAndWindow(add, subtract, Seconds(2), Seconds(1), 2, () => false)
        .print(),
  ],
  ["streamMessages/transform throws", (given) => numbers(given).transform(boom).print()],
  [
    "streamMessages/transformWith throws",
    (given) => {
      const stream = numbers(given);
      stream.transformWith(stream, boom).print();
    },
  ],
  ["streamMessages/foreachRDD throws", (given) => numbers(given).foreachRDD(boom)],
  [
    "streamMessages/an action of foreachRDD throws",
    (given) => numbers(given).foreachRDD((rdd) => rdd.foreach(boom)),
  ],
];

type Mapping = (key: number, one: Option<number>, state: State<number>) => unknown;

const mapped = (f: Mapping) => (given: Given) => {
  ones(given).mapWithState(StateSpec.function(f)).print();
};

const timedOut = (f: Mapping) => (given: Given) => {
  ones(given)
    .mapWithState(StateSpec.function(f).timeout(Seconds(1)))
    .checkpoint(Seconds(1))
    .print();
};

const states: Programs = [
  ["streamMessages/mapWithState throws", mapped(boom)],
  ["streamMessages/State.get without a state", mapped((_key, _one, state) => state.get())],
  [
    "streamMessages/State.get after remove",
    mapped((_key, _one, state) => {
      state.update(1);
      state.remove();
      return state.get();
    }),
  ],
  [
    "streamMessages/State.update after remove",
    mapped((_key, _one, state) => {
      state.remove();
      state.update(1);
    }),
  ],
  [
    "streamMessages/State.remove twice",
    mapped((_key, _one, state) => {
      state.update(1);
      state.remove();
      state.remove();
    }),
  ],
  [
    "streamMessages/State.update while timing out",
    timedOut((_key, _one, state) => state.update(1)),
  ],
  [
    "streamMessages/State.remove while timing out",
    timedOut((_key, _one, state) => (state.isTimingOut() ? state.remove() : state.update(1))),
  ],
];

export const streamMessages: Programs = [
  [afterStart, atStart, durations, others],
  [functions, states],
].flat(2);
