/** One pair per key and batch: `reduceByKey`, `groupByKey`, `combineByKey`.
 *  Like Spark: ShuffledDStream. */

import type { RDDNode } from "../rdd/rdd.ts";
import { StreamNode } from "../stream/node.ts";

export function combineByKeyStream<K, V, C>(
  parent: StreamNode<readonly [K, V]>,
  options: {
    readonly operator: string;
    readonly parameters: readonly unknown[];
    readonly combine: (rdd: RDDNode<readonly [K, V]>) => RDDNode<[K, C]>;
  },
): StreamNode<[K, C]> {
  return new StreamNode<[K, C]>(parent.owner, {
    operator: options.operator,
    className: "ShuffledDStream",
    parents: [parent],
    slideMs: parent.slideMs,
    parameters: options.parameters,
    compute: (timeMs, batch) => {
      const rdd = batch.rddOf(parent, timeMs);
      return rdd === null ? null : options.combine(rdd);
    },
  });
}
