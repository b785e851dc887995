/** Pairs moved to where a partitioner puts their keys, one by one: nothing is combined.
 *  Like Spark: ShuffledRDD without an aggregator; PairRDDFunctions.partitionBy,
 *  OrderedRDDFunctions.repartitionAndSortWithinPartitions. */

import { mapPartitionsNode, requirePair } from "./map-partitions.ts";
import type { Ordering } from "./ordering.ts";
import { type Partitioner, samePartitioner } from "./partitioner.ts";
import { RDDNode, type ShuffleDependency } from "./rdd.ts";
import { pairOf } from "./shuffle.ts";

export interface PartitionByOptions<K> {
  readonly operator: string;
  readonly partitioner: Partitioner;
  /** Each partition sorted by it; pairs of equal keys as they arrive. Null: all as they arrive. */
  readonly ordering: Ordering<K> | null;
}

/** The RDD itself where it is partitioned that way already. */
export function partitionBy<K, V>(
  parent: RDDNode<readonly [K, V]>,
  partitioner: Partitioner,
): RDDNode<readonly [K, V]> {
  if (samePartitioner(parent.partitioner, partitioner)) return parent;
  return shuffled(parent, { operator: "partitionBy", partitioner, ordering: null });
}

/** Partitions by `partitioner`, each sorted; no shuffle where the keys lie that way already. */
export function repartitionAndSortWithinPartitions<K, V>(
  parent: RDDNode<readonly [K, V]>,
  partitioner: Partitioner,
  ordering: Ordering<K>,
): RDDNode<[K, V]> {
  const operator = "repartitionAndSortWithinPartitions";
  if (!samePartitioner(parent.partitioner, partitioner)) {
    return shuffled(parent, { operator, partitioner, ordering });
  }
  return mapPartitionsNode<readonly [K, V], [K, V]>({
    parent,
    operator,
    preservesPartitioning: true,
    compute: (rdd, partition, task, push) => {
      const pairs: [K, V][] = [];
      task.iterate(parent, partition, (record) => {
        requirePair(rdd, task, record);
        pairs.push([record[0], record[1]]);
      });
      try {
        sortByKeys(pairs, ordering);
      } catch (thrown) {
        throw task.userError(rdd, thrown, undefined);
      }
      pairs.forEach((pair) => push(pair));
      task.count(rdd, pairs.length);
    },
  });
}

/** Always a shuffle. */
export function shuffled<K, V>(
  parent: RDDNode<readonly [K, V]>,
  options: PartitionByOptions<K>,
): RDDNode<[K, V]> {
  const { operator, partitioner, ordering } = options;
  const { context } = parent;
  const dependency: ShuffleDependency = {
    kind: "shuffle",
    shuffle: context.nextShuffleId(),
    rdd: parent,
    partitioner,
    aggregator: null,
    writes: "pairs",
    site: context.site(operator),
  };
  return new RDDNode<[K, V]>({
    context,
    className: "ShuffledRDD",
    operator,
    numPartitions: partitioner.numPartitions,
    dependencies: [dependency],
    partitioner,
    compute: (rdd, partition, task, push) => {
      const pairs: [K, V][] = [];
      for (const block of task.shuffled(dependency, partition)) {
        if (block.kind !== "pairs") continue;
        for (const [key, value] of block.pairs) pairs.push(pairOf<K, V>(key, value));
      }
      try {
        if (ordering !== null) sortByKeys(pairs, ordering);
      } catch (thrown) {
        throw task.userError(rdd, thrown, undefined);
      }
      pairs.forEach((pair) => push(pair));
      task.count(rdd, pairs.length);
    },
  });
}

/** In place; stable, as Spark's sorter is. */
function sortByKeys<K, V>(pairs: [K, V][], ordering: Ordering<K>): void {
  pairs.sort((a, b) => ordering(a[0], b[0]));
}
