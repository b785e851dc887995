/** Values of a key folded into a zero value, which every key of every map task gets anew.
 *  Like Spark: PairRDDFunctions.aggregateByKey, foldByKey. */

import { copyValue } from "../record/copy-value.ts";
import type { Partitioner } from "./partitioner.ts";
import type { RDDNode } from "./rdd.ts";
import { combineByKey } from "./shuffle.ts";

export interface AggregateOptions<V, U> {
  readonly operator: string;
  readonly zeroValue: U;
  readonly seqOp: (combined: U, value: V) => U;
  readonly combOp: (a: U, b: U) => U;
  readonly partitioner: Partitioner;
}

/** The zero value is the one at the time of the call. */
export function aggregateByKey<K, V, U>(
  parent: RDDNode<readonly [K, V]>,
  options: AggregateOptions<V, U>,
): RDDNode<[K, U]> {
  const { operator, seqOp, combOp, partitioner } = options;
  const zeroValue = copyValue(options.zeroValue);
  return combineByKey<K, V, U>(parent, {
    operator,
    create: (value) => seqOp(copyValue(zeroValue), value),
    mergeValue: seqOp,
    mergeCombined: combOp,
    mapSideCombine: true,
    partitioner,
  });
}
