/** The records for which a predicate holds. Like Spark: FilteredDStream. */

import { filter } from "../rdd/map-partitions.ts";
import { StreamNode } from "../stream/node.ts";

export function filterStream<T>(
  parent: StreamNode<T>,
  keep: (record: T) => boolean,
): StreamNode<T> {
  return new StreamNode<T>(parent.owner, {
    operator: "filter",
    className: "FilteredDStream",
    parents: [parent],
    slideMs: parent.slideMs,
    parameters: [keep],
    compute: (timeMs, batch) => {
      const rdd = batch.rddOf(parent, timeMs);
      return rdd === null ? null : filter(rdd, keep);
    },
  });
}
