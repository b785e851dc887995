/** One record out per record in. Like Spark: MappedDStream. */

import { map } from "../rdd/map-partitions.ts";
import { StreamNode } from "../stream/node.ts";

export function mapStream<T, U>(parent: StreamNode<T>, f: (record: T) => U): StreamNode<U> {
  return new StreamNode<U>(parent.owner, {
    operator: "map",
    className: "MappedDStream",
    parents: [parent],
    slideMs: parent.slideMs,
    parameters: [f],
    compute: (timeMs, batch) => {
      const rdd = batch.rddOf(parent, timeMs);
      return rdd === null ? null : map(rdd, f);
    },
  });
}
