/** What `poll` of a consumer throws: an error that a broker has answered, or what the consumer says
 *  itself, in Kafka's words. */

import { StreamscopeError } from "../base/errors.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { BrokerError } from "../broker/broker-error.ts";
import type { PartitionOffset } from "../broker/group-request.ts";
import { KafkaError } from "./producer-errors.ts";

export type ConsumerFailure = BrokerError | KafkaError;

/** Nothing is committed of partitions, and `auto.offset.reset` is none. */
export function noOffset(partitions: readonly TopicPartition[]): KafkaError {
  const names = partitions.map(topicPartitionName).join(", ");
  return new KafkaError(
    "NoOffsetForPartitionException",
    `Undefined offset with no reset policy for partitions: [${names}]`,
  );
}

/** A fetch was out of range, and `auto.offset.reset` is none. */
export function outOfRange({ offset, ...place }: PartitionOffset): KafkaError {
  return new KafkaError(
    "OffsetOutOfRangeException",
    `Fetch position ${offset} is out of range for partition ${topicPartitionName(place)}`,
    "OFFSET_OUT_OF_RANGE",
    { place },
  );
}

/** What the application ends with. */
export function consumerFailed(
  { name, group }: { readonly name: string; readonly group: string },
  failure: ConsumerFailure,
): StreamscopeError {
  const [said, kind] =
    typeof failure === "string" ? [failure, failure] : [failure.message, failure.exception];
  const message = `consumer ${name} of group ${group} has failed: ${said}${remedyOf(kind)}`;
  return new StreamscopeError("BAD_WORLD", message);
}

function remedyOf(kind: string): string {
  switch (kind) {
    case "INCONSISTENT_GROUP_PROTOCOL":
      return "; give all members of a group an assignor in common";
    case "NoOffsetForPartitionException":
      return "; autoOffsetReset is none, give earliest or latest, or commit offsets before";
    case "OffsetOutOfRangeException":
      return "; autoOffsetReset is none, give earliest or latest to go on elsewhere";
    case "INVALID_SESSION_TIMEOUT":
      return "; give a sessionTimeoutMs from 6000 to 1800000";
    case "GROUP_MAX_SIZE_REACHED":
      return "; raise groupMaxSize, or start fewer members";
    case "FENCED_INSTANCE_ID":
      return "; another consumer has the same groupInstanceId";
    default:
      return "";
  }
}
