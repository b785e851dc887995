/** What clients see of the errors of a coordinator's log. */

import type { BrokerError } from "./broker-error.ts";

/** What members see of an error of the log. Like Kafka: GroupMetadataManager.storeGroup. */
export function storeError(error: BrokerError): BrokerError {
  switch (error) {
    case "UNKNOWN_TOPIC_OR_PARTITION":
    case "NOT_ENOUGH_REPLICAS":
    case "NOT_ENOUGH_REPLICAS_AFTER_APPEND":
      return "COORDINATOR_NOT_AVAILABLE";
    case "NOT_LEADER_OR_FOLLOWER":
    case "KAFKA_STORAGE_ERROR":
      return "NOT_COORDINATOR";
    case "REQUEST_TIMED_OUT":
      return "REBALANCE_IN_PROGRESS";
    case "MESSAGE_TOO_LARGE":
    case "RECORD_LIST_TOO_LARGE":
      return "UNKNOWN_SERVER_ERROR";
    default:
      return error;
  }
}

/** The same for who commits offsets. Like Kafka: maybeConvertOffsetCommitError. */
export function commitError(error: BrokerError): BrokerError {
  switch (error) {
    case "NETWORK_EXCEPTION":
      return "COORDINATOR_LOAD_IN_PROGRESS";
    case "UNKNOWN_TOPIC_OR_PARTITION":
    case "NOT_ENOUGH_REPLICAS":
    case "NOT_ENOUGH_REPLICAS_AFTER_APPEND":
      return "COORDINATOR_NOT_AVAILABLE";
    case "NOT_LEADER_OR_FOLLOWER":
    case "KAFKA_STORAGE_ERROR":
      return "NOT_COORDINATOR";
    case "MESSAGE_TOO_LARGE":
    case "RECORD_LIST_TOO_LARGE":
      return "INVALID_COMMIT_OFFSET_SIZE";
    default:
      return error;
  }
}
