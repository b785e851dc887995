/** Partitions side by side; or, where all parents are partitioned alike, partition by partition.
 *  Like Spark: SparkContext.union (UnionRDD, PartitionerAwareUnionRDD). */

import { samePartitioner } from "./partitioner.ts";
import { type NarrowDependency, oneToOne, type Push, type RDDContext, RDDNode } from "./rdd.ts";

/** Parents of no partitions are dropped first. */
export function union<T>(context: RDDContext, parents: readonly RDDNode<T>[]): RDDNode<T> {
  for (const parent of parents) parent.settlePartitions();
  const present = parents.filter((parent) => parent.numPartitions > 0);
  const first = present[0];
  const partitioner = first?.partitioner ?? null;
  if (present.length > 0 && present.every((p) => samePartitioner(p.partitioner, partitioner))) {
    return new RDDNode<T>({
      context,
      className: "PartitionerAwareUnionRDD",
      operator: "union",
      numPartitions: first?.numPartitions ?? 0,
      dependencies: present.map(oneToOne),
      partitioner,
      compute: (rdd, partition, task, push) => {
        const counting = new Counting(push);
        for (const parent of present) task.iterate(parent, partition, counting.push);
        task.count(rdd, counting.records);
      },
    });
  }
  return sideBySide(context, present);
}

export function sideBySide<T>(context: RDDContext, parents: readonly RDDNode<T>[]): RDDNode<T> {
  const starts: number[] = [];
  let numPartitions = 0;
  for (const parent of parents) {
    starts.push(numPartitions);
    numPartitions += parent.numPartitions;
  }
  const dependencies = parents.map((rdd, index): NarrowDependency => {
    const start = starts[index] ?? 0;
    return {
      kind: "narrow",
      rdd,
      parents: (partition) =>
        partition >= start && partition < start + rdd.numPartitions ? [partition - start] : [],
    };
  });
  return new RDDNode<T>({
    context,
    className: "UnionRDD",
    operator: "union",
    numPartitions,
    dependencies,
    compute: (rdd, partition, task, push) => {
      const counting = new Counting(push);
      for (const [index, parent] of parents.entries()) {
        const own = partition - (starts[index] ?? 0);
        if (own >= 0 && own < parent.numPartitions) task.iterate(parent, own, counting.push);
      }
      task.count(rdd, counting.records);
    },
  });
}

/** Hands records on and counts them. */
class Counting<T> {
  records = 0;
  readonly push: Push<T>;

  constructor(push: Push<T>) {
    this.push = (record) => {
      this.records += 1;
      push(record);
    };
  }
}
