/** Operations on RDDs of pairs whose keys have an order: numbers, strings, booleans, tuples of
 *  these, or any for which an ordering is given. Like Spark: OrderedRDDFunctions. */

import { filter } from "../rdd/map-partitions.ts";
import { naturalOrdering, type Ordering, reverseOrdering } from "../rdd/ordering.ts";
import { repartitionAndSortWithinPartitions, shuffled } from "../rdd/partition-by.ts";
import type { Partitioner } from "../rdd/partitioner.ts";
import { pruned } from "../rdd/pruned.ts";
import { RangePartitioner } from "../rdd/range-partitioner.ts";
import { RDDBase } from "./rdd-base.ts";
import type { RDD } from "./rdd.ts";

export abstract class OrderedRDDFunctions<T> extends RDDBase<T> {
  /** Ranges of keys over the partitions, each sorted. Runs a job at once, which samples the keys,
   *  unless there is but one partition.
   *  Throws: PipelineError KEY_NOT_COMPARABLE for keys without an order. */
  sortByKey<K, V>(
    this: RDD<readonly [K, V]>,
    ascending = true,
    numPartitions: number = this.getNumPartitions(),
    ordering: Ordering<K> = naturalOrdering,
  ): RDD<[K, V]> {
    const operator = "sortByKey";
    const partitioner = new RangePartitioner(numPartitions, this, ascending, ordering, operator);
    return this.of(
      shuffled(this.node, {
        operator,
        partitioner,
        ordering: ascending ? ordering : reverseOrdering(ordering),
      }),
    );
  }

  /** Partitions as `partitioner` says, each sorted by key: one shuffle does both. */
  repartitionAndSortWithinPartitions<K, V>(
    this: RDD<readonly [K, V]>,
    partitioner: Partitioner,
    ordering: Ordering<K> = naturalOrdering,
  ): RDD<[K, V]> {
    return this.of(repartitionAndSortWithinPartitions(this.node, partitioner, ordering));
  }

  /** Pairs with keys from `lower` to `upper`, both included. After `sortByKey` the partitions
   *  outside the range are not computed. */
  filterByRange<K, V>(
    this: RDD<readonly [K, V]>,
    lower: K,
    upper: K,
    ordering: Ordering<K> = naturalOrdering,
  ): RDD<readonly [K, V]> {
    const operator = "filterByRange";
    const { partitioner } = this.node;
    let searched = this.node;
    if (partitioner instanceof RangePartitioner) {
      const ends = [partitioner.getPartition(lower), partitioner.getPartition(upper)] as const;
      const [first, last] = [Math.min(...ends), Math.max(...ends)];
      searched = pruned(this.node, (index) => index >= first && index <= last, operator);
    }
    const inRange = ([key]: readonly [K, V]): boolean =>
      ordering(key, lower) >= 0 && ordering(key, upper) <= 0;
    return this.of(filter(searched, inRange, operator));
  }
}
