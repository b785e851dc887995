/** One value per key, made of all its values.
 *  Like Spark: the half of PairRDDFunctions that rests on `combineByKey`; what Spark takes in two
 *  lists of parameters comes in one. */

import { PipelineError } from "../base/errors.ts";
import { KeyMap } from "../record/key-map.ts";
import { aggregateByKey } from "../rdd/aggregate-by-key.ts";
import { countDistinctByKey } from "../rdd/count-distinct-by-key.ts";
import { countByKey } from "../rdd/count-by-key.ts";
import { map } from "../rdd/map-partitions.ts";
import type { BoundedDouble, PartialResult } from "../rdd/partial-result.ts";
import { precisionFor } from "../rdd/hyper-log-log.ts";
import type { Partitioner } from "../rdd/partitioner.ts";
import { LocalReduction, reduceLocally } from "../rdd/reduce-locally.ts";
import { emptyCollection } from "../rdd/requirement.ts";
import { runAction } from "../rdd/run-action.ts";
import { combineByKey, groupByKey, reduceByKey } from "../rdd/shuffle.ts";
import { OrderedRDDFunctions } from "./ordered-rdd.ts";
import { type Pairs, partitionerFor, type RDDPartitioning } from "./partitioning.ts";
import type { RDD } from "./rdd.ts";
import { type Widen, widenRDD } from "./widen.ts";

/** How a value is taken into what is combined already. */
type Merge<C, V> = (combined: C, value: V) => C;
type Reduce<V> = Merge<Widen<V>, Widen<V>>;

export abstract class CombinedRDDFunctions<T> extends OrderedRDDFunctions<T> {
  /** Values of a key made one, first in each map task, then over the tasks. */
  reduceByKey<K, V>(this: Pairs<K, V>, f: Reduce<V>, numPartitions?: number): RDD<[K, Widen<V>]>;
  reduceByKey<K, V>(this: Pairs<K, V>, partitioner: Partitioner, f: Reduce<V>): RDD<[K, Widen<V>]>;
  reduceByKey<K, V>(
    this: Pairs<K, V>,
    first: Reduce<V> | Partitioner,
    second?: Reduce<V> | number,
  ): RDD<[K, Widen<V>]> {
    const [f, partitioning] = typeof first === "function" ? [first, second] : [second, first];
    if (typeof f !== "function" || typeof partitioning === "function") {
      throw new PipelineError("GRAPH_INVALID", "reduceByKey takes one function; give it one");
    }
    return this.of(reduceByKey(widenRDD(this.node), f, partitionerFor(partitioning, [this])));
  }

  /** Values of a key folded into a zero value, of which each key of each map task has its own; then
   *  `combOp` over the tasks. */
  aggregateByKey<K, V, U>(
    this: Pairs<K, V>,
    zeroValue: U,
    seqOp: Merge<U, V>,
    combOp: Merge<U, U>,
  ): RDD<[K, U]>;
  aggregateByKey<K, V, U>(
    this: Pairs<K, V>,
    zeroValue: U,
    partitioning: RDDPartitioning,
    seqOp: Merge<U, V>,
    combOp: Merge<U, U>,
  ): RDD<[K, U]>;
  aggregateByKey<K, V, U>(
    this: Pairs<K, V>,
    zeroValue: U,
    ...rest: [Merge<U, V>, Merge<U, U>] | [RDDPartitioning, Merge<U, V>, Merge<U, U>]
  ): RDD<[K, U]> {
    const [partitioning, seqOp, combOp] = rest.length === 2 ? [undefined, ...rest] : rest;
    const partitioner = partitionerFor(partitioning, [this]);
    const operator = "aggregateByKey";
    return this.of(aggregateByKey(this.node, { operator, zeroValue, seqOp, combOp, partitioner }));
  }

  /** As `aggregateByKey` with one function for both. */
  foldByKey<K, V>(this: Pairs<K, V>, zeroValue: Widen<V>, f: Reduce<V>): RDD<[K, Widen<V>]>;
  foldByKey<K, V>(
    this: Pairs<K, V>,
    zeroValue: Widen<V>,
    partitioning: RDDPartitioning,
    f: Reduce<V>,
  ): RDD<[K, Widen<V>]>;
  foldByKey<K, V>(
    this: Pairs<K, V>,
    zeroValue: Widen<V>,
    ...rest: [Reduce<V>] | [RDDPartitioning, Reduce<V>]
  ): RDD<[K, Widen<V>]> {
    const [partitioning, f] = rest.length === 1 ? [undefined, ...rest] : rest;
    const partitioner = partitionerFor(partitioning, [this]);
    const operator = "foldByKey";
    return this.of(
      aggregateByKey(widenRDD(this.node), {
        operator,
        zeroValue,
        seqOp: f,
        combOp: f,
        partitioner,
      }),
    );
  }

