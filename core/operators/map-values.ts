/** A function of the value of each pair; keys and partitioning stay. Like Spark:
 *  MapValuedDStream. */

import { mapValues } from "../rdd/map-partitions.ts";
import { StreamNode } from "../stream/node.ts";

export function mapValuesStream<K, V, U>(
  parent: StreamNode<readonly [K, V]>,
  f: (value: V) => U,
): StreamNode<[K, U]> {
  return new StreamNode<[K, U]>(parent.owner, {
    operator: "mapValues",
    className: "MapValuedDStream",
    parents: [parent],
    slideMs: parent.slideMs,
    parameters: [f],
    compute: (timeMs, batch) => {
      const rdd = batch.rddOf(parent, timeMs);
      return rdd === null ? null : mapValues(rdd, f);
    },
  });
}
