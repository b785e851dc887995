/** Operations on RDDs of pairs. Like Spark: PairRDDFunctions. */

import { KeyMap } from "../record/key-map.ts";
import type { Option } from "../record/option.ts";
import { flatMapValues } from "../rdd/flat-map-values.ts";
import { cogroupAll, fullOuterJoin, join, leftOuterJoin, rightOuterJoin } from "../rdd/join.ts";
import { filter, map, mapValues } from "../rdd/map-partitions.ts";
import { partitionBy } from "../rdd/partition-by.ts";
import { type Partitioner, partitionOf } from "../rdd/partitioner.ts";
import { runAction } from "../rdd/run-action.ts";
import { sampleByKey } from "../rdd/sample-by-key.ts";
import { type Seed, seedOf } from "../rdd/sampled.ts";
import { subtractByKey } from "../rdd/subtracted.ts";
import { CombinedRDDFunctions } from "./combined-rdd.ts";
import { type Pairs, partitionerFor, type RDDPartitioning } from "./partitioning.ts";
import { RDDBase } from "./rdd-base.ts";
import type { RDD } from "./rdd.ts";

/** One to three RDDs of pairs, and perhaps where their keys go. */
type CogroupInput<K> = readonly (Pairs<K, unknown> | RDDPartitioning | undefined)[];

export abstract class PairRDDFunctions<T> extends CombinedRDDFunctions<T> {
  keys<K, V>(this: Pairs<K, V>): RDD<K> {
    return this.of(map(this.node, ([key]) => key, "keys"));
  }

  values<K, V>(this: Pairs<K, V>): RDD<V> {
    return this.of(map(this.node, ([, value]) => value, "values"));
  }

  /** Keys stay, and with them the partitioner. */
  mapValues<K, V, U>(this: Pairs<K, V>, f: (value: V) => U): RDD<[K, U]> {
    return this.of(mapValues(this.node, f));
  }

  /** Any number of values for each, under its key; the partitioner stays. */
  flatMapValues<K, V, U>(this: Pairs<K, V>, f: (value: V) => Iterable<U>): RDD<[K, U]> {
    return this.of(flatMapValues(this.node, f));
  }

  /** The RDD itself where it is partitioned that way already. */
  partitionBy<K, V>(this: Pairs<K, V>, partitioner: Partitioner): Pairs<K, V> {
    const node = partitionBy(this.node, partitioner);
    return node === this.node ? this : this.of(node);
  }

  /** For each key of any of them, the values that each has. */
  cogroup<K, V, W>(
    this: Pairs<K, V>,
    other: Pairs<K, W>,
    partitioning?: RDDPartitioning,
  ): RDD<[K, [V[], W[]]]>;
  cogroup<K, V, W1, W2>(
    this: Pairs<K, V>,
    other1: Pairs<K, W1>,
    other2: Pairs<K, W2>,
    partitioning?: RDDPartitioning,
  ): RDD<[K, [V[], W1[], W2[]]]>;
  cogroup<K, V, W1, W2, W3>(
    this: Pairs<K, V>,
    other1: Pairs<K, W1>,
    other2: Pairs<K, W2>,
    other3: Pairs<K, W3>,
    partitioning?: RDDPartitioning,
  ): RDD<[K, [V[], W1[], W2[], W3[]]]>;
  cogroup<K>(this: Pairs<K, unknown>, ...given: CogroupInput<K>): RDD<[K, unknown[][]]> {
    const [inputs, partitioner] = cogroupInput<K>(this, given);
    return this.of(cogroupAll(inputs, partitioner, "cogroup"));
  }

  /** Another name of `cogroup`. */
  groupWith<K, V, W>(this: Pairs<K, V>, other: Pairs<K, W>): RDD<[K, [V[], W[]]]>;
  groupWith<K, V, W1, W2>(
    this: Pairs<K, V>,
    other1: Pairs<K, W1>,
    other2: Pairs<K, W2>,
  ): RDD<[K, [V[], W1[], W2[]]]>;
  groupWith<K, V, W1, W2, W3>(
    this: Pairs<K, V>,
    other1: Pairs<K, W1>,
    other2: Pairs<K, W2>,
    other3: Pairs<K, W3>,
  ): RDD<[K, [V[], W1[], W2[], W3[]]]>;
  groupWith<K>(this: Pairs<K, unknown>, ...given: CogroupInput<K>): RDD<[K, unknown[][]]> {
    const [inputs, partitioner] = cogroupInput<K>(this, given);
    return this.of(cogroupAll(inputs, partitioner, "groupWith"));
  }

