/** What Kafka's consumer and Spark's direct stream say when something cannot be. */

import { StreamscopeError } from "../base/errors.ts";
import { type BrokerError, isRetriable } from "../broker/broker-error.ts";
import { stringHash } from "../record/jvm-hash.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { PartitionOffset } from "./kafka-source.ts";

/** Throws nothing: each function makes an error. */
export function noGroup(): StreamscopeError {
  return new StreamscopeError(
    "BAD_OPTION",
    "org.apache.kafka.common.errors.InvalidGroupIdException: To use the group management or " +
      "offset commit APIs, you must provide a valid group.id in the consumer configuration.",
  );
}

export function invalidGroup(): StreamscopeError {
  return new StreamscopeError(
    "BAD_OPTION",
    "org.apache.kafka.common.errors.InvalidGroupIdException: The configured groupId is invalid.",
  );
}

export function notSubscribed(): StreamscopeError {
  return new StreamscopeError(
    "BAD_OPTION",
    "java.lang.IllegalStateException: Consumer is not subscribed to any topics or assigned any " +
      "partitions",
  );
}

export function noCurrentAssignment({ topic, partition }: TopicPartition): StreamscopeError {
  return new StreamscopeError(
    "OUT_OF_RANGE",
    "java.lang.IllegalStateException: No current assignment for partition " +
      `${topic}-${partition}`,
    { place: { topic, partition } },
  );
}

export function noOffset(partitions: readonly TopicPartition[]): StreamscopeError {
  const names = inJavaSet(partitions).map(topicPartitionName).join(", ");
  const { topic = "", partition = 0 } = partitions[0] ?? {};
  return new StreamscopeError(
    "OUT_OF_RANGE",
    "org.apache.kafka.clients.consumer.NoOffsetForPartitionException: Undefined offset with no " +
      `reset policy for partitions: [${names}]`,
    { place: { topic, partition } },
  );
}

/** The order in which a java.util.HashSet of partitions goes through them. */
function inJavaSet(partitions: readonly TopicPartition[]): TopicPartition[] {
  let capacity = 16;
  while (partitions.length > capacity * 0.75) capacity *= 2;
  const bucket = ({ topic, partition }: TopicPartition): number => {
    const hash = (Math.imul(31 + partition, 31) + stringHash(topic)) | 0;
    return (hash ^ (hash >>> 16)) & (capacity - 1);
  };
  return [...partitions].sort((a, b) => bucket(a) - bucket(b));
}

export function unknownTopic(names: readonly string[]): StreamscopeError {
  const [topic = ""] = names;
  return new StreamscopeError(
    "UNKNOWN_TOPIC",
    "UNKNOWN_TOPIC_OR_PARTITION: the brokers do not know every topic of " +
      `${names.map((name) => `"${name}"`).join(", ")}; ` +
      "create it first (in a simulated world: add it to `topics`), or check its spelling",
    { place: { topic } },
  );
}

export function timedOut(about: TopicPartition, timeoutMs: number): StreamscopeError {
  const { topic, partition } = about;
  return new StreamscopeError(
    "BROKER_UNREACHABLE",
    `org.apache.kafka.common.errors.TimeoutException: Timeout of ${timeoutMs}ms expired before ` +
      `the position for partition ${topicPartitionName(about)} could be determined`,
    { place: { topic, partition } },
  );
}

/** What the callback of a commit is given. */
export function commitFailed(
  error: BrokerError,
  offsets: readonly PartitionOffset[],
): StreamscopeError {
  const { topic = "", partition = 0 } = offsets[0] ?? {};
  const place = { topic, partition };
  if (isRetriable(error)) {
    return new StreamscopeError(
      "BROKER_UNREACHABLE",
      "org.apache.kafka.clients.consumer.RetriableCommitFailedException: Offset commit failed " +
        "with a retriable exception. You should retry committing the latest consumed offsets.",
      { place, retriable: true },
    );
  }
  return new StreamscopeError("BAD_OPTION", `offset commit failed: ${error}`, { place });
}

/** Partitions a stream read are no longer its own. */
export function revoked(partitions: readonly TopicPartition[]): StreamscopeError {
  const { topic = "", partition = 0 } = partitions[0] ?? {};
  return new StreamscopeError(
    "UNKNOWN_TOPIC",
    "java.lang.IllegalStateException: Previously tracked partitions " +
      `[${partitions.map(topicPartitionName).join(",")}] been revoked by Kafka because of ` +
      "consumer rebalance. This is mostly due to another stream with same group id joined, " +
      "please check if there're different streaming application misconfigure to use same group " +
      "id. Fundamentally different stream should use different group id",
    { place: { topic, partition } },
  );
}

/** A batch would read less than nothing: a log ends before the stream's position in it. */
export function negativeRecords(place: TopicPartition): StreamscopeError {
  const { topic, partition } = place;
  return new StreamscopeError(
    "OUT_OF_RANGE",
    "java.lang.IllegalArgumentException: requirement failed: numRecords must not be negative",
    { place: { topic, partition } },
  );
}
