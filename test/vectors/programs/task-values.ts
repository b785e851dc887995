// Accumulators and broadcasts: what Tasks.scala runs under the same names.
import type { RDD } from "streamscope";
import { forgetAfter, lastRead, type TaskPlay, type TaskProgram } from "./tasks.ts";

const add = (a: number, b: number): number => a + b;

/** Pairs that say how often they were computed. */
function countedPairs({ sc }: TaskPlay, count: () => void): RDD<readonly [number, number]> {
  return sc.parallelize([1, 2, 3, 4], 2).map((n) => {
    count();
    return [n % 2, n] as const;
  });
}

const accumulators: [string, TaskProgram["run"]][] = [
  [
    "a long accumulator: sum, count, average",
    ({ sc, say }) => {
      const seen = sc.longAccumulator("seen");
      say(seen.isZero);
      sc.parallelize([1, 2, 3, 4], 2).foreach((n) => seen.add(n));
      say(`${seen.value} ${seen.sum} ${seen.count} ${seen.avg} ${seen.isZero}`);
      seen.reset();
      say(`${seen.value} ${seen.count} ${seen.isZero}`);
    },
  ],
  [
    "a double accumulator",
    ({ sc, say }) => {
      const sum = sc.doubleAccumulator("sum");
      sc.parallelize([0.5, 1.25, 2.5], 2).foreach((n) => sum.add(n));
      say(`${sum.value} ${sum.count} ${sum.avg === 4.25 / 3}`);
    },
  ],
  [
    "a collection accumulator",
    ({ sc, say }) => {
      const all = sc.collectionAccumulator<number>("all");
      sc.parallelize([1, 2, 3, 4], 2).foreach((n) => all.add(n));
      say(`[${all.value.join(", ")}]`);
    },
  ],
  [
    "an accumulator without a name is not shown with its tasks",
    ({ sc, say }) => {
      const seen = sc.longAccumulator();
      sc.parallelize([1, 2, 3, 4], 2).foreach(() => seen.add(1));
      say(seen.value);
    },
  ],
  [
    "a task that adds nothing is not shown with the accumulator",
    ({ sc, say }) => {
      const seen = sc.longAccumulator("seen");
      sc.parallelize([1, 2, 3, 4], 2).foreach((n) => {
        if (n > 2) seen.add(1);
      });
      say(seen.value);
    },
  ],
  ...(
    [
      ["what a failed attempt added is dropped", 2],
      ["a job that fails keeps what its finished tasks added", 9],
    ] as const
  ).map(([name, times]): [string, TaskProgram["run"]] => [
    name,
    ({ sc, say, fails, failing }) => {
      const seen = sc.longAccumulator("seen");
      const run = (): void =>
        sc.parallelize([1, 2, 3, 4], 2).foreach((n) => {
          seen.add(1);
          if (n === 4) failing("four", times);
        });
      if (times === 2) run();
      else fails(run);
      say(seen.value);
    },
  ]),
  [
    "a transformation that is computed twice adds twice",
    (play) => {
      const seen = play.sc.longAccumulator("seen");
      const rdd = countedPairs(play, () => seen.add(1));
      rdd.count();
      rdd.count();
      play.say(seen.value);
    },
  ],
  [
    "a map stage that is skipped adds nothing",
    (play) => {
      const seen = play.sc.longAccumulator("seen");
      const rdd = countedPairs(play, () => seen.add(1)).reduceByKey(add);
      rdd.count();
      rdd.count();
      play.say(seen.value);
    },
  ],
  [
    "take adds for the partitions it looks at",
    ({ sc, say }) => {
      const seen = sc.longAccumulator("seen");
      const rdd = sc.parallelize([1, 2, 3, 4, 5, 6, 7, 8], 4).map((n) => {
        seen.add(1);
        return n;
      });
      rdd.take(4);
      say(seen.value);
    },
  ],
  [
    "the value in a task is the task's own",
    ({ sc, say }) => {
      const seen = sc.longAccumulator("seen");
      seen.add(10);
      const rdd = sc.parallelize([1, 2, 3, 4], 2).map(() => {
        seen.add(1);
        return seen.value;
      });
      say(rdd.collect().join(" "));
      say(seen.value);
    },
  ],
  [
    "an accumulator of one's own",
    ({ sc, say }) => {
      const greatest = sc.register(
        {
          zero: () => -Infinity,
          add: (state, n: number) => Math.max(state, n),
          merge: (a, b) => Math.max(a, b),
          value: (state) => state,
        },
        "greatest",
      );
      sc.parallelize([3, 9, 2, 7], 2).foreach((n) => greatest.add(n));
      say(greatest.value);
    },
  ],
  [
    "two accumulators in one task",
    ({ sc, say }) => {
      const odd = sc.longAccumulator("odd");
      const even = sc.longAccumulator("even");
      sc.parallelize([1, 2, 3, 4, 5], 2).foreach((n) => (n % 2 === 0 ? even : odd).add(n));
      say(`${odd.value} ${even.value}`);
    },
  ],
];

const broadcasts: [string, TaskProgram["run"]][] = [
  [
    "a broadcast is seen by tasks",
    ({ sc, say }) => {
      const names = sc.broadcast(["zero", "one", "two"]);
      say(names);
      say(
        sc
          .parallelize([0, 1, 2], 2)
          .map((n) => names.value[n])
          .collect()
          .join(" "),
      );
    },
  ],
  [
    "each stage attempt takes a number of the broadcasts",
    (play) => {
      const { sc, say } = play;
      say(sc.broadcast(1));
      countedPairs(play, () => undefined)
        .reduceByKey(add)
        .count();
      say(sc.broadcast(2));
      sc.parallelize([1, 2], 2).count();
      say(sc.broadcast(3));
      say(sc.broadcast(3).id);
    },
  ],
  [
    "a broadcast that was unpersisted is sent again",
    ({ sc, say }) => {
      const factor = sc.broadcast(3);
      factor.unpersist();
      say(
        sc
          .parallelize([1, 2], 2)
          .map((n) => n * factor.value)
          .collect()
          .join(" "),
      );
    },
  ],
  [
    "a broadcast that was destroyed cannot be used",
    ({ sc, fails }) => {
      const factor = sc.broadcast(3);
      factor.destroy();
      fails(() => factor.value);
      fails(() => factor.unpersist());
      fails(() => factor.destroy());
    },
  ],
  [
    "an RDD cannot be broadcast",
    ({ sc, fails }) => fails(() => sc.broadcast(sc.parallelize([1, 2], 2))),
  ],
];

/** By the name of the vector. */
export const taskValues: readonly (readonly [name: string, program: TaskProgram])[] = [
  ...[...accumulators, ...broadcasts].map(([name, run]): [string, TaskProgram] => [name, { run }]),
  [
    "a map output computed again adds again",
    {
      run: (play: TaskPlay): void => {
        const seen = play.sc.longAccumulator("seen");
        const counts = countedPairs(play, () => seen.add(1)).reduceByKey(add);
        counts.count();
        counts.count();
        play.say(seen.value);
      },
      faults: (events) => forgetAfter(lastRead(events)),
    } satisfies TaskProgram,
  ] satisfies [string, TaskProgram],
].map(([name, program]) => [`tasks/${name}`, program]);
