// Jobs, stages, tasks and their failures on one core: what Tasks.scala runs under the same names.
import type { FaultSpec, RDD, SparkContext, TraceEvent } from "streamscope";

/** What a program is given. */
export interface TaskPlay {
  readonly sc: SparkContext;
  say(line: unknown): void;
  /** The first line of why it fails. */
  fails(run: () => unknown): void;
  /** Throws as many times as is said. */
  failing(key: string, times: number): void;
  /** Cached partitions: in memory, on disk. */
  blocks(rdd: RDD<unknown>): void;
  /** What the page of storage shows. */
  storage(): void;
}

export interface TaskProgram {
  readonly run: (play: TaskPlay) => void;
  /** By what an earlier run of it told: asked again until there are no more. */
  readonly faults?: (events: readonly TraceEvent[]) => readonly FaultSpec[];
}

const add = (a: number, b: number): number => a + b;

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Spark's way to print pairs. */
function pairTexts(pairs: readonly (readonly [number, number])[]): string {
  return pairs
    .map(([key, value]) => `(${key},${value})`)
    .sort()
    .join(" ");
}

function pairsOf({ sc }: TaskPlay): RDD<readonly [number, number]> {
  return sc.parallelize(range(1, 4), 2).map((n) => [n % 2, n] as const);
}

/** The output of map task 1 is gone after the event. */
export function forgetAfter(event: TraceEvent | undefined): FaultSpec[] {
  if (event === undefined) return [];
  return [{ kind: "loseMapOutput", shuffle: 0, partition: 1, afterSeq: event.seq }];
}

/** When the last task of stage 1 has started. */
export function lastRead(events: readonly TraceEvent[]): TraceEvent | undefined {
  return events.findLast((event) => event.kind === "task.started" && event.stage === 1);
}

function forgetBeforeAttempts(events: readonly TraceEvent[], count: number): FaultSpec[] {
  const submitted = events.filter(
    (event) => event.kind === "stage.submitted" && event.type === "ResultStage",
  );
  return submitted.slice(0, count).flatMap(forgetAfter);
}

const failures: [string, TaskProgram["run"]][] = [
  [
    "a task that fails once is tried again",
    ({ sc, say, failing }) => {
      const rdd = sc.parallelize(range(1, 4), 2).map((n) => {
        if (n === 3) failing("three", 1);
        return n;
      });
      say(rdd.collect().join(" "));
    },
  ],
  [
    "a task that fails three times succeeds in the fourth",
    ({ sc, say, failing }) => {
      const rdd = sc.parallelize([1, 2], 2).map((n) => {
        if (n === 1) failing("one", 3);
        return n;
      });
      say(rdd.collect().join(" "));
    },
  ],
  [
    "a task that fails four times aborts its job",
    ({ sc, fails, failing }) => {
      const rdd = sc.parallelize([1, 2, 3], 3).map((n) => {
        if (n === 3) failing("three", 9);
        return n;
      });
      fails(() => rdd.collect());
    },
  ],
  [
    "failures are counted for each task by itself",
    ({ sc, say, failing }) => {
      const rdd = sc.parallelize([1, 2, 3], 3).map((n) => {
        failing(`number ${n}`, 2);
        return n;
      });
      say(rdd.collect().join(" "));
    },
  ],
  [
    "spark.task.maxFailures is 2",
    ({ sc, fails, failing }) => {
      const rdd = sc.parallelize([1, 2], 2).map((n) => {
        if (n === 2) failing("two", 9);
        return n;
      });
      fails(() => rdd.collect());
    },
  ],
  [
    "spark.task.maxFailures is 1",
    ({ sc, fails, failing }) => {
      const rdd = sc.parallelize([1, 2], 1).map((n) => {
        failing("any", 9);
        return n;
      });
      fails(() => rdd.collect());
    },
  ],
  [
    "a task of a map stage fails: no result stage is submitted",
    (play) => {
      const rdd = pairsOf(play).map((pair) => {
        if (pair[1] === 4) play.failing("map", 9);
        return pair;
      });
      play.fails(() => rdd.reduceByKey(add).collect());
    },
  ],
  [
    "a task of the result stage fails: the map stage is not run again",
    (play) => {
      const rdd = pairsOf(play)
        .reduceByKey(add)
        .map((pair) => {
          if (pair[0] === 1) play.failing("one", 2);
          return pair;
        });
      play.say(pairTexts(rdd.collect()));
    },
  ],
  [
    "a job after one that failed",
    ({ sc, say, fails, failing }) => {
      const rdd = sc.parallelize([1, 2], 1).map((n) => {
        failing("any", 4);
        return n;
      });
      fails(() => rdd.collect());
      say(sc.parallelize([1, 2], 2).count());
    },
  ],
  [
    "the same RDD after its job failed",
    (play) => {
      const rdd = pairsOf(play)
        .map((pair) => {
          if (pair[1] === 4) play.failing("any", 4);
          return pair;
        })
        .reduceByKey(add);
      play.fails(() => rdd.collect());
      play.say(rdd.count());
    },
  ],
  [
    "a task is named by its place in the stage, not by its partition",
    ({ sc, fails, failing }) => {
      const rdd = sc.parallelize(range(1, 6), 6).map((n) => {
        if (n === 5) failing("five", 9);
        return n;
      });
      fails(() => rdd.take(5));
    },
  ],
  [
    "two of three tasks fail by turns",
    ({ sc, say, failing }) => {
      const rdd = sc.parallelize([1, 2, 3], 3).map((n) => {
        if (n !== 2) failing(`number ${n}`, n);
        return n;
      });
      say(rdd.collect().join(" "));
    },
  ],
];

