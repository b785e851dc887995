/** Given batches, one after the other: for tests and first steps.
 *  Like Spark: QueueInputDStream (`queueStream`, one at a time). */

import { parallelize } from "../rdd/in-memory.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import { type NodeOwner, StreamNode } from "../stream/node.ts";

/** One batch: an array, which is dealt over the default parallelism, or an RDD. */
export type QueueItem<T> = readonly T[] | { readonly rdd: RDDNode<T> };

/** Shape: the batch at zero time + n intervals is item n - 1; after the last, always `exhausted`.
 *  Each start of the context takes the queue from its beginning. */
export function inputQueue<T>(
  owner: NodeOwner,
  queue: readonly QueueItem<T>[],
  exhausted: RDDNode<T>,
): StreamNode<T> {
  return new StreamNode<T>(owner, {
    operator: "queueStream",
    className: "QueueInputDStream",
    parents: [],
    slideMs: owner.batchIntervalMs,
    input: { kind: "queue", batches: queue.length },
    compute: (timeMs, batch) => {
      const index = (timeMs - batch.zeroTimeMs) / owner.batchIntervalMs - 1;
      const item = queue[index];
      if (item === undefined) return exhausted;
      if ("rdd" in item) return item.rdd;
      return parallelize(batch.rdds, item, batch.rdds.defaultParallelism, "queueStream");
    },
  });
}
