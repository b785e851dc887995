// mapWithState, its time-outs and its snapshots: the rest of what StreamState.scala runs.
import { type DStream, None, type Option, Seconds, Some, type State, StateSpec } from "streamscope";
import { add, byLength, type Given, lineage, pairs, type Programs } from "./given.ts";
import { describe } from "./stream-operators.ts";
import { initial, ones } from "./stream-state.ts";

/** A running count per key; told with the key. */
function counting(key: string, one: Option<number>, state: State<number>) {
  const count = state.getOption().getOrElse(0) + one.getOrElse(0);
  state.update(count);
  return [key, count] as const;
}

/** The same, and a last word when the key times out. */
function farewell(
  timeMs: number,
  key: string,
  one: Option<number>,
  state: State<number>,
): Option<string> {
  if (state.isTimingOut()) return Some(`${key} gone at ${timeMs} with ${state.get()}, ${one}`);
  state.update(state.getOption().getOrElse(0) + 1);
  return state.get() > 1 ? Some(`${key} ${state.get()}`) : None;
}

const counted = (given: Given) => ones(given).mapWithState(StateSpec.function(counting));

const mapping: Programs = [
  [
    "streamState/mapWithState gives a record for each record",
    (given) => given.partitions(counted(given)),
  ],
  ["streamState/mapWithState as print writes it", (given) => counted(given).print()],
  [
    "streamState/mapWithState may give nothing",
    (given) => given.partitions(ones(given).mapWithState(StateSpec.function(farewell))),
  ],
  [
    "streamState/mapWithState's snapshots are the whole state",
    (given) => given.partitions(counted(given).stateSnapshots()),
  ],
  [
    "streamState/mapWithState with snapshots beside, each task once",
    (given) => {
      const stream = counted(given);
      given.partitions(stream);
      given.partitions(stream.stateSnapshots());
      stream.stateSnapshots().print();
    },
  ],
  [
    "streamState/mapWithState over 3 partitions",
    (given) => {
      const stream = ones(given).mapWithState(StateSpec.function(counting).numPartitions(3));
      given.partitions(stream);
      given.partitions(stream.stateSnapshots());
    },
  ],
  [
    "streamState/mapWithState with a partitioner",
    (given) => {
      const stream = ones(given).mapWithState(
        StateSpec.function(counting).partitioner(byLength(2)),
      );
      given.partitions(stream);
      given.partitions(stream.stateSnapshots());
    },
  ],
  [
    "streamState/mapWithState from an initial state",
    (given) => {
      const before = initial(given, 1);
      const stream = ones(given).mapWithState(StateSpec.function(counting).initialState(before));
      given.partitions(stream);
      given.partitions(stream.stateSnapshots());
    },
  ],
  [
    "streamState/mapWithState from an initial state, its lineage",
    (given) => {
      const before = initial(given, 1);
      given.value(
        ones(given).mapWithState(StateSpec.function(counting).initialState(before)),
        lineage,
      );
    },
  ],
  [
    "streamState/mapWithState removes a key, which begins anew",
    (given) => {
      const stream = ones(given).mapWithState(
        StateSpec.function((key: string, _one: Option<number>, state: State<number>) => {
          const count = state.getOption().getOrElse(0) + 1;
          if (count === 3) state.remove();
          else state.update(count);
          return [key, count, state.exists(), state.toString()] as const;
        }),
      );
      given.partitions(stream);
      given.partitions(stream.stateSnapshots());
    },
  ],
  [
    "streamState/mapWithState that only looks keeps no state",
    (given) => {
      const stream = ones(given).mapWithState(
        StateSpec.function(
          (key: string, one: Option<number>, state: State<number>) =>
            [
              key,
              one,
              state.exists(),
              state.getOption(),
              state.isTimingOut(),
              state.toString(),
            ] as const,
        ),
      );
      given.partitions(stream);
      stream.print(2);
      given.partitions(stream.stateSnapshots());
    },
  ],
  [
    "streamState/mapWithState updates and removes in one call",
    (given) => {
      const stream = ones(given).mapWithState(
        StateSpec.function((key: string, _one: Option<number>, state: State<number>) => {
          state.update(state.getOption().getOrElse(0) + 1);
          if (key === "be") state.remove();
          return key;
        }),
      );
      given.partitions(stream.stateSnapshots());
    },
  ],
  [
    "streamState/mapWithState gives Unit",
    (given) =>
      ones(given)
        .mapWithState(
          StateSpec.function((_key: string, _one: Option<number>, state: State<number>) =>
            state.update(1),
          ),
        )
        .print(),
  ],
  [
    "streamState/mapWithState, its lineage",
    (given) => {
      const stream = counted(given);
      given.value(stream, lineage);
      given.value(stream.stateSnapshots(), lineage);
      given.value(
        stream.map(([key]) => key),
        lineage,
      );
    },
  ],
  [
    "streamState/mapWithState, its streams",
    (given) => {
      const stream = counted(given);
      const streams: readonly DStream<unknown>[] = [
        stream,
        ...stream.dependencies,
        stream.stateSnapshots(),
      ];
      given.value(stream, () => streams.map(describe));
    },
  ],
  [
    "streamState/mapWithState of partitioned pairs shuffles once",
    (given) =>
      given.partitions(ones(given).reduceByKey(add).mapWithState(StateSpec.function(counting))),
  ],
  [
    "streamState/mapWithState of a window",
    (given) =>
      given.partitions(
        pairs(given.input<string>().window(Seconds(2), Seconds(2))).mapWithState(
          StateSpec.function(counting),
        ),
      ),
  ],
  [
    "streamState/mapWithState and then a window",
    (given) =>
      given.partitions(counted(given).reduceByKeyAndWindow((a, b) => Math.max(a, b), Seconds(3))),
  ],
  [
    "streamState/mapWithState shares what its state holds",
    (given) => {
      const stream = ones(given).mapWithState(
        StateSpec.function((key: string, _one: Option<number>, state: State<number[]>) => {
          if (!state.exists()) state.update([]);
          state.get().push(state.get().length);
          return [key, state.get().length] as const;
        }),
      );
      given.partitions(stream);
      given.partitions(stream.stateSnapshots().mapValues((list) => [...list]));
    },
  ],
  [
    "streamState/mapWithState over 5 partitions of which some stay empty",
    (given) => given.partitions(counted(given).stateSnapshots()),
  ],
];

