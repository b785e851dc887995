/** The RDD a person sees inside `transform` and `foreachRDD`. Transformations are lazy; actions run
 *  a job and wait for it. Names, argument order and defaults are those of Spark's Scala API, with
 *  the arguments of its second lists in the same one. Like Spark: org.apache.spark.rdd.RDD.
 *
 *  The methods are in the classes this one extends, each a layer: what every RDD has (`rdd-base`),
 *  pairs (`ordered-rdd`, `combined-rdd`, `pair-rdd`), numbers (`double-rdd`), actions
 *  (`rdd-actions`) and RDDs met with others (`rdd-sets`). They all give RDDs, and know the class
 *  only as a type. */

import { coalesce } from "../rdd/coalesced.ts";
import { defaultPartitioner } from "../rdd/default-partitioner.ts";
import { filter, flatMap, map, mapPartitions } from "../rdd/map-partitions.ts";
import { naturalOrdering, type Ordering } from "../rdd/ordering.ts";
import { pipe, type PipeOptions } from "../rdd/piped.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import { randomSplit, sample, type Seed, seedOf } from "../rdd/sampled.ts";
import { saveAsObjectFile, saveAsTextFile } from "../rdd/text-files.ts";
import type { Pairs, RDDPartitioning } from "./partitioning.ts";
import { RDDSets } from "./rdd-sets.ts";

export class RDD<T> extends RDDSets<T> {
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
    const operator = "mapPartitions";
    return new RDD(mapPartitions(this.node, f, { operator, preservesPartitioning }));
  }

  /** The same with the number of the partition first. */
  mapPartitionsWithIndex<U>(
    f: (index: number, records: readonly T[]) => Iterable<U>,
    preservesPartitioning = false,
  ): RDD<U> {
    const operator = "mapPartitionsWithIndex";
    const indexed = (records: readonly T[], index: number): Iterable<U> => f(index, records);
    return new RDD(mapPartitions(this.node, indexed, { operator, preservesPartitioning }));
  }

  /** One array per partition, empty ones included. */
  glom(): RDD<readonly T[]> {
    return new RDD(mapPartitions(this.node, (records) => [records], { operator: "glom" }));
  }

  /** All records, partitions in order. With a function: an RDD of what it makes of the records it
   *  is defined at; it gives `undefined` for the others, and is called twice for each it takes. */
  collect(): T[];
  collect<U>(f: (record: T) => U | undefined): RDD<U>;
  collect<U>(f?: (record: T) => U | undefined): T[] | RDD<U> {
    if (f === undefined) return this.run("collect", (records) => records).flat();
    const taken = filter(this.node, (record) => f(record) !== undefined, "collect");
    // Where `f` is not defined the record is gone.
    return new RDD(map(taken, (record) => f(record) as U, "collect"));
  }

  /** Records as the values of keys made of them. */
  keyBy<K>(f: (record: T) => K): RDD<[K, T]> {
    return new RDD(map(this.node, (record): [K, T] => [f(record), record], "keyBy"));
  }

  /** The records of each key; all of them cross the shuffle. */
  groupBy<K>(f: (record: T) => K, partitioning?: RDDPartitioning): RDD<[K, T[]]> {
    const chosen = partitioning ?? defaultPartitioner([this.node]);
    return this.scoped("groupBy", () => {
      const keyed: Pairs<K, T> = this.keyBy(f);
      return keyed.groupByKey(chosen);
    });
  }

  /** Sorted over all partitions, by keys made of the records. A job samples the keys. */
  sortBy<K>(
    f: (record: T) => K,
    ascending = true,
    numPartitions: number = this.node.numPartitions,
    ordering: Ordering<K> = naturalOrdering,
  ): RDD<T> {
    return this.scoped("sortBy", () => {
      const keyed: Pairs<K, T> = this.keyBy(f);
      return keyed.sortByKey(ascending, numPartitions, ordering).values();
    });
  }

  /** Fewer partitions without a shuffle, each of neighbours; more only with one.
   *  Throws: PipelineError GRAPH_INVALID for less than one. */
  coalesce(numPartitions: number, shuffle = false): RDD<T> {
    return this.scoped("coalesce", () => new RDD(coalesce(this.node, numPartitions, shuffle)));
  }

  /** As many partitions, filled evenly through a shuffle. */
  repartition(numPartitions: number): RDD<T> {
    return this.scoped("repartition", () => this.coalesce(numPartitions, true));
  }

  /** Each record with the chance `fraction`; with replacement, `fraction` times on average. Without
   *  a seed, the RDD's number is the seed.
   *  Throws: PipelineError GRAPH_INVALID for a fraction that cannot be. */
  sample(withReplacement: boolean, fraction: number, seed?: Seed): RDD<T> {
    const options = { withReplacement, fraction, seed: seedOf(this.node, seed) };
    return new RDD(sample(this.node, options));
  }

  /** RDDs of about the weights' sizes, each record in one of them.
   *  Throws: PipelineError GRAPH_INVALID for weights below 0, or that add up to 0. */
  randomSplit(weights: readonly number[], seed?: Seed): RDD<T>[] {
    const splits = randomSplit(this.node, weights, seedOf(this.node, seed));
    return splits.map((split) => new RDD(split));
  }

  /** The lines that a function answers to each partition's records, written as lines: Spark forks a
   *  process here. */
  pipe(
    command: (lines: readonly string[]) => Iterable<string>,
    options: PipeOptions<T> = {},
  ): RDD<string> {
    return new RDD(pipe(this.node, command, options));
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
}