  /** For a key with m values here and n there: m * n pairs, this side's values outermost. */
  join<K, V, W>(
    this: Pairs<K, V>,
    other: Pairs<K, W>,
    partitioning?: RDDPartitioning,
  ): RDD<[K, [V, W]]> {
    return this.of(join(this.node, other.node, partitionerFor(partitioning, [this, other])));
  }

  /** As `join`, and None beside each value here whose key is not there. */
  leftOuterJoin<K, V, W>(
    this: Pairs<K, V>,
    other: Pairs<K, W>,
    partitioning?: RDDPartitioning,
  ): RDD<[K, [V, Option<W>]]> {
    const partitioner = partitionerFor(partitioning, [this, other]);
    return this.of(leftOuterJoin(this.node, other.node, partitioner));
  }

  /** As `join`, and None beside each value there whose key is not here. */
  rightOuterJoin<K, V, W>(
    this: Pairs<K, V>,
    other: Pairs<K, W>,
    partitioning?: RDDPartitioning,
  ): RDD<[K, [Option<V>, W]]> {
    const partitioner = partitionerFor(partitioning, [this, other]);
    return this.of(rightOuterJoin(this.node, other.node, partitioner));
  }

  /** As `join`, and None beside each value whose key the other side has not. */
  fullOuterJoin<K, V, W>(
    this: Pairs<K, V>,
    other: Pairs<K, W>,
    partitioning?: RDDPartitioning,
  ): RDD<[K, [Option<V>, Option<W>]]> {
    const partitioner = partitionerFor(partitioning, [this, other]);
    return this.of(fullOuterJoin(this.node, other.node, partitioner));
  }

  /** The pairs whose keys the other RDD does not have, duplicates included. Partitioned as this RDD
   *  is, or by hash over as many partitions as it has. */
  subtractByKey<K, V, W>(
    this: Pairs<K, V>,
    other: Pairs<K, W>,
    partitioning: RDDPartitioning = this.node.partitioner ?? this.node.numPartitions,
  ): RDD<[K, V]> {
    const partitioner = partitionerFor(partitioning, [this]);
    return this.of(subtractByKey(this.node, other.node, partitioner));
  }

  /** About the part of each key's pairs that `fractions` says; without a seed, the RDD's number is
   *  the seed.
   *  Throws: PipelineError GRAPH_INVALID for fractions below 0. */
  sampleByKey<K, V>(
    this: Pairs<K, V>,
    withReplacement: boolean,
    fractions: ReadonlyMap<K, number>,
    seed?: Seed,
  ): Pairs<K, V> {
    const isExact = false;
    const options = { withReplacement, fractions, seed: seedOf(this.node, seed), isExact };
    return this.of(sampleByKey(this.node, options));
  }

  /** Exactly that part, rounded up; runs a job at once, with replacement two.
   *  Throws: PipelineError GRAPH_INVALID for fractions below 0. */
  sampleByKeyExact<K, V>(
    this: Pairs<K, V>,
    withReplacement: boolean,
    fractions: ReadonlyMap<K, number>,
    seed?: Seed,
  ): Pairs<K, V> {
    const isExact = true;
    const options = { withReplacement, fractions, seed: seedOf(this.node, seed), isExact };
    return this.of(sampleByKey(this.node, options));
  }

  /** The values of one key. Where the partitioner says in which partition they are, no other is
   *  computed. */
  lookup<K, V>(this: Pairs<K, V>, key: K): V[] {
    const wanted = new KeyMap<true>();
    wanted.add(key, true);
    const isWanted = ([own]: readonly [K, V]): boolean => wanted.find(own) !== undefined;
    const { partitioner } = this.node;
    if (partitioner !== null) {
      const found = runAction(
        this.node,
        "lookup",
        (pairs) => pairs.filter(isWanted).map(([, value]) => value),
        [partitionOf(partitioner, key)],
      );
      return found.flat(1);
    }
    const values = map(filter(this.node, isWanted, "lookup"), ([, value]) => value, "lookup");
    return runAction(values, "lookup", (records) => records).flat(1);
  }
}

/** The RDDs to group, this one first, and where their keys go. */
function cogroupInput<K>(
  self: Pairs<K, unknown>,
  given: CogroupInput<K>,
): [Pairs<K, unknown>["node"][], Partitioner] {
  const inputs = [self];
  let partitioning: RDDPartitioning | undefined;
  for (const one of given) {
    if (one instanceof RDDBase) inputs.push(one);
    else partitioning = one ?? partitioning;
  }
  return [inputs.map((input) => input.node), partitionerFor(partitioning, inputs)];
}
