/** The first records of an RDD, in partition order. Like Spark: RDD.take, KafkaRDD.take. */

import type { OffsetRange } from "../record/offset-range.ts";
import { rangeCount } from "../record/offset-range.ts";
import type { RDDNode } from "./rdd.ts";
import { partitionsOf, runAction } from "./run-action.ts";
import { takeRound } from "./take-round.ts";

/** In as many jobs as it takes; one for an RDD of Kafka, whose ranges say where records are. */
export function take<T>(node: RDDNode<T>, count: number, operator: string): T[] {
  const ranges = offsetRangesOf(node);
  if (ranges !== null) return takeFromRanges(node, ranges, count, operator);
  const found: T[] = [];
  let scanned = 0;
  while (found.length < count && scanned < node.numPartitions) {
    const size = takeRound({ scanned, found: found.length, wanted: count });
    const end = Math.min(scanned + size, node.numPartitions);
    const partitions = Array.from({ length: end - scanned }, (_, index) => scanned + index);
    const wanted = count - found.length;
    const results = runAction(node, operator, (records) => records.slice(0, wanted), partitions);
    for (const records of results) found.push(...records.slice(0, count - found.length));
    scanned = end;
  }
  return found;
}

/** What an RDD read from Kafka counts without reading; null for any other, and where offsets may be
 *  missing in between. */
export function countOfRanges(node: RDDNode<unknown>): number | null {
  const ranges = offsetRangesOf(node);
  return ranges?.reduce((sum, range) => sum + rangeCount(range), 0) ?? null;
}

function offsetRangesOf(node: RDDNode<unknown>): readonly OffsetRange[] | null {
  if (node.className !== "KafkaRDD" || node.context.allowsMissingOffsets) return null;
  return partitionsOf(node).flatMap((partition) => node.rangeOf(partition) ?? []);
}

function takeFromRanges<T>(
  node: RDDNode<T>,
  ranges: readonly OffsetRange[],
  count: number,
  operator: string,
): T[] {
  const parts = new Map<number, number>();
  let left = count;
  for (const [partition, range] of ranges.entries()) {
    const taken = Math.min(left, rangeCount(range));
    if (taken <= 0) continue;
    parts.set(partition, taken);
    left -= taken;
  }
  if (parts.size === 0) return [];
  const taking = (records: T[], partition: number): T[] => records.slice(0, parts.get(partition));
  return runAction(node, operator, taking, [...parts.keys()]).flat();
}
