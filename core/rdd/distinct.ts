/** Each value of a partition once.
 *  Like Spark: RDD.distinct of an RDD with a partitioner, which uses an ExternalAppendOnlyMap. */

import { KeyMap } from "../record/key-map.ts";
import { inSlotOrder } from "./combine.ts";
import { mapPartitionsNode } from "./map-partitions.ts";
import type { RDDNode } from "./rdd.ts";

/** Equal values must lie in one partition already. */
export function distinctInPlace<T>(parent: RDDNode<T>): RDDNode<T> {
  return mapPartitionsNode<T, T>({
    parent,
    operator: "distinct",
    preservesPartitioning: true,
    compute: (rdd, partition, task, push) => {
      const values = new KeyMap<T>();
      task.iterate(parent, partition, (record) => {
        if (values.find(record) === undefined) values.add(record, record);
      });
      for (const cell of inSlotOrder(values)) push(cell.value);
      task.count(rdd, values.cells.length);
    },
  });
}
