/** The smallest records of an RDD: those of each partition, then merged two by two.
 *  Like Spark: RDD.takeOrdered, org.apache.spark.util.collection.Utils. */

import { PipelineError } from "../base/errors.ts";
import { mapPartitions } from "./map-partitions.ts";
import type { Ordering } from "./ordering.ts";
import type { RDDNode } from "./rdd.ts";
import { reduceRecords } from "./run-action.ts";

/** Shape: at most `count` records, ascending. No job runs for none. */
export function takeOrdered<T>(
  parent: RDDNode<T>,
  count: number,
  ordering: Ordering<T>,
  operator: string,
): T[] {
  if (count === 0 || parent.numPartitions === 0) return [];
  const smallest = mapPartitions(
    parent,
    (records, partition) => {
      if (records.length > 0) return [leastOf(records, count, ordering)];
      return partition === 0 ? [[]] : [];
    },
    { operator },
  );
  const found = reduceRecords(smallest, operator, (a, b) => leastOf([...a, ...b], count, ordering));
  return [...(found?.value ?? [])];
}

function leastOf<T>(records: readonly T[], count: number, ordering: Ordering<T>): readonly T[] {
  if (count < 0) {
    throw new PipelineError(
      "OUT_OF_RANGE",
      `java.lang.IllegalArgumentException: k (${count}) must be nonnegative`,
    );
  }
  return [...records].sort(ordering).slice(0, count);
}
