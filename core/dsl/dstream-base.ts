/** What every stream can do, pairs or not: operations record by record and batch by batch, and how
 *  its RDDs are kept. Like Spark: DStream. */

import { PipelineError } from "../base/errors.ts";
import type { Duration } from "../base/time.ts";
import { filterStream } from "../operators/filter.ts";
import { flatMapStream } from "../operators/flat-map.ts";
import { outputStream } from "../operators/for-each-rdd.ts";
import { mapStream } from "../operators/map.ts";
import { mapPartitionsStream } from "../operators/map-partitions.ts";
import { transformStream } from "../operators/transform.ts";
import { unionStream } from "../operators/union.ts";
import { windowStream } from "../operators/window.ts";
import { batchPath } from "../rdd/text-files.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import type { StorageLevel } from "../rdd/storage-level.ts";
import type { StreamNode } from "../stream/node.ts";
import type { DStream } from "./dstream.ts";
import type { Interval } from "./interval.ts";
import { RDD } from "./rdd.ts";
import type { StreamingContext } from "./streaming-context.ts";

export abstract class DStreamBase<T> {
  /** What the engine runs. */
  readonly node: StreamNode<T>;

  constructor(node: StreamNode<T>) {
    this.node = node;
  }

  protected abstract derive<U>(node: StreamNode<U>): DStream<U>;

  /** Streams made by `run` are steps of one call of the person's. */
  protected within<R>(call: string, run: () => R): R {
    return this.node.owner.within(call, run);
  }

  get context(): StreamingContext {
    // Only a StreamingContext makes graphs for people.
    return this.node.owner.context as StreamingContext;
  }

  /** How far apart this stream's RDDs are, in ms. */
  get slideDuration(): Duration {
    return this.node.slideMs;
  }

  /** The streams this one is made from. */
  get dependencies(): readonly DStream<unknown>[] {
    return this.node.parents.map((parent) => this.derive(parent));
  }

  map<U>(f: (record: T) => U): DStream<U> {
    return this.derive(mapStream(this.node, f));
  }

  flatMap<U>(f: (record: T) => Iterable<U>): DStream<U> {
    return this.derive(flatMapStream(this.node, f));
  }

  filter(keep: (record: T) => boolean): DStream<T> {
    return this.derive(filterStream(this.node, keep));
  }

  /** One array per partition, empty ones included. */
  glom(): DStream<readonly T[]> {
    return this.derive(
      mapPartitionsStream<T, readonly T[]>(this.node, {
        operator: "glom",
        f: (records) => [records],
        preservesPartitioning: false,
      }),
    );
  }

  /** `f` is called once per partition, also for an empty one. */
  mapPartitions<U>(
    f: (records: readonly T[]) => Iterable<U>,
    preservePartitioning = false,
  ): DStream<U> {
    return this.derive(
      mapPartitionsStream(this.node, {
        operator: "mapPartitions",
        f,
        preservesPartitioning: preservePartitioning,
      }),
    );
  }

  union(that: DStream<T>): DStream<T> {
    return this.derive(unionStream(this.node, [that.node]));
  }

  /** The records of each batch dealt anew over so many partitions. */
  repartition(numPartitions: number): DStream<T> {
    return this.within("repartition", () =>
      this.transform((rdd) => rdd.repartition(numPartitions)),
    );
  }

  /** A function of each batch's RDD, called on the driver while the batch is generated. */
  transform<U>(f: (rdd: RDD<T>, timeMs: number) => RDD<U>): DStream<U> {
    return this.derive(
      transformStream<U>({
        operator: "transform",
        parents: [this.node],
        parameters: [f],
        f: ([rdd], timeMs) => f(new RDD(typed<T>(rdd)), timeMs)?.node,
      }),
    );
  }

  /** The same for the RDDs of two streams. */
  transformWith<U, V>(
    other: DStream<U>,
    f: (ours: RDD<T>, theirs: RDD<U>, timeMs: number) => RDD<V>,
  ): DStream<V> {
    return this.derive(
      transformStream<V>({
        operator: "transformWith",
        parents: [this.node, other.node],
        parameters: [f],
        f: ([ours, theirs], timeMs) =>
          f(new RDD(typed<T>(ours)), new RDD(typed<U>(theirs)), timeMs)?.node,
      }),
    );
  }

  /** The records of the last batches: at zero time + n slides those in (t - window, t]. */
  window(windowDuration: Duration, slideDuration: Duration = this.node.slideMs): DStream<T> {
    return this.derive(windowStream(this.node, windowDuration, slideDuration));
  }

  /** The RDDs of a running stream: from one batch time to another, both included. Those no longer
   *  remembered are made again.
   *  Throws: PipelineError CONTEXT_STATE before the start. */
  slice(interval: Interval): RDD<T>[];
  slice(fromTime: number, toTime: number): RDD<T>[];
  slice(from: Interval | number, to = 0): RDD<T>[] {
    const [fromMs, toMs] = typeof from === "number" ? [from, to] : [from.beginTime, from.endTime];
    return this.node.owner.slice(this.node, fromMs, toMs).map((rdd) => new RDD(rdd));
  }

  /** Keeps the RDDs of this stream once they are computed. A window keeps its parent's instead.
   *  Throws: PipelineError CONTEXT_STATE after the start. */
  persist(level: StorageLevel = "MEMORY_ONLY_SER"): this {
    this.node.persist(level);
    return this;
  }

  cache(): this {
    return this.persist();
  }

  /** How often this stream's RDDs are checkpointed; also persists them.
   *  Throws: PipelineError CONTEXT_STATE after the start. */
  checkpoint(interval: Duration): this {
    this.node.checkpoint(interval);
    return this;
  }

  /** Writes the first records of each batch. */
  print(count = 10): void {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new PipelineError("GRAPH_INVALID", `print(${count}) needs a whole number, 0 or more`);
    }
    outputStream(this.node, { kind: "print", count }, [count]);
  }

  /** Calls `f` on the driver for each batch, also for an empty one. */
  foreachRDD(f: (rdd: RDD<T>, timeMs: number) => void): void {
    const run = (rdd: RDDNode<unknown>, timeMs: number): void => f(new RDD(typed<T>(rdd)), timeMs);
    outputStream(this.node, { kind: "foreachRDD", run }, [f]);
  }

  /** Writes each batch as a directory of text files, `prefix-<ms>` or `prefix-<ms>.suffix`. A batch
   *  that runs again after a crash writes over it. */
  saveAsTextFiles(prefix: string, suffix = ""): void {
    this.foreachRDD((rdd, timeMs) => rdd.saveAsTextFile(batchPath(prefix, suffix, timeMs)));
  }

  /** The same with a line of JSON a record, where Spark writes Java's serialised objects. */
  saveAsObjectFiles(prefix: string, suffix = ""): void {
    this.foreachRDD((rdd, timeMs) => rdd.saveAsObjectFile(batchPath(prefix, suffix, timeMs)));
  }
}

/** A transform's parents are streams of all types side by side; each RDD is of its own stream's. */
export function typed<T>(rdd: RDDNode<unknown> | undefined): RDDNode<T> {
  return rdd as RDDNode<T>;
}
