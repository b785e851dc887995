/** A leaf over the checkpointed data of an RDD: what is left of its lineage.
 *  Like Spark: ReliableCheckpointRDD. */

import { textToValue } from "../record/value-text.ts";
import type { Partitioner } from "./partitioner.ts";
import { type RDDContext, RDDNode } from "./rdd.ts";

/** Shape: one text per partition, each an array of records as `valueToText` wrote it. Reading makes
 *  fresh values each time, as reading a file does. */
export function checkpointed<T>(
  context: RDDContext,
  options: {
    readonly file: string;
    readonly partitionTexts: readonly string[];
    readonly partitioner: Partitioner | null;
    /** The action after which the data was written. */
    readonly operator: string;
  },
): RDDNode<T> {
  const node = new RDDNode<T>({
    context,
    className: "ReliableCheckpointRDD",
    operator: options.operator,
    numPartitions: options.partitionTexts.length,
    dependencies: [],
    partitioner: options.partitioner,
    compute: (rdd, partition, task, push) => {
      const records = textToValue(options.partitionTexts[partition] ?? "[]");
      if (!Array.isArray(records)) return;
      // The records of an RDD<T> were written; what is read back is them.
      for (const record of records) push(record as T);
      task.count(rdd, records.length);
    },
  });
  node.checkpointFile = options.file;
  return node;
}
