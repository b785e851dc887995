/** Aggregates combined in levels, so that the driver meets few of them.
 *  Like Spark: RDD.treeAggregate, RDD.treeReduce. */

import { copyValue } from "../record/copy-value.ts";
import { aggregateByKey } from "./aggregate-by-key.ts";
import { map, mapPartitions } from "./map-partitions.ts";
import { hashPartitioner } from "./partitioner.ts";
import type { RDDNode } from "./rdd.ts";
import { requirement } from "./requirement.ts";
import { runAction } from "./run-action.ts";

export interface TreeAggregateOptions<T, U> {
  readonly zeroValue: U;
  readonly seqOp: (combined: U, record: T) => U;
  readonly combOp: (a: U, b: U) => U;
  readonly depth: number;
  readonly finalAggregateOnExecutor: boolean;
  readonly operator: string;
}

/** Throws: PipelineError GRAPH_INVALID for a depth below 1. */
export function treeAggregate<T, U>(parent: RDDNode<T>, options: TreeAggregateOptions<T, U>): U {
  const { zeroValue, seqOp, combOp, depth, operator } = options;
  requireDepth(depth);
  if (parent.numPartitions === 0) return copyValue(zeroValue);
  let aggregated = mapPartitions(
    parent,
    (records) => [foldLeft(records, copyValue(zeroValue), seqOp)],
    { operator },
  );
  const fewer = (numPartitions: number): RDDNode<U> =>
    combinedInto(aggregated, numPartitions, options);
  let count = parent.numPartitions;
  const scale = Math.max(rootCeiling(count, depth), 2);
  while (count > scale + Math.ceil(count / scale)) {
    count = Math.trunc(count / scale);
    aggregated = fewer(count);
  }
  if (options.finalAggregateOnExecutor && aggregated.numPartitions > 1) aggregated = fewer(1);
  const results = runAction(aggregated, operator, (records) =>
    foldLeft(records, copyValue(zeroValue), combOp),
  );
  return foldLeft(results, copyValue(zeroValue), combOp);
}

export function requireDepth(depth: number): void {
  requirement(depth >= 1, `Depth must be greater than or equal to 1 but got ${depth}.`);
}

/** Not `Array.reduce`, which hands `f` an index as well. */
export function foldLeft<T, U>(records: Iterable<T>, zero: U, f: (combined: U, one: T) => U): U {
  let combined = zero;
  for (const record of records) combined = f(combined, record);
  return combined;
}

/** One level: partition i is combined into partition i modulo `numPartitions`. */
function combinedInto<T, U>(
  aggregated: RDDNode<U>,
  numPartitions: number,
  options: TreeAggregateOptions<T, U>,
): RDDNode<U> {
  const { zeroValue, combOp, operator } = options;
  const keyed = mapPartitions(
    aggregated,
    (records, partition) =>
      records.map((record): [number, U] => [partition % numPartitions, record]),
    { operator },
  );
  const partitioner = hashPartitioner(numPartitions);
  const folded = aggregateByKey(keyed, {
    operator,
    zeroValue,
    seqOp: combOp,
    combOp,
    partitioner,
  });
  return map(folded, ([, value]) => value, operator);
}

/** The least whole number whose `depth`-th power is `count` or more. */
function rootCeiling(count: number, depth: number): number {
  let root = 1;
  while (powerIsBelow(root, depth, count)) root += 1;
  return root;
}

function powerIsBelow(base: number, exponent: number, limit: number): boolean {
  let power = 1;
  for (let i = 0; i < exponent; i += 1) {
    power *= base;
    if (power >= limit || base === 1) break;
  }
  return power < limit;
}
