/** A stream of RDDs, one per batch, and the operations on it. Names and argument order are those of
 *  Spark's Scala API. Like Spark: DStream and PairDStreamFunctions. */

import { PipelineError } from "../base/errors.ts";
import type { Duration } from "../base/time.ts";
import { combineByKeyStream } from "../operators/combine-by-key.ts";
import { filterStream } from "../operators/filter.ts";
import { flatMapStream } from "../operators/flat-map.ts";
import { outputStream } from "../operators/for-each-rdd.ts";
import { mapStream } from "../operators/map.ts";
import { mapValuesStream } from "../operators/map-values.ts";
import { reducedWindowStream } from "../operators/reduce-by-key-and-window.ts";
import { transformStream } from "../operators/transform.ts";
import { unionStream } from "../operators/union.ts";
import { updateStateStream, type UpdateFunction } from "../operators/update-state-by-key.ts";
import { windowStream } from "../operators/window.ts";
import { parallelize } from "../rdd/in-memory.ts";
import { hashPartitioner } from "../rdd/partitioner.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import { groupByKey, reduceByKey } from "../rdd/shuffle.ts";
import type { StorageLevel } from "../rdd/storage-level.ts";
import { union } from "../rdd/union.ts";
import type { StreamNode } from "../stream/node.ts";
import { joinNodes, RDD } from "./rdd.ts";
import { type Widen, widenStream } from "./widen.ts";

export class DStream<T> {
  /** What the engine runs. */
  readonly node: StreamNode<T>;

  constructor(node: StreamNode<T>) {
    this.node = node;
  }

  /** How far apart this stream's RDDs are, in ms. */
  get slideDuration(): Duration {
    return this.node.slideMs;
  }

  map<U>(f: (record: T) => U): DStream<U> {
    return new DStream(mapStream(this.node, f));
  }

  flatMap<U>(f: (record: T) => Iterable<U>): DStream<U> {
    return new DStream(flatMapStream(this.node, f));
  }

  filter(keep: (record: T) => boolean): DStream<T> {
    return new DStream(filterStream(this.node, keep));
  }

  union(other: DStream<T>): DStream<T> {
    return new DStream(unionStream(this.node, [other.node]));
  }

  /** A function of each batch's RDD, called on the driver while the batch is generated. */
  transform<U>(f: (rdd: RDD<T>, timeMs: number) => RDD<U>): DStream<U> {
    return new DStream(
      transformStream<U>({
        operator: "transform",
        showsInnerCalls: true,
        parents: [this.node],
        parameters: [f],
        f: ([rdd], timeMs) => f(new RDD(typed<T>(rdd)), timeMs)?.node,
      }),
    );
  }

  /** One record per batch: how many there were; 0 for an empty batch. */
  count(): DStream<number> {
    const { owner } = this.node;
    const ones = mapStream(this.node, (): [null, number] => [null, 1], "count");
    const withZero = transformStream<[null, number]>({
      operator: "transform",
      call: "count",
      showsInnerCalls: true,
      parents: [ones],
      parameters: ["count"],
      f: ([rdd]) => {
        const counted = typed<[null, number]>(rdd);
        const zero = parallelize<[null, number]>(counted.context, [[null, 0]], 1, "makeRDD");
        return union(counted.context, [counted, zero]);
      },
    });
    const summed = reduceByKeyNode(withZero, add, owner.defaultParallelism, "count");
    return new DStream(mapStream(summed, ([, count]) => count, "count"));
  }

  /** How often each value occurs in the batch. */
  countByValue(numPartitions?: number): DStream<[T, number]> {
    const ones = mapStream(this.node, (record): [T, number] => [record, 1], "countByValue");
    const partitions = numPartitions ?? this.node.owner.defaultParallelism;
    return new DStream(reduceByKeyNode(ones, add, partitions, "countByValue"));
  }

