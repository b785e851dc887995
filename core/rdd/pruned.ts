/** Some partitions of an RDD, the others never computed.
 *  Like Spark: PartitionPruningRDD. */

import { at } from "../base/assert.ts";
import { RDDNode } from "./rdd.ts";

/** Shape: the partitions kept, in their order, numbered from 0. */
export function pruned<T>(
  parent: RDDNode<T>,
  keep: (partition: number) => boolean,
  operator: string,
): RDDNode<T> {
  const kept = Array.from({ length: parent.numPartitions }, (_, index) => index).filter(keep);
  return new RDDNode<T>({
    context: parent.context,
    className: "PartitionPruningRDD",
    operator,
    numPartitions: kept.length,
    dependencies: [{ kind: "narrow", rdd: parent, parents: (partition) => [at(kept, partition)] }],
    compute: (rdd, partition, task, push) => {
      let count = 0;
      task.iterate(parent, at(kept, partition), (record) => {
        count += 1;
        push(record);
      });
      task.count(rdd, count);
    },
  });
}
