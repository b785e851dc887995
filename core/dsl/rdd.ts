/** The RDD a person sees inside `transform` and `foreachRDD`. Transformations are lazy; actions run
 *  a job and wait for it. Like Spark: org.apache.spark.rdd.RDD.
 *
 *  Methods for some kinds of records only are in the classes this one extends: `pair-rdd`,
 *  `double-rdd`. */

import { PipelineError } from "../base/errors.ts";
import { filter, flatMap, map, mapPartitions } from "../rdd/map-partitions.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import { takeRound } from "../rdd/take-round.ts";
import { saveAsObjectFile, saveAsTextFile } from "../rdd/text-files.ts";
import { union } from "../rdd/union.ts";
import { DoubleRDDFunctions } from "./double-rdd.ts";

export class RDD<T> extends DoubleRDDFunctions<T> {
  protected of<U>(node: RDDNode<U>): RDD<U> {
    return new RDD(node);
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
    return this.run("collect", (records) => records).flat();
  }

  count(): number {
    return this.run("count", (records) => records.length).reduce((sum, count) => sum + count, 0);
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
      const results = this.run("take", (records) => records.slice(0, wanted), partitions);
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
    const partial = this.run("reduce", (records) =>
      records.length === 0 ? [] : [records.reduce(f)],
    ).flat();
    if (partial.length === 0) throw emptyCollection();
    return partial.reduce(f);
  }

  /** The smallest records, ascending by `compare`. */
  takeOrdered(count: number, compare: (a: T, b: T) => number): T[] {
    const best = this.run("takeOrdered", (records) => [...records].sort(compare).slice(0, count));
    return best.flat().sort(compare).slice(0, count);
  }

  /** The greatest records, descending by `compare`. */
  top(count: number, compare: (a: T, b: T) => number): T[] {
    return this.takeOrdered(count, (a, b) => compare(b, a));
  }

  /** Runs on the executors, partition by partition. */
  foreach(f: (record: T) => void): void {
    this.run("foreach", (records) => records.forEach((record) => f(record)));
  }

  /** Once per partition, also for an empty one. */
  foreachPartition(f: (records: readonly T[]) => void): void {
    this.run("foreachPartition", (records) => f(records));
  }
}

function emptyCollection(): PipelineError {
  return new PipelineError(
    "OUT_OF_RANGE",
    "org.apache.spark.SparkUnsupportedOperationException: empty collection",
  );
}
