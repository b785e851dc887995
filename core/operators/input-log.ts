/** Kafka topics read by offset range, without a receiver: one RDD partition per topic-partition.
 *  The driver plans the ranges of a batch; this node only says what to read.
 *  Like Spark: DirectKafkaInputDStream (connector/kafka-0-10). */

import { kafkaRDD } from "../rdd/log-range.ts";
import type { ConsumerRecord } from "../record/record.ts";
import { type InputSource, type NodeOwner, StreamNode } from "../stream/node.ts";

export function inputLog(
  owner: NodeOwner,
  source: Extract<InputSource, { readonly kind: "kafka" }>,
): StreamNode<ConsumerRecord> {
  return new StreamNode<ConsumerRecord>(owner, {
    operator: "createDirectStream",
    className: "DirectKafkaInputDStream",
    parents: [],
    slideMs: owner.batchIntervalMs,
    parameters: [source.subscription],
    input: source,
    compute: (timeMs, batch, self) =>
      kafkaRDD(batch.rdds, {
        ranges: batch.rangesOf(self, timeMs),
        isolation: source.isolation,
        hosts: new Map(source.location.hosts),
        operator: "createDirectStream",
      }),
  });
}
