/** Any number of records out per record in. Like Spark: FlatMappedDStream. */

import { flatMap } from "../rdd/map-partitions.ts";
import { StreamNode } from "../stream/node.ts";

export function flatMapStream<T, U>(
  parent: StreamNode<T>,
  f: (record: T) => Iterable<U>,
): StreamNode<U> {
  return new StreamNode<U>(parent.owner, {
    operator: "flatMap",
    className: "FlatMappedDStream",
    parents: [parent],
    slideMs: parent.slideMs,
    parameters: [f],
    compute: (timeMs, batch) => {
      const rdd = batch.rddOf(parent, timeMs);
      return rdd === null ? null : flatMap(rdd, f);
    },
  });
}
