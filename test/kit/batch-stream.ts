/** A stream of given batches that a checkpoint can hold: a driver that starts again goes on with
 *  the batch of its time.
 *  Like Spark: TestInputStream, of its own tests; `queueStream` is refused. */

import { DStream, type RDD, type StreamingContext } from "streamscope";
import { emptyRDD, parallelize } from "../../core/rdd/in-memory.ts";
import { StreamNode } from "../../core/stream/node.ts";

/** Shape: the n-th batch is item n - 1; a batch past the last has no partitions. */
export function batchStream<T>(
  ssc: StreamingContext,
  items: readonly (readonly T[] | RDD<T>)[],
): DStream<T> {
  const { graph } = ssc;
  return new DStream(
    new StreamNode<T>(graph, {
      operator: "batchStream",
      className: "TestInputStream",
      parents: [],
      slideMs: graph.batchIntervalMs,
      input: { kind: "queue", batches: items.length },
      compute: (timeMs, { rdds, zeroTimeMs }) => {
        const item = items[(timeMs - zeroTimeMs) / graph.batchIntervalMs - 1];
        if (item === undefined) return emptyRDD<T>(rdds);
        if ("node" in item) return item.node;
        return parallelize(rdds, item, rdds.defaultParallelism, "batchStream");
      },
    }),
  );
}
