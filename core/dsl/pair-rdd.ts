/** Operations on RDDs of pairs. Like Spark: PairRDDFunctions. */

import { defaultPartitioner } from "../rdd/default-partitioner.ts";
import { cogroup2, join } from "../rdd/join.ts";
import { map, mapValues } from "../rdd/map-partitions.ts";
import { hashPartitioner, type Partitioner } from "../rdd/partitioner.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import { groupByKey, reduceByKey } from "../rdd/shuffle.ts";
import { RDDBase } from "./rdd-base.ts";
import type { RDD } from "./rdd.ts";
import { type Widen, widenRDD } from "./widen.ts";

export abstract class PairRDDFunctions<T> extends RDDBase<T> {
  keys<K, V>(this: RDD<readonly [K, V]>): RDD<K> {
    return this.of(map(this.node, ([key]) => key, "keys"));
  }

  values<K, V>(this: RDD<readonly [K, V]>): RDD<V> {
    return this.of(map(this.node, ([, value]) => value, "values"));
  }

  mapValues<K, V, U>(this: RDD<readonly [K, V]>, f: (value: V) => U): RDD<[K, U]> {
    return this.of(mapValues(this.node, f));
  }

  reduceByKey<K, V>(
    this: RDD<readonly [K, V]>,
    f: (a: Widen<V>, b: Widen<V>) => Widen<V>,
    numPartitions?: number,
  ): RDD<[K, Widen<V>]> {
    const partitioner = partitionerFor([this.node], numPartitions);
    return this.of(reduceByKey(widenRDD(this.node), f, partitioner));
  }

  groupByKey<K, V>(this: RDD<readonly [K, V]>, numPartitions?: number): RDD<[K, V[]]> {
    const partitioner = partitionerFor([this.node], numPartitions);
    const mapSideCombine = false;
    return this.of(groupByKey(this.node, { partitioner, buffer: "CompactBuffer", mapSideCombine }));
  }

  cogroup<K, V, W>(
    this: RDD<readonly [K, V]>,
    other: RDD<readonly [K, W]>,
    numPartitions?: number,
  ): RDD<[K, [V[], W[]]]> {
    const partitioner = partitionerFor([this.node, other.node], numPartitions);
    return this.of(cogroup2(this.node, other.node, partitioner));
  }

  /** For a key with m values here and n there: m * n pairs, this side's values outermost. */
  join<K, V, W>(
    this: RDD<readonly [K, V]>,
    other: RDD<readonly [K, W]>,
    numPartitions?: number,
  ): RDD<[K, [V, W]]> {
    const partitioner = partitionerFor([this.node, other.node], numPartitions);
    return this.of(join(this.node, other.node, partitioner));
  }
}

/** A number of partitions stands for a hash partitioner, nothing for the default one. */
function partitionerFor(
  rdds: readonly RDDNode<unknown>[],
  numPartitions: number | undefined,
): Partitioner {
  return numPartitions === undefined ? defaultPartitioner(rdds) : hashPartitioner(numPartitions);
}
