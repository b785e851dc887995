/** Every record of one RDD with every record of another.
 *  Like Spark: CartesianRDD. */

import { RDDNode } from "./rdd.ts";

/** Shape: partition i * n + j has the pairs of partition i here and j of the other's n. */
export function cartesian<T, U>(left: RDDNode<T>, right: RDDNode<U>): RDDNode<[T, U]> {
  const width = right.numPartitions;
  const ours = (partition: number): number => Math.floor(partition / width);
  const theirs = (partition: number): number => partition % width;
  return new RDDNode<[T, U]>({
    context: left.context,
    className: "CartesianRDD",
    operator: "cartesian",
    numPartitions: left.numPartitions * width,
    dependencies: [
      { kind: "narrow", rdd: left, parents: (partition) => [ours(partition)] },
      { kind: "narrow", rdd: right, parents: (partition) => [theirs(partition)] },
    ],
    compute: (rdd, partition, task, push) => {
      const records: U[] = [];
      task.iterate(right, theirs(partition), (record) => records.push(record));
      let count = 0;
      task.iterate(left, ours(partition), (record) => {
        for (const other of records) push([record, other]);
        count += records.length;
      });
      task.count(rdd, count);
    },
  });
}
