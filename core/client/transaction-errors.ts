/** What the error of a request makes of a producer with transactions: nothing can be done any more,
 *  or its transaction can still be aborted. Errors that pass are not here: the request goes again.
 *  Like Kafka: the handlers of TransactionManager, request by request; Errors. */

import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { BrokerError } from "../broker/broker-error.ts";
import { KafkaError, kafkaError } from "./producer-errors.ts";

/** As Kafka calls them in what it says. */
export type TransactionRequestName =
  | "InitProducerId"
  | "AddPartitionsToTxn"
  | "AddOffsetsToTxn"
  | "TxnOffsetCommit"
  | "EndTxn";

export interface Consequence {
  readonly error: KafkaError;
  readonly isFatal: boolean;
  /** Sequences cannot go on: the next transaction has another epoch. */
  readonly needsEpoch: boolean;
}

/** What a broker's error says, in Kafka's words. */
const words: Readonly<Partial<Record<BrokerError, string>>> = {
  UNKNOWN_SERVER_ERROR: "The server experienced an unexpected error when processing the request.",
  OFFSET_METADATA_TOO_LARGE: "The metadata field of the offset request was too large.",
  ILLEGAL_GENERATION: "Specified group generation id is not valid.",
  INVALID_GROUP_ID: "The configured groupId is invalid.",
  UNKNOWN_MEMBER_ID: "The coordinator is not aware of this member.",
  REBALANCE_IN_PROGRESS: "The group is rebalancing, so a rejoin is needed.",
  INVALID_COMMIT_OFFSET_SIZE: "The committing offset data size is not valid.",
  UNSUPPORTED_VERSION: "The version of API is not supported.",
  INVALID_REQUEST:
    "This most likely occurs because of a request being malformed by the client library or the " +
    "message was sent to an incompatible broker. See the broker logs for more details.",
  INVALID_TXN_STATE: "The producer attempted a transactional operation in an invalid state.",
  INVALID_PRODUCER_ID_MAPPING:
    "The producer attempted to use a producer id which is not currently assigned to its " +
    "transactional id.",
  INVALID_TRANSACTION_TIMEOUT:
    "The transaction timeout is larger than the maximum value allowed by the broker (as " +
    "configured by transaction.max.timeout.ms).",
  GROUP_ID_NOT_FOUND: "The group id does not exist.",
  FENCED_INSTANCE_ID:
    "The broker rejected this static consumer since another consumer with the same " +
    "group.instance.id has registered with a different member.id.",
  TRANSACTION_ABORTABLE:
    "The server encountered an error with the transaction. The client can abort the transaction " +
    "to continue using this transactional ID.",
};

const FENCED =
  "There is a newer producer with the same transactionalId which fences the current one.";
const fenced: readonly BrokerError[] = ["INVALID_PRODUCER_EPOCH", "PRODUCER_FENCED"];
const unmapped: readonly BrokerError[] = ["UNKNOWN_PRODUCER_ID", "INVALID_PRODUCER_ID_MAPPING"];

/** Partitions are those the request was about. */
export function consequence(
  request: TransactionRequestName,
  error: BrokerError,
  partitions: readonly TopicPartition[] = [],
): Consequence {
  const text = words[error] ?? error;
  const isOpen = request !== "InitProducerId" && request !== "TxnOffsetCommit";
  if (fenced.includes(error)) return fatal(kafkaError("PRODUCER_FENCED", FENCED));
  if (error === "TRANSACTION_ABORTABLE") return abortable(kafkaError(error, text));
  if (error === "INVALID_TXN_STATE" && isOpen) return fatal(kafkaError(error, text));
  if (unmapped.includes(error) && isOpen) {
    return { ...abortable(kafkaError(error, text)), needsEpoch: true };
  }
  if (request === "TxnOffsetCommit") {
    if (error === "FENCED_INSTANCE_ID") return abortable(kafkaError(error, text));
    if (error === "UNKNOWN_MEMBER_ID" || error === "ILLEGAL_GENERATION") {
      const why =
        "Transaction offset Commit failed due to consumer group metadata mismatch: " + text;
      return abortable(new KafkaError("CommitFailedException", why, error));
    }
  }
  if (request === "AddPartitionsToTxn") {
    const errors = partitions.map((of) => `${topicPartitionName(of)}=${error}`).join(", ");
    const why = `Could not add partitions to transaction due to errors: {${errors}}`;
    return abortable(new KafkaError("KafkaException", why, error));
  }
  const kind = request === "EndTxn" ? "Unhandled error" : "Unexpected error";
  const joint = request === "InitProducerId" ? "; " : ": ";
  const why = `${kind} in ${request}Response${joint}${text}`;
  return fatal(new KafkaError("KafkaException", why, error));
}

function fatal(error: KafkaError): Consequence {
  return { error, isFatal: true, needsEpoch: false };
}

function abortable(error: KafkaError): Consequence {
  return { error, isFatal: false, needsEpoch: false };
}
