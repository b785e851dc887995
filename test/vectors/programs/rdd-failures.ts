// What goes wrong in tasks, and checkpoints of RDDs: what RddFailures.scala runs.
import type { RDD } from "streamscope";
import { add, lineage, type RddPrograms } from "./given.ts";
import { cells, keyed, ten } from "./rdd-elements.ts";

/** An exception of the JVM. */
function thrown(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

/** Fails at the number 5. */
function broken(rdd: RDD<number>): RDD<number> {
  return rdd.map((n) => {
    if (n === 5) throw thrown("java.lang.IllegalStateException", "five");
    return n;
  });
}

const parentsOf = (rdd: RDD<unknown>): number[] => rdd.dependencies.map((one) => one.rdd.id);

const failures: RddPrograms = [
  ["a function of map throws", (sc) => broken(ten(sc)).count()],
  [
    "a function throws before a shuffle",
    (sc) => {
      const pairs = broken(ten(sc)).map((n): [number, number] => [n, n]);
      return pairs.reduceByKey(add).collect();
    },
  ],
  ["a function throws after a shuffle", (sc) => broken(keyed(sc, 2).map(([key]) => key)).collect()],
  [
    "foreach throws",
    (sc) =>
      ten(sc, 1).foreach((n) => {
        if (n === 2) throw thrown("java.lang.RuntimeException", "two");
      }),
  ],
  [
    "zip of unequal partitions",
    (sc) =>
      ten(sc, 2)
        .zip(ten(sc, 2).filter((n) => n > 1))
        .collect(),
  ],
  [
    "the function of reduce throws in a task",
    (sc) =>
      ten(sc, 1).reduce(() => {
        throw thrown("java.lang.RuntimeException", "never");
      }),
  ],
  ["takeOrdered of less than none", (sc) => ten(sc, 1).takeOrdered(-1)],
  [
    "the first job that does not reach the failure",
    (sc, _, jobs) => jobs(() => broken(ten(sc, 5)).take(2)),
  ],
  [
    "a task that fails at first is tried again",
    (sc) => {
      let failed = 0;
      const attempts = ten(sc, 2).mapPartitionsWithIndex((index) => {
        if (index === 0) return [0];
        if (failed === 2) return [failed];
        failed += 1;
        throw thrown("java.lang.RuntimeException", "not yet");
      });
      return attempts.collect();
    },
  ],
];

const checkpoints: RddPrograms = [
  [
    "a checkpoint cuts the lineage after the first job",
    (sc, _, jobs) => {
      sc.setCheckpointDir("checkpoints");
      const rdd = ten(sc).map((n) => n + 1);
      rdd.checkpoint();
      const before = [rdd.isCheckpointed, rdd.getCheckpointFile.isDefined, parentsOf(rdd)];
      const counted = jobs(() => rdd.count());
      const after = [rdd.isCheckpointed, rdd.getCheckpointFile.isDefined, parentsOf(rdd)];
      return [before, counted, ...after, jobs(() => rdd.collect())];
    },
  ],
  [
    "a checkpoint keeps the partitioner",
    (sc, _, jobs) => {
      sc.setCheckpointDir("checkpoints");
      const pairs = ten(sc).map((n): [number, number] => [n % 3, n]);
      const rdd = pairs.reduceByKey(add);
      rdd.checkpoint();
      const before = cells(rdd);
      const after = cells(rdd);
      return [before, after, rdd.partitioner.isDefined, jobs(() => rdd.reduceByKey(add).count())];
    },
  ],
  [
    "a checkpoint of a parent",
    (sc, _, jobs) => {
      sc.setCheckpointDir("checkpoints");
      const parent = ten(sc).map((n) => n + 1);
      const child = parent.map((n) => n * 2);
      parent.checkpoint();
      const counted = jobs(() => child.count());
      return [counted, parent.isCheckpointed, child.isCheckpointed, cells(child)];
    },
  ],
  [
    "the lineage of checkpoints",
    (sc) => {
      sc.setCheckpointDir("checkpoints");
      const rdd = ten(sc).map((n) => n + 1);
      const local = ten(sc).map((n) => n + 1);
      rdd.checkpoint();
      local.localCheckpoint();
      rdd.take(1);
      local.map((n) => n * 2).countByValue();
      return [lineage(rdd.map((n) => n * 2)), lineage(local)];
    },
  ],
  [
    "a local checkpoint",
    (sc, _, jobs) => {
      const rdd = ten(sc)
        .map((n) => n + 1)
        .localCheckpoint();
      const counted = jobs(() => rdd.count());
      const { isCheckpointed, getCheckpointFile } = rdd;
      const collected = jobs(() => rdd.collect());
      return [counted, isCheckpointed, getCheckpointFile.orNull, parentsOf(rdd), collected];
    },
  ],
  [
    "a local checkpoint of an RDD that is partly computed",
    (sc, _, jobs) => {
      const rdd = ten(sc, 4)
        .map((n) => n + 1)
        .localCheckpoint();
      const first = jobs(() => rdd.first());
      return [first, rdd.isCheckpointed, jobs(() => rdd.collect())];
    },
  ],
];

export const rddFailures: RddPrograms = [...failures, ...checkpoints].map(
  ([name, program]) => [`rddFailures/${name}`, program] as const,
);
