/** Given batches, one after the other or all at once: for tests and first steps.
 *  Like Spark: QueueInputDStream. */

import { emptyRDD, parallelize } from "../rdd/in-memory.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import { sideBySide } from "../rdd/union.ts";
import { type BatchContext, type NodeOwner, StreamNode } from "../stream/node.ts";

/** One batch: an array, which is dealt over the default parallelism, or an RDD. */
export type QueueItem<T> = readonly T[] | { readonly rdd: RDDNode<T> };

export interface QueueOptions<T> {
  /** How many items were ever in the queue. */
  readonly length: () => number;
  readonly item: (index: number) => QueueItem<T>;
  /** False: a batch takes all there is. */
  readonly oneAtATime: boolean;
  /** Of a batch that finds no item; null for one without partitions. */
  readonly idle: RDDNode<T> | null;
}

/** Shape: with one at a time, the batch at zero time + n intervals is item n - 1, or later by as
 *  many as batches found none. */
export function inputQueue<T>(owner: NodeOwner, options: QueueOptions<T>): StreamNode<T> {
  let idleBatches = 0;
  let taken = 0;
  return new StreamNode<T>(owner, {
    operator: "queueStream",
    className: "QueueInputDStream",
    parents: [],
    slideMs: owner.batchIntervalMs,
    parameters: [options.oneAtATime],
    checkpointRefusal:
      "queueStream doesn't support checkpointing. Please don't use queueStream when " +
      "checkpointing is enabled.",
    input: {
      kind: "queue",
      get batches() {
        return options.oneAtATime ? options.length() : Math.min(1, options.length());
      },
    },
    compute: (timeMs, batch) => {
      const past = (timeMs - batch.zeroTimeMs) / owner.batchIntervalMs - 1;
      const from = options.oneAtATime ? past - idleBatches : taken;
      const until = options.oneAtATime ? Math.min(from + 1, options.length()) : options.length();
      if (from >= until) {
        idleBatches += 1;
        return options.idle ?? emptyRDD<T>(batch.rdds);
      }
      taken = until;
      const rdds: RDDNode<T>[] = [];
      for (let index = from; index < until; index += 1) {
        rdds.push(rddOf(options.item(index), batch));
      }
      return options.oneAtATime ? (rdds[0] ?? null) : sideBySide(batch.rdds, rdds);
    },
  });
}

function rddOf<T>(item: QueueItem<T>, batch: BatchContext): RDDNode<T> {
  if ("rdd" in item) return item.rdd;
  return parallelize(batch.rdds, item, batch.rdds.defaultParallelism, "queueStream");
}
