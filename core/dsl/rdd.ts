/** The RDD a person sees inside `transform` and `foreachRDD`. Transformations are lazy; actions run
 *  a job and wait for it. Like Spark: org.apache.spark.rdd.RDD, PairRDDFunctions. */

import { PipelineError } from "../base/errors.ts";
import { cogroup, type Groups } from "../rdd/cogroup.ts";
import { toDebugString } from "../rdd/lineage.ts";
import { filter, flatMap, map, mapPartitions, mapValues } from "../rdd/map-partitions.ts";
import { hashPartitioner, type Partitioner } from "../rdd/partitioner.ts";
import type { Action, RDDNode } from "../rdd/rdd.ts";
import { saveAsObjectFile, saveAsTextFile } from "../rdd/text-files.ts";
import { groupByKey, reduceByKey } from "../rdd/shuffle.ts";
import type { StorageLevel } from "../rdd/storage-level.ts";
import { union } from "../rdd/union.ts";
import { takeRound } from "../rdd/take-round.ts";
import { type Widen, widenRDD } from "./widen.ts";

export class RDD<T> {
  /** What the engine computes. */
  readonly node: RDDNode<T>;

  constructor(node: RDDNode<T>) {
    this.node = node;
  }

  get id(): number {
    return this.node.id;
  }

  get name(): string | null {
    return this.node.name;
  }

  setName(name: string): this {
    this.node.name = name;
    return this;
  }

  getNumPartitions(): number {
    return this.node.numPartitions;
  }

  map<U>(f: (record: T) => U): RDD<U> {
    return new RDD(map(this.node, f));
  }

  flatMap<U>(f: (record: T) => Iterable<U>): RDD<U> {
    return new RDD(flatMap(this.node, f));
  }

  filter(keep: (record: T) => boolean): RDD<T> {
    return new RDD(filter(this.node, keep));
  }

  /** `f` is called for empty partitions as well. */
  mapPartitions<U>(
    f: (records: readonly T[]) => Iterable<U>,
    preservesPartitioning = false,
  ): RDD<U> {
    return new RDD(
      mapPartitions(this.node, f, { operator: "mapPartitions", preservesPartitioning }),
    );
  }

  /** One array per partition, empty ones included. */
  glom(): RDD<readonly T[]> {
    return new RDD(mapPartitions(this.node, (records) => [records], { operator: "glom" }));
  }

  union(other: RDD<T>): RDD<T> {
    return new RDD(union(this.node.context, [this.node, other.node]));
  }

  keys<K, V>(this: RDD<readonly [K, V]>): RDD<K> {
    return new RDD(map(this.node, ([key]) => key, "keys"));
  }

  values<K, V>(this: RDD<readonly [K, V]>): RDD<V> {
    return new RDD(map(this.node, ([, value]) => value, "values"));
  }

  mapValues<K, V, U>(this: RDD<readonly [K, V]>, f: (value: V) => U): RDD<[K, U]> {
    return new RDD(mapValues(this.node, f));
  }

  reduceByKey<K, V>(
    this: RDD<readonly [K, V]>,
    f: (a: Widen<V>, b: Widen<V>) => Widen<V>,
    numPartitions?: number,
  ): RDD<[K, Widen<V>]> {
    const partitioner = defaultPartitioner([this.node], numPartitions);
    return new RDD(reduceByKey(widenRDD(this.node), f, partitioner));
  }

  groupByKey<K, V>(this: RDD<readonly [K, V]>, numPartitions?: number): RDD<[K, V[]]> {
    const partitioner = defaultPartitioner([this.node], numPartitions);
    const mapSideCombine = false;
    return new RDD(groupByKey(this.node, { partitioner, buffer: "CompactBuffer", mapSideCombine }));
  }

  cogroup<K, V, W>(
    this: RDD<readonly [K, V]>,
    other: RDD<readonly [K, W]>,
    numPartitions?: number,
  ): RDD<[K, [V[], W[]]]> {
    const partitioner = defaultPartitioner([this.node, other.node], numPartitions);
    return new RDD(cogroupPair(this.node, other.node, partitioner));
  }

  /** For a key with m values here and n there: m * n pairs, this side's values outermost. */
  join<K, V, W>(
    this: RDD<readonly [K, V]>,
    other: RDD<readonly [K, W]>,
    numPartitions?: number,
  ): RDD<[K, [V, W]]> {
    const partitioner = defaultPartitioner([this.node, other.node], numPartitions);
    return new RDD(joinNodes(this.node, other.node, partitioner));
  }

  persist(level: StorageLevel = "MEMORY_ONLY"): this {
    const current = this.node.storageLevel;
    if (current !== "NONE" && current !== level) {
      throw new PipelineError(
        "GRAPH_INVALID",
        "Cannot change storage level of an RDD after it was already assigned a level",
      );
    }
    this.node.storageLevel = level;
    return this;
  }

  cache(): this {
    return this.persist();
  }

  unpersist(): this {
    this.node.context.unpersist(this.node);
    this.node.storageLevel = "NONE";
    return this;
  }

  toDebugString(): string {
    return toDebugString(this.node);
  }

  /** Writes a directory of text files, one a partition, with a line a record.
   *  Throws: PipelineError FILE_EXISTS. */
  saveAsTextFile(path: string): void {
    saveAsTextFile(this.node, path);
  }

  /** The same with a line of JSON a record, which `objectFile` reads. */
  saveAsObjectFile(path: string): void {
    saveAsObjectFile(this.node, path);
  }

  // Actions

