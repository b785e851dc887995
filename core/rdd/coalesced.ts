/** Fewer partitions, each of several of the parent's; or any number, through a shuffle.
 *  Like Spark: CoalescedRDD; RDD.coalesce. */

import { at } from "../base/assert.ts";
import { mapPartitions, map } from "./map-partitions.ts";
import { shuffled } from "./partition-by.ts";
import { groupPartitions, type PartitionGroup } from "./partition-groups.ts";
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

/** Never more partitions than the parent has. What goes together is settled when a job, or the
 *  program, first asks for its partitions: by what is cached then. */
function coalesced<T>(parent: RDDNode<T>, numPartitions: number): RDDNode<T> {
  const count = Math.min(numPartitions, parent.numPartitions);
  let settled: readonly PartitionGroup[] | null = null;
  const groupOf = (partition: number): PartitionGroup => {
    settled ??= groupPartitions(parent, count);
    return at(settled, partition);
  };
  const parents = (partition: number): readonly number[] => groupOf(partition).partitions;
  return new RDDNode<T>({
    context: parent.context,
    className: "CoalescedRDD",
    operator: "coalesce",
    numPartitions: count,
    dependencies: [{ kind: "narrow", rdd: parent, parents }],
    preferredExecutors: (partition) => {
      const { executor } = groupOf(partition);
      return executor === null ? [] : [executor];
    },
    settle: () => {
      if (count > 0) groupOf(0);
    },
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
