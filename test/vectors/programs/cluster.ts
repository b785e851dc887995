// Executors that are lost, and tasks that are slow: what Cluster.scala runs under the same names.
import type { FaultSpec, RDD, SparkContext, TraceEvent } from "streamscope";
import { add } from "./given.ts";
import { range } from "./tasks.ts";

/** What a program is given. */
export interface ClusterPlay {
  readonly sc: SparkContext;
  say(line: unknown): void;
  /** The first line of why it fails. */
  fails(run: () => unknown): void;
  /** Cached partitions of an RDD, wherever they are. */
  cached(rdd: RDD<unknown>): void;
}

export interface ClusterProgram {
  readonly run: (play: ClusterPlay) => void;
  /** Goes on after the executor that ran task 0 has been killed, where the program says so. */
  readonly afterKill?: (play: ClusterPlay) => void;
  /** By what an earlier run of it told: asked again until there are no more. */
  readonly faults?: (events: readonly TraceEvent[]) => readonly FaultSpec[];
}

const numbers = ({ sc }: ClusterPlay, partitions: number): RDD<number> =>
  sc.parallelize(range(1, partitions), partitions);
const collect = (play: ClusterPlay, partitions: number): void =>
  play.say(numbers(play, partitions).collect().join(" "));
const counts = (play: ClusterPlay, partitions: number): RDD<[number, number]> =>
  numbers(play, partitions)
    .map((n): [number, number] => [n % 2, n])
    .reduceByKey(add);

type Started = Extract<TraceEvent, { kind: "task.started" }>;

function attemptsAt(events: readonly TraceEvent[], partition: number): readonly Started[] {
  return events.filter(
    (event): event is Started => event.kind === "task.started" && event.partition === partition,
  );
}

/** The executor that runs a partition ends, so many times; another comes at once. */
const ending = (partition: number, times: number) => (events: readonly TraceEvent[]) =>
  attemptsAt(events, partition)
    .slice(0, times)
    .map(({ executor, seq }): FaultSpec => ({
      kind: "loseExecutor",
      executor,
      afterSeq: seq,
      backMs: 0,
    }));

/** The first task's executor is killed after an event of the kind: none comes in its place. */
const killing = (kind: "task.started" | "task.finished") => (events: readonly TraceEvent[]) => {
  const [first] = attemptsAt(events, 0);
  const struck = events.find((event) => event.kind === kind && event.task === first?.task);
  if (first === undefined || struck === undefined) return [];
  const { executor } = first;
  const backMs = 1_000_000;
  const fault = { executor, exit: "killed", afterSeq: struck.seq, backMs } as const;
  return [{ kind: "loseExecutor", ...fault } as const];
};

/** The executor of a task works at a hundredth of its speed from its second task on. */
const slowAfter = (partition: number) => (events: readonly TraceEvent[]) => {
  const [first] = attemptsAt(events, partition);
  if (first === undefined) return [];
  const { executor, seq: afterSeq } = first;
  return [{ kind: "slowExecutor", executor, speedPercent: 1, afterSeq } as const];
};

/** The last executor works at a hundredth of its speed. */
const slowFromStart = (events: readonly TraceEvent[]): readonly FaultSpec[] => {
  const added = events.findLast((event) => event.kind === "executor.added");
  if (added?.kind !== "executor.added") return [];
  const { executor, seq: afterSeq } = added;
  return [{ kind: "slowExecutor", executor, speedPercent: 1, afterSeq }];
};

const losses: readonly (readonly [string, ClusterProgram])[] = [
  [
    "an executor that ends fails its task, which runs again",
    { run: (play) => collect(play, 2), faults: ending(1, 1) },
  ],
  [
    "an executor that ends at the fourth attempt aborts the job",
    { run: (play) => play.fails(() => numbers(play, 1).collect()), faults: ending(0, 4) },
  ],
  [
    "three executors that end, and the fourth attempt succeeds",
    { run: (play) => collect(play, 1), faults: ending(0, 3) },
  ],
  [
    "spark.task.maxFailures is 2, and two executors end",
    { run: (play) => play.fails(() => numbers(play, 1).collect()), faults: ending(0, 2) },
  ],
  [
    "a map task that is through runs again when its executor is killed",
    { run: (play) => play.say(counts(play, 2).count()), faults: killing("task.finished") },
  ],
  [
    "a task of an executor that is killed runs again, and does not count as failed",
    { run: (play) => collect(play, 1), faults: killing("task.started") },
  ],
];

/** An RDD of a first part, for the part after the kill. */
function inTwoParts<T>(
  first: (play: ClusterPlay) => T,
  second: (play: ClusterPlay, made: T) => void,
): ClusterProgram {
  const made: T[] = [];
  return {
    run: (play) => {
      made.length = 0;
      made.push(first(play));
    },
    afterKill: (play) => {
      for (const one of made) second(play, one);
    },
  };
}

const kept: readonly (readonly [string, ClusterProgram])[] = [
  [
    "map outputs of an executor that was killed are computed again",
    inTwoParts(
      (play) => {
        const reduced = counts(play, 2);
        play.say(reduced.count());
        return reduced;
      },
      (play, reduced) => play.say(reduced.count()),
    ),
  ],
  [
    "cached partitions of an executor that was killed are computed again",
    inTwoParts(
      (play) => {
        const rdd = numbers(play, 2).cache();
        play.say(rdd.count());
        play.cached(rdd);
        return rdd;
      },
      (play, rdd) => {
        play.cached(rdd);
        play.say(rdd.count());
        play.cached(rdd);
      },
    ),
  ],
  [
    "a copy of each cached partition outlives an executor",
    inTwoParts(
      (play) => {
        const rdd = numbers(play, 2).persist("MEMORY_ONLY_2");
        play.say(rdd.count());
        play.cached(rdd);
        return rdd;
      },
      (play, rdd) => {
        play.cached(rdd);
        play.say(rdd.count());
      },
    ),
  ],
];

const speculation: readonly (readonly [string, ClusterProgram])[] = [
  [
    "speculation: a copy of the slow task ends first",
    { run: (play) => collect(play, 4), faults: slowAfter(1) },
  ],
  [
    "speculation: the slow task of a map stage",
    { run: (play) => play.say(counts(play, 4).count()), faults: slowAfter(1) },
  ],
  [
    "speculation: a stage of one task has no copies",
    { run: (play) => collect(play, 1), faults: slowFromStart },
  ],
  [
    "speculation: a quarter of the tasks is enough when it is said to be",
    { run: (play) => collect(play, 2), faults: slowFromStart },
  ],
];

/** By the name of the vector. */
export const cluster: readonly (readonly [name: string, program: ClusterProgram])[] = [
  losses,
  kept,
  speculation,
]
  .flat()
  .map(([name, program]) => [`cluster/${name}`, program] as const);
