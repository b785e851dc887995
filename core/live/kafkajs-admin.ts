/** What an administrator asks of Kafka, beside making topics: more partitions, fewer records. */

import type { BrokerReply, RequestOf } from "../broker/broker.ts";
import { LiveError } from "../base/errors.ts";
import { brokerErrorOfCode } from "./broker-errors.ts";
import type { KafkaNodes } from "./kafka-nodes.ts";

const leadersWithinMs = 15_000;

/** Answers once the new partitions have leaders. */
export async function createPartitions(
  nodes: KafkaNodes,
  { topic, partitions }: RequestOf<"createPartitions">,
  untilLed: () => Promise<void>,
): Promise<BrokerReply> {
  const reply = await nodes.call(await nodes.controller(), "CreatePartitions", {
    topicPartitions: [{ topic, count: partitions }],
    timeout: leadersWithinMs,
  });
  const failed = reply.topicErrors[0];
  const error = brokerErrorOfCode(failed?.errorCode ?? 0);
  if (error === "UNKNOWN_SERVER_ERROR") {
    const why = failed?.errorMessage ?? `error code ${failed?.errorCode}`;
    throw new LiveError("BAD_WORLD", `Kafka does not add partitions to topic ${topic}: ${why}`, {
      place: { topic },
    });
  }
  nodes.forget(topic);
  if (error === null) await untilLed();
  return { kind: "createPartitions", error };
}

export async function deleteRecords(
  nodes: KafkaNodes,
  { topic, partition, beforeOffset }: RequestOf<"deleteRecords">,
): Promise<BrokerReply> {
  const reply = await nodes.call(await nodes.leader(topic, partition), "DeleteRecords", {
    topics: [{ topic, partitions: [{ partition, offset: String(beforeOffset) }] }],
    timeout: leadersWithinMs,
  });
  const result = reply.topics[0]?.partitions[0];
  const error = brokerErrorOfCode(result?.errorCode ?? -1);
  const logStartOffset = error === null ? Number(result?.lowWatermark) : -1;
  return { kind: "deleteRecords", error, logStartOffset };
}
