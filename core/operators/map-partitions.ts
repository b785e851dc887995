/** A function of each partition as a whole. Like Spark: MapPartitionedDStream, GlommedDStream. */

import { mapPartitions } from "../rdd/map-partitions.ts";
import { StreamNode } from "../stream/node.ts";

export interface MapPartitionsStreamOptions<T, U> {
  readonly operator: "glom" | "mapPartitions";
  readonly f: (records: readonly T[]) => Iterable<U>;
  /** Keys stay where they are: the parent's partitioner still holds. */
  readonly preservesPartitioning: boolean;
}

export function mapPartitionsStream<T, U>(
  parent: StreamNode<T>,
  options: MapPartitionsStreamOptions<T, U>,
): StreamNode<U> {
  const { operator, f, preservesPartitioning } = options;
  return new StreamNode<U>(parent.owner, {
    operator,
    className: operator === "glom" ? "GlommedDStream" : "MapPartitionedDStream",
    parents: [parent],
    slideMs: parent.slideMs,
    parameters: [f, preservesPartitioning],
    compute: (timeMs, batch) => {
      const rdd = batch.rddOf(parent, timeMs);
      return rdd === null ? null : mapPartitions(rdd, f, { operator, preservesPartitioning });
    },
  });
}
