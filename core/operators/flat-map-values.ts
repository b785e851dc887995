/** Any number of values out per value in, under the same key. Like Spark: FlatMapValuedDStream. */

import { flatMapValues } from "../rdd/flat-map-values.ts";
import { StreamNode } from "../stream/node.ts";

export function flatMapValuesStream<K, V, U>(
  parent: StreamNode<readonly [K, V]>,
  f: (value: V) => Iterable<U>,
): StreamNode<[K, U]> {
  return new StreamNode<[K, U]>(parent.owner, {
    operator: "flatMapValues",
    className: "FlatMapValuedDStream",
    parents: [parent],
    slideMs: parent.slideMs,
    parameters: [f],
    compute: (timeMs, batch) => {
      const rdd = batch.rddOf(parent, timeMs);
      return rdd === null ? null : flatMapValues(rdd, f);
    },
  });
}