  /** One record per batch; none for an empty one. */
  reduce(f: (a: T, b: T) => T): DStream<T> {
    const keyed = mapStream(this.node, (record): [null, T] => [null, record], "reduce");
    const reduced = reduceByKeyNode(keyed, f, 1, "reduce");
    return new DStream(mapStream(reduced, ([, value]) => value, "reduce"));
  }

  /** The records of the last batches: at zero time + n slides those in (t - window, t]. */
  window(windowDuration: Duration, slideDuration: Duration = this.node.slideMs): DStream<T> {
    return new DStream(windowStream(this.node, windowDuration, slideDuration));
  }

  persist(level: StorageLevel = "MEMORY_ONLY_SER"): this {
    this.node.storageLevel = level;
    return this;
  }

  cache(): this {
    return this.persist();
  }

  /** How often this stream's RDDs are checkpointed; also persists them. */
  checkpoint(interval: Duration): this {
    if (this.node.storageLevel === "NONE") this.persist();
    this.node.checkpointMs = interval;
    return this;
  }

  // Pairs

  mapValues<K, V, U>(this: DStream<readonly [K, V]>, f: (value: V) => U): DStream<[K, U]> {
    return new DStream(mapValuesStream(this.node, f));
  }

  reduceByKey<K, V>(
    this: DStream<readonly [K, V]>,
    f: (a: Widen<V>, b: Widen<V>) => Widen<V>,
    numPartitions?: number,
  ): DStream<[K, Widen<V>]> {
    const partitions = numPartitions ?? this.node.owner.defaultParallelism;
    return new DStream(reduceByKeyNode(widenStream(this.node), f, partitions));
  }

  groupByKey<K, V>(this: DStream<readonly [K, V]>, numPartitions?: number): DStream<[K, V[]]> {
    const partitions = numPartitions ?? this.node.owner.defaultParallelism;
    const partitioner = hashPartitioner(partitions);
    return new DStream(
      combineByKeyStream<K, V, V[]>(this.node, {
        operator: "groupByKey",
        parameters: [partitions],
        combine: (rdd) =>
          groupByKey(rdd, { partitioner, buffer: "ArrayBuffer", mapSideCombine: true }),
      }),
    );
  }

  /** The pairs of equal keys of the two RDDs of the same batch. */
  join<K, V, W>(
    this: DStream<readonly [K, V]>,
    other: DStream<readonly [K, W]>,
    numPartitions?: number,
  ): DStream<[K, [V, W]]> {
    const partitions = numPartitions ?? this.node.owner.defaultParallelism;
    return new DStream(
      transformStream<[K, [V, W]]>({
        operator: "join",
        parents: [this.node, other.node],
        parameters: [partitions],
        f: ([left, right]) =>
          joinNodes(
            typed<readonly [K, V]>(left),
            typed<readonly [K, W]>(right),
            hashPartitioner(partitions),
          ),
      }),
    );
  }

  /** Without `inverse`: the whole window is reduced each time. With it: what entered is added to
   *  the last result and what left taken away, which needs a checkpoint directory. */
  reduceByKeyAndWindow<K, V>(
    this: DStream<readonly [K, V]>,
    f: (a: Widen<V>, b: Widen<V>) => Widen<V>,
    windowDuration: Duration,
    slideDuration?: Duration,
    numPartitions?: number,
  ): DStream<[K, Widen<V>]>;
  reduceByKeyAndWindow<K, V>(
    this: DStream<readonly [K, V]>,
    f: (a: Widen<V>, b: Widen<V>) => Widen<V>,
    inverse: (a: Widen<V>, b: Widen<V>) => Widen<V>,
    windowDuration: Duration,
    slideDuration?: Duration,
    numPartitions?: number,
    filter?: (pair: readonly [K, Widen<V>]) => boolean,
  ): DStream<[K, Widen<V>]>;
  reduceByKeyAndWindow<K, V>(
    this: DStream<readonly [K, V]>,
    f: (a: Widen<V>, b: Widen<V>) => Widen<V>,
    ...rest: readonly (WindowArgument<K, Widen<V>> | undefined)[]
  ): DStream<[K, Widen<V>]> {
    const { inverse, windowMs, slideMs, numPartitions, keep } = windowArguments(this.node, rest);
    const call = "reduceByKeyAndWindow";
    const reduced = reduceByKeyNode(widenStream(this.node), f, numPartitions, call);
    if (inverse === null) {
      const windowed = windowStream(reduced, windowMs, slideMs, call);
      return new DStream(reduceByKeyNode(windowed, f, numPartitions, call));
    }
    return new DStream(
      reducedWindowStream(reduced, { reduce: f, inverse, windowMs, slideMs, numPartitions, keep }),
    );
  }

