/** A leaf over given records. Like Spark: ParallelCollectionRDD, EmptyRDD. */

import { at } from "../base/assert.ts";
import { PipelineError } from "../base/errors.ts";
import { copyValue } from "../record/copy-value.ts";
import { type RDDContext, RDDNode } from "./rdd.ts";

/** Partition i holds the records from `floor(i * length / n)` to `floor((i + 1) * length / n)`.
 *  Throws: PipelineError GRAPH_INVALID when `slices` is below 1.
 *  Like Spark: SparkContext.parallelize. */
export function parallelize<T>(
  context: RDDContext,
  records: readonly T[],
  slices: number,
  operator = "parallelize",
): RDDNode<T> {
  if (!Number.isInteger(slices) || slices < 1) {
    throw new PipelineError(
      "GRAPH_INVALID",
      "java.lang.IllegalArgumentException: Positive number of partitions required",
    );
  }
  const start = (slice: number): number => Math.floor((slice * records.length) / slices);
  return new RDDNode<T>({
    context,
    className: "ParallelCollectionRDD",
    operator,
    numPartitions: slices,
    dependencies: [],
    compute: (rdd, partition, task, push) => {
      const end = start(partition + 1);
      for (let i = start(partition); i < end; i += 1) push(copyValue(at(records, i)));
      task.count(rdd, end - start(partition));
    },
  });
}

/** An RDD of no partitions. Like Spark: SparkContext.emptyRDD. */
export function emptyRDD<T>(context: RDDContext): RDDNode<T> {
  return new RDDNode<T>({
    context,
    className: "EmptyRDD",
    operator: "emptyRDD",
    numPartitions: 0,
    dependencies: [],
    compute: () => {},
  });
}