  /** All records, partitions in order. */
  collect(): T[] {
    return this.#run("collect", (records) => records).flat();
  }

  count(): number {
    return this.#run("count", (records) => records.length).reduce((sum, count) => sum + count, 0);
  }

  isEmpty(): boolean {
    return this.node.numPartitions === 0 || this.take(1).length === 0;
  }

  /** The first records in partition order, in as many jobs as it takes. */
  take(count: number): T[] {
    const found: T[] = [];
    let scanned = 0;
    while (found.length < count && scanned < this.node.numPartitions) {
      const size = takeRound({ scanned, found: found.length, wanted: count });
      const end = Math.min(scanned + size, this.node.numPartitions);
      const partitions = Array.from({ length: end - scanned }, (_, index) => scanned + index);
      const wanted = count - found.length;
      const results = this.#run("take", (records) => records.slice(0, wanted), partitions);
      found.push(...results.flat().slice(0, wanted));
      scanned = end;
    }
    return found;
  }

  /** Throws: PipelineError OUT_OF_RANGE `empty collection`. */
  first(): T {
    const [record] = this.take(1);
    if (record === undefined) throw emptyCollection();
    return record;
  }

  /** Left to right in each partition, then over the partitions.
   *  Throws: PipelineError OUT_OF_RANGE `empty collection`. */
  reduce(f: (a: T, b: T) => T): T {
    const partial = this.#run("reduce", (records) =>
      records.length === 0 ? [] : [records.reduce(f)],
    ).flat();
    if (partial.length === 0) throw emptyCollection();
    return partial.reduce(f);
  }

  /** The smallest records, ascending by `compare`. */
  takeOrdered(count: number, compare: (a: T, b: T) => number): T[] {
    const best = this.#run("takeOrdered", (records) => [...records].sort(compare).slice(0, count));
    return best.flat().sort(compare).slice(0, count);
  }

  /** The greatest records, descending by `compare`. */
  top(count: number, compare: (a: T, b: T) => number): T[] {
    return this.takeOrdered(count, (a, b) => compare(b, a));
  }

  /** Runs on the executors, partition by partition. */
  foreach(f: (record: T) => void): void {
    this.#run("foreach", (records) => records.forEach((record) => f(record)));
  }

  /** Once per partition, also for an empty one. */
  foreachPartition(f: (records: readonly T[]) => void): void {
    this.#run("foreachPartition", (records) => f(records));
  }

  toString(): string {
    return String(this.node);
  }

  #run<R>(
    name: string,
    ofPartition: (records: T[]) => R,
    partitions = Array.from({ length: this.node.numPartitions }, (_, index) => index),
  ): readonly R[] {
    const action: Action<T, R> = {
      name,
      run: (task, rdd, partition) => {
        const records: T[] = [];
        task.iterate(rdd, partition, (record) => records.push(record));
        try {
          return ofPartition(records);
        } catch (thrown) {
          const at = { site: rdd.context.site(name), origin: rdd.origin };
          throw task.userError(at, thrown, undefined);
        }
      },
    };
    return this.node.context.runJob(this.node, partitions, action);
  }
}

function emptyCollection(): PipelineError {
  return new PipelineError(
    "OUT_OF_RANGE",
    "org.apache.spark.SparkUnsupportedOperationException: empty collection",
  );
}

/** The partitioner of the input with most partitions if it has one that is good enough, else a hash
 *  partitioner over the default parallelism. Like Spark: Partitioner.defaultPartitioner with
 *  `spark.default.parallelism` set. */
function defaultPartitioner(
  rdds: readonly RDDNode<unknown>[],
  numPartitions: number | undefined,
): Partitioner {
  if (numPartitions !== undefined) return hashPartitioner(numPartitions);
  const parallelism = rdds[0]?.context.defaultParallelism ?? 1;
  let best: Partitioner | null = null;
  let most = 0;
  for (const { partitioner, numPartitions: count } of rdds) {
    most = Math.max(most, count);
    if (partitioner === null || partitioner.numPartitions === 0) continue;
    if (best === null || partitioner.numPartitions > best.numPartitions) best = partitioner;
  }
  if (best === null) return hashPartitioner(parallelism);
  const isEligible = most < 10 * best.numPartitions;
  return isEligible || parallelism <= best.numPartitions ? best : hashPartitioner(parallelism);
}

export function cogroupPair<K, V, W>(
  left: RDDNode<readonly [K, V]>,
  right: RDDNode<readonly [K, W]>,
  partitioner: Partitioner,
  operator = "cogroup",
): RDDNode<[K, [V[], W[]]]> {
  const grouped = cogroup<K>([left, right], partitioner, operator);
  return mapValues(grouped, (groups) => sides<V, W>(groups), operator);
}

export function joinNodes<K, V, W>(
  left: RDDNode<readonly [K, V]>,
  right: RDDNode<readonly [K, W]>,
  partitioner: Partitioner,
): RDDNode<[K, [V, W]]> {
  const grouped = cogroupPair(left, right, partitioner, "join");
  return mapPartitions(
    grouped,
    (records) =>
      records.flatMap(([key, [ours, theirs]]) =>
        ours.flatMap((v) => theirs.map((w): [K, [V, W]] => [key, [v, w]])),
      ),
    { operator: "join", preservesPartitioning: true },
  );
}

/** A cogroup keeps values of all types side by side: the first parent's are V, the second's W. */
function sides<V, W>(groups: Groups): [V[], W[]] {
  return [(groups[0] ?? []) as V[], (groups[1] ?? []) as W[]];
}
