/** Two to four keyed RDDs side by side, key by key; and the joins, which are cogroups whose values
 *  are paired.
 *  Like Spark: PairRDDFunctions.cogroup, join, leftOuterJoin, rightOuterJoin, fullOuterJoin. */

import { None, type Option, Some } from "../record/option.ts";
import { cogroup, type Groups } from "./cogroup.ts";
import { flatMapValues } from "./flat-map-values.ts";
import { mapValues } from "./map-partitions.ts";
import type { Partitioner } from "./partitioner.ts";
import type { RDDNode } from "./rdd.ts";

/** A keyed RDD. */
export type Keyed<K, V> = RDDNode<readonly [K, V]>;

export function cogroup2<K, V, W>(
  left: Keyed<K, V>,
  right: Keyed<K, W>,
  partitioner: Partitioner,
  operator = "cogroup",
): RDDNode<[K, [V[], W[]]]> {
  const grouped = cogroup<K>([left, right], partitioner, operator);
  return mapValues(
    grouped,
    (groups): [V[], W[]] => [valuesOf<V>(groups, 0), valuesOf<W>(groups, 1)],
    operator,
  );
}

/** For each key the values of each parent, as many groups as parents. */
export function cogroupAll<K>(
  parents: readonly Keyed<K, unknown>[],
  partitioner: Partitioner,
  operator: string,
): RDDNode<[K, unknown[][]]> {
  const grouped = cogroup<K>(parents, partitioner, operator);
  return mapValues(
    grouped,
    (groups) => groups.map((_, parent) => valuesOf(groups, parent)),
    operator,
  );
}

/** For a key with m values here and n there: m * n pairs, the left side's values outermost. */
export function join<K, V, W>(
  left: Keyed<K, V>,
  right: Keyed<K, W>,
  partitioner: Partitioner,
): RDDNode<[K, [V, W]]> {
  return flatMapValues(
    cogroup2(left, right, partitioner, "join"),
    ([ours, theirs]) => ours.flatMap((v) => theirs.map((w): [V, W] => [v, w])),
    "join",
  );
}

/** As `join`, and None for the right side of keys that are only on the left. */
export function leftOuterJoin<K, V, W>(
  left: Keyed<K, V>,
  right: Keyed<K, W>,
  partitioner: Partitioner,
): RDDNode<[K, [V, Option<W>]]> {
  return flatMapValues(
    cogroup2(left, right, partitioner, "leftOuterJoin"),
    ([ours, theirs]) => ours.flatMap((v) => options(theirs).map((w): [V, Option<W>] => [v, w])),
    "leftOuterJoin",
  );
}

/** As `join`, and None for the left side of keys that are only on the right. */
export function rightOuterJoin<K, V, W>(
  left: Keyed<K, V>,
  right: Keyed<K, W>,
  partitioner: Partitioner,
): RDDNode<[K, [Option<V>, W]]> {
  return flatMapValues(
    cogroup2(left, right, partitioner, "rightOuterJoin"),
    ([ours, theirs]) => options(ours).flatMap((v) => theirs.map((w): [Option<V>, W] => [v, w])),
    "rightOuterJoin",
  );
}

/** As `join`, and None for the side that a key is not on. */
export function fullOuterJoin<K, V, W>(
  left: Keyed<K, V>,
  right: Keyed<K, W>,
  partitioner: Partitioner,
): RDDNode<[K, [Option<V>, Option<W>]]> {
  return flatMapValues(
    cogroup2(left, right, partitioner, "fullOuterJoin"),
    ([ours, theirs]) =>
      options(ours).flatMap((v) => options(theirs).map((w): [Option<V>, Option<W>] => [v, w])),
    "fullOuterJoin",
  );
}

/** Each value there is, or one None: a key that a cogroup gives is on one side at least. */
function options<V>(values: readonly V[]): readonly Option<V>[] {
  return values.length === 0 ? [None] : values.map(Some);
}

/** A cogroup keeps values of all types side by side; those of a parent are of that parent's. */
function valuesOf<V>(groups: Groups, parent: number): V[] {
  return (groups[parent] ?? []) as V[];
}
