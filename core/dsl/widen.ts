/** Literal types widened, so that `[word, 1] as const` counts with numbers and not with ones. */

import type { RDDNode } from "../rdd/rdd.ts";
import type { StreamNode } from "../stream/node.ts";

export type Widen<V> = V extends number
  ? number
  : V extends string
    ? string
    : V extends boolean
      ? boolean
      : V;

/** A value is of its own widened type; the compiler cannot see that for a type it does not know. */
export function widenStream<K, V>(
  node: StreamNode<readonly [K, V]>,
): StreamNode<readonly [K, Widen<V>]> {
  return node as StreamNode<readonly [K, unknown]> as StreamNode<readonly [K, Widen<V>]>;
}

/** The same for an RDD. */
export function widenRDD<K, V>(node: RDDNode<readonly [K, V]>): RDDNode<readonly [K, Widen<V>]> {
  return node as RDDNode<readonly [K, unknown]> as RDDNode<readonly [K, Widen<V>]>;
}
