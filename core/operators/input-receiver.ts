/** What a receiver stored: each batch's RDD is of the blocks allocated to it.
 *  Like Spark: ReceiverInputDStream, SocketInputDStream, PluggableInputDStream. */

import { blockRDD } from "../rdd/blocks.ts";
import { type NodeOwner, type ReceiverSource, StreamNode } from "../stream/node.ts";

export function inputReceiver<T>(
  owner: NodeOwner,
  options: {
    readonly operator: string;
    readonly className: string;
    readonly parameters: readonly unknown[];
    readonly receiver: ReceiverSource;
  },
): StreamNode<T> {
  const { operator, className, parameters, receiver } = options;
  return new StreamNode<T>(owner, {
    operator,
    className,
    parents: [],
    slideMs: owner.batchIntervalMs,
    parameters,
    input: { kind: "receiver", receiver },
    compute: (timeMs, batch, self) =>
      blockRDD<T>({ context: batch.rdds, operator, ...batch.receivedOf(self, timeMs) }),
  });
}