const swap = ([key, value]: readonly [number, number]): readonly [number, number] => [value, key];

const stages: [string, TaskProgram["run"]][] = [
  [
    "a stage for each shuffle",
    (play) => play.say(pairsOf(play).reduceByKey(add).map(swap).groupByKey(1).count()),
  ],
  [
    "an action again: a map stage of its own, skipped",
    (play) => {
      const counts = pairsOf(play).reduceByKey(add);
      play.say(counts.count());
      play.say(counts.count());
    },
  ],
  [
    "two actions over one shuffle, then another shuffle of it",
    (play) => {
      const counts = pairsOf(play).reduceByKey(add);
      counts.count();
      counts.map(swap).reduceByKey(add, 1).count();
      counts.map(swap).reduceByKey(add, 1).count();
    },
  ],
  ["a join has two map stages", (play) => play.say(pairsOf(play).join(pairsOf(play), 2).count())],
  [
    "an RDD joined with itself shuffles once",
    (play) => {
      const counts = pairsOf(play).reduceByKey(add, 2);
      play.say(counts.join(counts).count());
    },
  ],
  [
    "a cached RDD cuts off what it came from",
    (play) => {
      const counts = pairsOf(play).reduceByKey(add).cache();
      counts.count();
      counts.map(([, value]) => value).collect();
    },
  ],
  [
    "a shuffle of a cached RDD, twice",
    (play) => {
      const given = pairsOf(play).cache();
      given.reduceByKey(add).count();
      given.groupByKey().count();
    },
  ],
  [
    "take runs jobs until it has enough",
    ({ sc, say }) => say(sc.parallelize(range(1, 8), 8).take(7).join(" ")),
  ],
  [
    "an RDD without partitions has a job without stages",
    ({ sc, say }) => say(sc.emptyRDD<number>().count()),
  ],
  [
    "sortByKey samples with a job of its own",
    (play) =>
      play.say(
        pairsOf(play)
          .sortByKey()
          .map(([, value]) => value)
          .collect()
          .join(" "),
      ),
  ],
];

/** What a reading stage loses while it runs, and before it starts. */
const fetchFailures: [string, TaskProgram][] = [
  [
    "a map output that was forgotten is computed again, alone",
    {
      run: (play) => {
        const counts = pairsOf(play).reduceByKey(add);
        counts.count();
        counts.count();
      },
      // The last task of the first job has read it already.
      faults: (events) => forgetAfter(lastRead(events)),
    },
  ],
  [
    "a map output forgotten while its stage is read: fetch failed",
    {
      run: (play) => play.say(pairsOf(play).reduceByKey(add).count()),
      faults: (events) =>
        forgetAfter(events.find((event) => event.kind === "task.started" && event.stage === 1)),
    },
  ],
  [
    "a map output forgotten four times in a row aborts the job",
    {
      run: (play) => play.fails(() => pairsOf(play).groupByKey(1).count()),
      faults: (events) => forgetBeforeAttempts(events, 4),
    },
  ],
  [
    "three times in a row, and the job goes on",
    {
      run: (play) => play.say(pairsOf(play).groupByKey(1).count()),
      faults: (events) => forgetBeforeAttempts(events, 3),
    },
  ],
];

/** By the name of the vector. */
export const tasks: readonly (readonly [name: string, program: TaskProgram])[] = [
  ...[...failures, ...stages].map(([name, run]): [string, TaskProgram] => [name, { run }]),
  ...fetchFailures,
].map(([name, program]) => [`tasks/${name}`, program]);
