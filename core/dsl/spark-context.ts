/** The application's way to make RDDs. Like Spark: org.apache.spark.SparkContext. */

import { PipelineError } from "../base/errors.ts";
import { compareNumbers } from "../base/order.ts";
import { emptyRDD, parallelize } from "../rdd/in-memory.ts";
import type { RDDContext } from "../rdd/rdd.ts";
import { numberRange } from "../rdd/number-range.ts";
import { runAction } from "../rdd/run-action.ts";
import { objectFile, textFile, wholeTextFiles } from "../rdd/text-files.ts";
import { union } from "../rdd/union.ts";
import type { StorageLevel } from "../rdd/storage-level.ts";
import {
  Accumulator,
  type AccumulatorParam,
  CollectionAccumulator,
  NumberAccumulator,
} from "./accumulator.ts";
import { Broadcast } from "./broadcast.ts";
import { None, type Option, Some } from "../record/option.ts";
import { RDD } from "./rdd.ts";

/** Like Spark: RDDInfo, as the page of storage shows it. */
export interface RDDStorageInfo {
  readonly id: number;
  /** Its class for an RDD without one. */
  readonly name: string;
  readonly storageLevel: StorageLevel;
  readonly numPartitions: number;
  readonly numCachedPartitions: number;
}

export class SparkContext {
  readonly #rdds: RDDContext;

  constructor(rdds: RDDContext) {
    this.#rdds = rdds;
    rdds.application = this;
  }

  /** What the engine makes RDDs with. */
  get rdds(): RDDContext {
    return this.#rdds;
  }

  /** `spark.default.parallelism`. */
  get defaultParallelism(): number {
    return this.#rdds.defaultParallelism;
  }

  /** Deals records over partitions in order.
   *  Throws: PipelineError GRAPH_INVALID for less than one slice. */
  parallelize<T>(records: readonly T[], slices: number = this.defaultParallelism): RDD<T> {
    return new RDD(parallelize(this.#rdds, [...records], slices));
  }

  makeRDD<T>(records: readonly T[], slices: number = this.defaultParallelism): RDD<T> {
    return new RDD(parallelize(this.#rdds, [...records], slices, "makeRDD"));
  }

  /** The numbers from `start` to below `end`, or above it where `step` is negative.
   *  Throws: PipelineError GRAPH_INVALID for a step of 0, or less than one slice. */
  range(
    start: number,
    end: number,
    step = 1,
    numSlices: number = this.defaultParallelism,
  ): RDD<number> {
    return new RDD(numberRange(this.#rdds, { start, end, step, numSlices }));
  }

  /** Where `checkpoint` writes RDDs; the directory of the streaming context is one too. */
  setCheckpointDir(directory: string): void {
    this.#rdds.setCheckpointDirectory(directory.replace(/\/+$/u, ""));
  }

  get getCheckpointDir(): Option<string> {
    const { checkpointDirectory } = this.#rdds;
    return checkpointDirectory === null ? None : Some(checkpointDirectory);
  }

  /** Runs a job over partitions as a whole. Shape: what `f` gives for each partition asked for, all
   *  of them unless some are named.
   *  Throws: what aborted the job. */
  runJob<T, U>(
    rdd: RDD<T>,
    f: (records: readonly T[]) => U,
    partitions?: readonly number[],
  ): readonly U[] {
    return runAction(rdd.node, "runJob", f, partitions);
  }

  /** No partitions, no records. */
  emptyRDD<T>(): RDD<T> {
    return new RDD(emptyRDD<T>(this.#rdds));
  }

  /** `min(defaultParallelism, 2)`. */
  get defaultMinPartitions(): number {
    return Math.min(this.defaultParallelism, 2);
  }

  /** The lines of a file, of the files of a directory, or of several with commas between.
   *  Throws: PipelineError FILE_NOT_FOUND; Spark throws when the RDD is first used. */
  textFile(path: string, minPartitions: number = this.defaultMinPartitions): RDD<string> {
    return new RDD(textFile(this.#rdds, path, minPartitions));
  }

  /** Each file as a pair of its path and its text; small files share partitions. */
  wholeTextFiles(
    path: string,
    minPartitions: number = this.defaultMinPartitions,
  ): RDD<[string, string]> {
    return new RDD(wholeTextFiles(this.#rdds, path, minPartitions));
  }

  /** What `saveAsObjectFile` wrote: lines of JSON, where Spark has Java's serialised objects. */
  objectFile<T>(path: string, minPartitions: number = this.defaultMinPartitions): RDD<T> {
    return new RDD(objectFile<T>(this.#rdds, path, minPartitions));
  }

  /** Adds whole numbers. */
  longAccumulator(name: string | null = null): NumberAccumulator {
    return new NumberAccumulator(this.#rdds.accumulators, name, String);
  }

  /** Adds numbers; shown as a Double of the JVM. */
  doubleAccumulator(name: string | null = null): NumberAccumulator {
    const text = (sum: number): string => (Number.isInteger(sum) ? `${sum}.0` : String(sum));
    return new NumberAccumulator(this.#rdds.accumulators, name, text);
  }

  collectionAccumulator<T>(name: string | null = null): CollectionAccumulator<T> {
    return new CollectionAccumulator(this.#rdds.accumulators, name);
  }

  /** An accumulator of one's own. */
  register<In, State, Out>(
    param: AccumulatorParam<In, State, Out>,
    name: string | null = null,
  ): Accumulator<In, State, Out> {
    return new Accumulator(this.#rdds.accumulators, { name, param });
  }

  /** Sends a value to the executors once.
   *  Throws: PipelineError GRAPH_INVALID for an RDD. */
  broadcast<T>(value: T): Broadcast<T> {
    if (value instanceof RDD) {
      throw new PipelineError(
        "GRAPH_INVALID",
        "requirement failed: Can not directly broadcast RDDs; instead, call collect() and " +
          "broadcast the result.",
      );
    }
    return new Broadcast(this.#rdds, value);
  }

  /** RDDs that were persisted and not unpersisted, by number. */
  getPersistentRDDs(): ReadonlyMap<number, RDD<unknown>> {
    return new Map(Array.from(this.#rdds.persisted, ([id, node]) => [id, new RDD(node)]));
  }

  /** What is cached of each persisted RDD of which anything is; by number. */
  getRDDStorageInfo(): readonly RDDStorageInfo[] {
    const nodes = [...this.#rdds.persisted.values()].sort((a, b) => compareNumbers(a.id, b.id));
    return nodes.flatMap((node) => {
      const numCachedPartitions = this.#rdds.cachedPartitions(node.id);
      if (numCachedPartitions === 0) return [];
      return {
        id: node.id,
        name: node.name ?? node.className,
        storageLevel: node.storageLevel,
        numPartitions: node.numPartitions,
        numCachedPartitions,
      };
    });
  }

  union<T>(rdds: readonly RDD<T>[]): RDD<T> {
    return new RDD(
      union(
        this.#rdds,
        rdds.map((rdd) => rdd.node),
      ),
    );
  }
}
