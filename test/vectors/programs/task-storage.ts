// Cached blocks and where they are, on one core: what Tasks.scala runs under the same names.
import { type RDD, StorageLevel } from "streamscope";
import { range, type TaskPlay, type TaskProgram } from "./tasks.ts";

/** Each partition holds as many records. */
function big({ sc }: TaskPlay, partitions: number, records: number): RDD<number> {
  return sc.parallelize(range(1, partitions), partitions).flatMap(() => range(1, records));
}

const levels: readonly StorageLevel[] = [
  "DISK_ONLY",
  "DISK_ONLY_2",
  "DISK_ONLY_3",
  "MEMORY_ONLY",
  "MEMORY_ONLY_2",
  "MEMORY_ONLY_SER",
  "MEMORY_ONLY_SER_2",
  "MEMORY_AND_DISK",
  "MEMORY_AND_DISK_2",
  "MEMORY_AND_DISK_SER",
  "MEMORY_AND_DISK_SER_2",
  "OFF_HEAP",
];

const storage: [string, TaskProgram["run"]][] = [
  [
    "blocks are cached as partitions are computed",
    (play) => {
      const rdd = play.sc.parallelize(range(1, 4), 4).setName("four").cache();
      play.storage();
      rdd.take(1);
      play.storage();
      rdd.count();
      play.storage();
      rdd.unpersist();
      play.storage();
    },
  ],
  [
    "getPersistentRDDs from persist to unpersist",
    ({ sc, say, storage: show }) => {
      const persistent = (): void => say([...sc.getPersistentRDDs().keys()].join(" "));
      const rdd = sc
        .parallelize(range(1, 4), 2)
        .map((n) => n + 1)
        .persist(StorageLevel.DISK_ONLY);
      persistent();
      const other = rdd.map((n) => n + 1).cache();
      persistent();
      rdd.unpersist();
      persistent();
      other.count();
      show();
    },
  ],
  [
    "a cached block of a failed attempt stays",
    ({ sc, say, failing, blocks }) => {
      const seen = sc.longAccumulator("seen");
      const rdd = sc
        .parallelize([1, 2], 2)
        .map((n) => {
          seen.add(1);
          return n;
        })
        .cache();
      rdd
        .map((n) => {
          if (n === 2) failing("two", 1);
          return n;
        })
        .count();
      say(seen.value);
      blocks(rdd);
    },
  ],
  [
    "a cached RDD counts its records once",
    ({ sc, say }) => {
      const seen = sc.longAccumulator("seen");
      const rdd = sc
        .parallelize(range(1, 4), 2)
        .map((n) => {
          seen.add(1);
          return n;
        })
        .cache();
      rdd.count();
      rdd.count();
      say(seen.value);
      rdd.unpersist();
      rdd.count();
      say(seen.value);
    },
  ],
  [
    "the levels, as they are described",
    ({ sc, say }) => {
      for (const level of levels) {
        say(sc.parallelize([1, 2], 2).persist(level).toDebugString().split("\n")[0]);
      }
    },
  ],
  [
    "the level of an RDD cannot change",
    ({ sc, fails }) => {
      const rdd = sc.parallelize([1, 2], 2).cache();
      fails(() => rdd.persist("DISK_ONLY"));
      rdd.unpersist();
      fails(() => rdd.persist("DISK_ONLY"));
    },
  ],
  ...(["DISK_ONLY", "OFF_HEAP"] as const).map((level): [string, TaskProgram["run"]] => [
    level === "DISK_ONLY"
      ? "DISK_ONLY keeps blocks on disk"
      : "OFF_HEAP without off-heap memory keeps blocks on disk",
    (play) => {
      const rdd = big(play, 2, 1).persist(level);
      rdd.count();
      play.blocks(rdd);
    },
  ]),
];

const limited = (
  ["MEMORY_ONLY", "MEMORY_ONLY_SER", "MEMORY_AND_DISK", "MEMORY_AND_DISK_SER"] as const
).flatMap((level): [string, TaskProgram["run"]][] => [
  [
    `${level} that does not fit: blocks of one RDD do not evict each other`,
    (play) => {
      const rdd = big(play, 5, 1).persist(level);
      rdd.count();
      play.blocks(rdd);
      rdd.count();
      play.blocks(rdd);
    },
  ],
  [
    `${level} evicts what was used longest ago of another RDD`,
    (play) => {
      const old = big(play, 3, 1).persist(level);
      old.count();
      const next = big(play, 3, 1).persist(level);
      next.count();
      play.blocks(old);
      play.blocks(next);
      old.count();
      play.blocks(old);
      play.blocks(next);
    },
  ],
  [
    `${level}: what is used again stays longer`,
    (play) => {
      const first = big(play, 2, 1).persist(level);
      first.count();
      const second = big(play, 2, 1).persist(level);
      second.count();
      first.count();
      const third = big(play, 2, 1).persist(level);
      third.count();
      play.blocks(first);
      play.blocks(second);
      play.blocks(third);
    },
  ],
  [
    `${level}: a block greater than the memory evicts nothing`,
    (play) => {
      const small = big(play, 2, 1).persist(level);
      small.count();
      const great = big(play, 1, 4).persist(level);
      great.count();
      play.blocks(small);
      play.blocks(great);
    },
  ],
  [
    `${level}: all of another RDD has to go`,
    (play) => {
      const small = big(play, 3, 1).persist(level);
      small.count();
      const great = big(play, 1, 3).persist(level);
      great.count();
      play.blocks(small);
      play.blocks(great);
    },
  ],
]);

/** By the name of the vector. */
export const taskStorage: readonly (readonly [name: string, program: TaskProgram])[] = [
  ...storage,
  ...limited,
].map(([name, run]) => [`tasks/${name}`, { run }]);