  /** State per key: `f` is called for every known key in every batch, with this batch's values
   *  (perhaps none) and the state (null for none); null as a result forgets the key. Needs a
   *  checkpoint directory. */
  updateStateByKey<S>(
    this: DStream<readonly [KeyOf<T>, ValueOf<T>]>,
    f: UpdateFunction<ValueOf<T>, S>,
    numPartitions?: number,
  ): DStream<[KeyOf<T>, S]> {
    const partitions = numPartitions ?? this.node.owner.defaultParallelism;
    return new DStream(updateStateStream(this.node, f, partitions));
  }

  // Output operations

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
}

/** The key and the value of a pair; never for what is no pair. */
type KeyOf<T> = T extends readonly [infer K, unknown] ? K : never;
type ValueOf<T> = T extends readonly [unknown, infer V] ? V : never;

type WindowArgument<K, V> = number | ((a: V, b: V) => V) | ((pair: readonly [K, V]) => boolean);

interface WindowArguments<K, V> {
  readonly inverse: ((a: V, b: V) => V) | null;
  readonly windowMs: number;
  readonly slideMs: number;
  readonly numPartitions: number;
  readonly keep: ((pair: readonly [K, V]) => boolean) | null;
}

/** Tells the two forms of `reduceByKeyAndWindow` apart by their first argument. */
function windowArguments<K, V>(
  node: StreamNode<unknown>,
  rest: readonly (WindowArgument<K, V> | undefined)[],
): WindowArguments<K, V> {
  const hasInverse = typeof rest[0] === "function";
  const [windowMs, slideMs, numPartitions, keep] = hasInverse ? rest.slice(1) : rest;
  if (typeof windowMs !== "number") {
    throw new PipelineError(
      "GRAPH_INVALID",
      "reduceByKeyAndWindow needs a window duration, such as Seconds(30)",
    );
  }
  return {
    // The overloads say which function stands where.
    inverse: hasInverse ? (rest[0] as (a: V, b: V) => V) : null,
    windowMs,
    slideMs: typeof slideMs === "number" ? slideMs : node.slideMs,
    numPartitions:
      typeof numPartitions === "number" ? numPartitions : node.owner.defaultParallelism,
    keep: typeof keep === "function" ? (keep as (pair: readonly [K, V]) => boolean) : null,
  };
}

function reduceByKeyNode<K, V>(
  parent: StreamNode<readonly [K, V]>,
  f: (a: V, b: V) => V,
  numPartitions: number,
  call = "reduceByKey",
): StreamNode<[K, V]> {
  return combineByKeyStream<K, V, V>(parent, {
    operator: "reduceByKey",
    call,
    parameters: [f, numPartitions],
    combine: (rdd) => reduceByKey(rdd, f, hashPartitioner(numPartitions)),
  });
}

function add(a: number, b: number): number {
  return a + b;
}

/** A transform's parents are streams of all types side by side; each RDD is of its own stream's. */
function typed<T>(rdd: RDDNode<unknown> | undefined): RDDNode<T> {
  return rdd as RDDNode<T>;
}