  /** The most general one: how the first value begins, takes the next, and meets that of another
   *  task. */
  combineByKey<K, V, C>(
    this: Pairs<K, V>,
    createCombiner: (value: V) => C,
    mergeValue: Merge<C, V>,
    mergeCombiners: Merge<C, C>,
    partitioning?: RDDPartitioning,
    mapSideCombine = true,
  ): RDD<[K, C]> {
    return this.of(
      combineByKey<K, V, C>(this.node, {
        operator: "combineByKey",
        create: createCombiner,
        mergeValue,
        mergeCombined: mergeCombiners,
        mapSideCombine,
        partitioner: partitionerFor(partitioning, [this]),
      }),
    );
  }

  /** `combineByKey`: there are no class tags here. */
  combineByKeyWithClassTag<K, V, C>(
    this: Pairs<K, V>,
    createCombiner: (value: V) => C,
    mergeValue: Merge<C, V>,
    mergeCombiners: Merge<C, C>,
    partitioning?: RDDPartitioning,
    mapSideCombine = true,
  ): RDD<[K, C]> {
    return this.of(
      combineByKey<K, V, C>(this.node, {
        operator: "combineByKeyWithClassTag",
        create: createCombiner,
        mergeValue,
        mergeCombined: mergeCombiners,
        mapSideCombine,
        partitioner: partitionerFor(partitioning, [this]),
      }),
    );
  }

  /** All values of a key, in the order they arrive. */
  groupByKey<K, V>(this: Pairs<K, V>, partitioning?: RDDPartitioning): RDD<[K, V[]]> {
    const partitioner = partitionerFor(partitioning, [this]);
    const mapSideCombine = false;
    return this.of(groupByKey(this.node, { partitioner, buffer: "CompactBuffer", mapSideCombine }));
  }

  /** About how many distinct values each key has. With one number, or two, the relative standard
   *  deviation of the answer and the partitions; with three arguments, the precisions of the
   *  registers and of a small count.
   *  Throws: PipelineError GRAPH_INVALID for precisions that cannot be. */
  countApproxDistinctByKey<K, V>(
    this: Pairs<K, V>,
    relativeSD?: number,
    partitioning?: RDDPartitioning,
  ): RDD<[K, number]>;
  countApproxDistinctByKey<K, V>(
    this: Pairs<K, V>,
    p: number,
    sp: number,
    partitioner: Partitioner,
  ): RDD<[K, number]>;
  countApproxDistinctByKey<K, V>(
    this: Pairs<K, V>,
    first = 0.05,
    second?: RDDPartitioning,
    partitioner?: Partitioner,
  ): RDD<[K, number]> {
    const isPrecise = partitioner !== undefined && typeof second === "number";
    const to = partitionerFor(isPrecise ? partitioner : second, [this]);
    const precisions = isPrecise ? ([first, second] as const) : ([precisionFor(first), 0] as const);
    return this.of(countDistinctByKey(this.node, precisions, to));
  }

  // Actions

  /** The values of each key made one, on the driver.
   *  Throws: PipelineError OUT_OF_RANGE `empty collection` for an RDD of no partitions. */
  reduceByKeyLocally<K, V>(this: Pairs<K, V>, f: Reduce<V>): Map<K, Widen<V>> {
    const reduced = runAction(reduceLocally(widenRDD(this.node), f), "reduceByKeyLocally", (maps) =>
      maps.flatMap((map) => map.pairs()),
    );
    if (reduced.length === 0) throw emptyCollection();
    const merged = new LocalReduction<K, Widen<V>>(f);
    for (const [key, value] of reduced.flat()) merged.add(key, value);
    return new Map(merged.pairs());
  }

  /** How many pairs each key has. */
  countByKey<K>(this: Pairs<K, unknown>): Map<K, number> {
    return countByKey(this.node);
  }

  /** The same, each count with its bounds: exact, as all tasks are waited for.
   *  Throws: PipelineError GRAPH_INVALID for a confidence outside [0, 1]. */
  countByKeyApprox<K>(
    this: Pairs<K, unknown>,
    timeoutMs: number,
    confidence = 0.95,
  ): PartialResult<Map<K, BoundedDouble>> {
    const keys = this.of(map(this.node, ([key]) => key, "countByKeyApprox"));
    return keys.countByValueApprox(timeoutMs, confidence);
  }

  /** The last value of each key, in the order that `collect` gives them. */
  collectAsMap<K, V>(this: Pairs<K, V>): Map<K, V> {
    const last = new KeyMap<readonly [K, V]>();
    for (const pair of runAction(this.node, "collectAsMap", (pairs) => pairs).flat()) {
      const cell = last.find(pair[0]);
      if (cell === undefined) last.add(pair[0], pair);
      else cell.value = [cell.value[0], pair[1]];
    }
    return new Map(last.cells.map(({ value }) => value));
  }
}