const withTimeOut = (seconds: number) => (given: Given) =>
  ones(given).mapWithState(StateSpec.function(farewell).timeout(Seconds(seconds)));

const timeOuts: Programs = [
  [
    "streamState/time-out fires at the tenth batch and not before",
    (given) => {
      const stream = withTimeOut(3)(given);
      given.partitions(stream);
      given.partitions(stream.stateSnapshots());
    },
  ],
  [
    "streamState/time-out: a record after the time but before the scan saves the key",
    (given) => given.partitions(withTimeOut(2)(given)),
  ],
  [
    "streamState/time-out: a key idle for exactly the time-out stays",
    (given) => given.partitions(withTimeOut(2)(given)),
  ],
  [
    "streamState/time-out with checkpoint(2 s) fires at every second batch",
    (given) => {
      const stream = withTimeOut(2)(given).checkpoint(Seconds(2));
      given.partitions(stream);
      given.partitions(stream.stateSnapshots());
    },
  ],
  [
    "streamState/time-out with checkpoint(1 s) fires at once",
    (given) => {
      const stream = withTimeOut(1)(given).checkpoint(Seconds(1));
      given.partitions(stream);
      given.partitions(stream.stateSnapshots());
    },
  ],
  [
    "streamState/time-out of initial states counts from the first batch",
    (given) => {
      const before = initial(given, 1);
      const stream = ones(given);
      for (const seconds of [9, 8]) {
        const spec = StateSpec.function(farewell).initialState(before).timeout(Seconds(seconds));
        given.partitions(stream.mapWithState(spec));
      }
    },
  ],
  [
    "streamState/time-out: a record that only looks keeps the key alive",
    (given) => {
      const looked = StateSpec.function(
        (timeMs: number, key: string, one: Option<number>, state: State<number>) => {
          if (!state.exists()) state.update(timeMs);
          return Some([key, one, state.get(), state.isTimingOut()] as const);
        },
      );
      given.partitions(ones(given).mapWithState(looked.timeout(Seconds(4))));
    },
  ],
  [
    "streamState/time-outs of many keys come in the order of the state",
    (given) => given.partitions(withTimeOut(3)(given)),
  ],
  [
    "streamState/time-outs at the tenth and the twentieth batch",
    (given) => {
      const stream = withTimeOut(5)(given);
      given.partitions(stream);
      given.value(stream.stateSnapshots(), (rdd) => rdd.count());
    },
  ],
];

const long: Programs = [
  [
    "streamState/mapWithState of 25 batches, the order of its snapshots",
    (given) => given.partitions(counted(given).stateSnapshots()),
  ],
  [
    "streamState/mapWithState of 100 names, the order of its snapshots",
    (given) => given.partitions(counted(given).stateSnapshots()),
  ],
  [
    "streamState/mapWithState with checkpoint(2 s), the order of its snapshots",
    (given) => given.partitions(counted(given).checkpoint(Seconds(2)).stateSnapshots()),
  ],
  [
    "streamState/mapWithState of 25 batches keeps RDDs for its checkpoints",
    (given) => {
      const stream = counted(given);
      given.value(stream, (rdd) => rdd.count());
      given.value(stream, (rdd) => lineage(rdd).length);
    },
  ],
  [
    "streamState/mapWithState with checkpoint(2 s), its storage",
    (given) => {
      const stream = counted(given).checkpoint(Seconds(2));
      given.value(stream, lineage);
      given.value(stream, (rdd) => rdd.count());
    },
  ],
  [
    "streamState/mapWithState persisted keeps what it gave",
    (given) => {
      const stream = counted(given).cache();
      given.partitions(stream);
      given.value(stream, lineage);
    },
  ],
  [
    "streamState/mapWithState of numbers, pairs and null as keys",
    (given) =>
      given.partitions(
        pairs(given.input<unknown>())
          .mapWithState(
            StateSpec.function((_key: unknown, _one: Option<number>, state: State<number>) => {
              state.update(state.getOption().getOrElse(0) + 1);
              return state.get();
            }).numPartitions(1),
          )
          .stateSnapshots(),
      ),
  ],
];

export const streamMapWithState: Programs = [mapping, timeOuts, long].flat();
