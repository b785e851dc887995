/** Fewer partitions, each of neighbours of the parent's; or any number, through a shuffle.
 *  Like Spark: CoalescedRDD, DefaultPartitionCoalescer; RDD.coalesce. */

import { mapPartitions, map } from "./map-partitions.ts";
import { shuffled } from "./partition-by.ts";
import { hashPartitioner } from "./partitioner.ts";
import { RDDNode } from "./rdd.ts";
import { requirement } from "./requirement.ts";
import { XORShiftRandom } from "./xor-shift-random.ts";

/** Throws: PipelineError GRAPH_INVALID for less than one partition. */
export function coalesce<T>(
  parent: RDDNode<T>,
  numPartitions: number,
  shuffle: boolean,
): RDDNode<T> {
  requirement(numPartitions > 0, `Number of partitions (${numPartitions}) must be positive.`);
  if (!shuffle) return coalesced(parent, numPartitions);
  const operator = "coalesce";
  const keyed = mapPartitions(parent, (records, partition) => deal(records, partition), {
    operator,
  });
  const partitioner = hashPartitioner(numPartitions);
  const dealt = shuffled(keyed, { operator, partitioner, ordering: null });

  /** Records in turn to all partitions, from one drawn at random on. */
  function deal(records: readonly T[], partition: number): [number, T][] {
    const start = new XORShiftRandom(partition).nextInt(numPartitions);
    return records.map((record, index): [number, T] => [start + index + 1, record]);
  }
  return map(coalesced(dealt, numPartitions), ([, record]) => record, operator);
}

/** Never more partitions than the parent has. Where a partition is computed plays no part: that is
 *  Spark's choice too where no partition prefers a place. */
function coalesced<T>(parent: RDDNode<T>, numPartitions: number): RDDNode<T> {
  const count = Math.min(numPartitions, parent.numPartitions);
  const start = (partition: number): number =>
    Math.floor((partition * parent.numPartitions) / count);
  const parents = (partition: number): readonly number[] => {
    const from = start(partition);
    return Array.from({ length: start(partition + 1) - from }, (_, index) => from + index);
  };
  return new RDDNode<T>({
    context: parent.context,
    className: "CoalescedRDD",
    operator: "coalesce",
    numPartitions: count,
    dependencies: [{ kind: "narrow", rdd: parent, parents }],
    compute: (rdd, partition, task, push) => {
      let records = 0;
      for (const one of parents(partition)) {
        task.iterate(parent, one, (record) => {
          records += 1;
          push(record);
        });
      }
      task.count(rdd, records);
    },
  });
}
