/** What a producer says of records and batches that it cannot send. */

import { describeThrown, ScenarioError, StreamscopeError } from "../base/errors.ts";
import type { ProducerRecord } from "../record/record.ts";
import { topicPartitionName } from "../record/topic-partition.ts";
import type { ProduceRecord } from "../broker/broker.ts";
import { type BrokerError, isRetriable } from "../broker/broker-error.ts";

/** Kafka's `delivery.timeout.ms` and `max.block.ms`. */
export const DELIVERY_TIMEOUT_MS = 120_000;
export const MAX_BLOCK_MS = 60_000;

/** A record names a partition that its topic does not get in time. */
export function missingPartition(topic: string, partition: number, count: number): ScenarioError {
  return new ScenarioError(
    "BAD_WORLD",
    `org.apache.kafka.common.errors.TimeoutException: Partition ${partition} of topic ` +
      `${topic} with partition count ${count} is not present in metadata after ` +
      `${MAX_BLOCK_MS} ms.; choose one from 0 to ${count - 1}, or leave it to the partitioner`,
    { place: { topic, partition } },
  );
}

/** Worlds may be plain JavaScript, so that what the types promise is looked at here.
 *  Throws: ScenarioError BAD_WORLD for a field that Kafka's client would not take, in its words. */
export function checkFields(record: ProducerRecord, topic: string): void {
  const { key = null, value, timestampMs = record.atMs, headers = [] } = record;
  checkText("key", key, topic);
  checkText("value", value, topic);
  for (const header of headers) {
    if (typeof header.key === "string" && typeof header.value === "string") continue;
    throw new ScenarioError(
      "BAD_WORLD",
      `a header of a record for topic ${topic} has key ${String(header.key)} and value ` +
        `${String(header.value)}; give strings`,
      { place: { topic } },
    );
  }
  if (Number.isSafeInteger(timestampMs) && timestampMs >= 0) return;
  throw new ScenarioError(
    "BAD_WORLD",
    `Invalid timestamp: ${timestampMs}. Timestamp should always be non-negative or null; give ` +
      `whole milliseconds for records of topic ${topic}, or leave timestampMs out`,
    { place: { topic } },
  );
}

function checkText(name: "key" | "value", given: unknown, topic: string): void {
  if (given === null || typeof given === "string") return;
  throw new ScenarioError(
    "BAD_WORLD",
    `org.apache.kafka.common.errors.SerializationException: Can't convert ${name} of class ` +
      `${typeof given} to class org.apache.kafka.common.serialization.StringSerializer ` +
      `specified in ${name}.serializer; give a string or null for records of topic ${topic}`,
    { place: { topic } },
  );
}

/** What drawing a record from a workload threw. */
export function workloadError(thrown: unknown, topic: string): StreamscopeError {
  if (thrown instanceof StreamscopeError) return thrown;
  const message = `the workload of topic ${topic} failed: ${describeThrown(thrown)}`;
  return new ScenarioError("BAD_WORLD", message, { place: { topic }, cause: thrown });
}

/** A batch was given up, in the words of Kafka's producer. */
export function producerError(
  error: BrokerError,
  place: { readonly topic: string; readonly partition: number },
  batch: { readonly records: readonly ProduceRecord[]; readonly sizeBytes: number },
): StreamscopeError {
  const name = topicPartitionName(place);
  if (error === "MESSAGE_TOO_LARGE") {
    return new StreamscopeError(
      "BAD_WORLD",
      "org.apache.kafka.common.errors.RecordTooLargeException: The request included a message " +
        `larger than the max message size the server will accept: ${batch.sizeBytes} bytes for ` +
        `${name}; shorten the record, or raise maxMessageBytes of the topic`,
      { place },
    );
  }
  if (!isRetriable(error)) {
    return new StreamscopeError("BAD_WORLD", `producing to ${name} failed: ${error}`, { place });
  }
  return new StreamscopeError(
    "BROKER_UNREACHABLE",
    `org.apache.kafka.common.errors.TimeoutException: Expiring ${batch.records.length} record(s) ` +
      `for ${name}:${DELIVERY_TIMEOUT_MS} ms has passed since batch creation`,
    { place },
  );
}
