/** Kafka's error codes and kafkajs's exceptions, as the names of the broker port. */

import type { BrokerError } from "../broker/broker-error.ts";

/** Null for code 0. Codes that no client of ours can cause and no port names become
 *  `UNKNOWN_SERVER_ERROR`; those a client meets by asking again become one that is retried. */
export function brokerErrorOfCode(code: number): BrokerError | null {
  switch (code) {
    case 0:
      return null;
    case 1:
      return "OFFSET_OUT_OF_RANGE";
    case 3:
    case 100: // UNKNOWN_TOPIC_ID
      return "UNKNOWN_TOPIC_OR_PARTITION";
    case 5:
    case 78: // OFFSET_NOT_AVAILABLE: a new leader whose high watermark is not known yet
      return "LEADER_NOT_AVAILABLE";
    case 6:
    case 9: // REPLICA_NOT_AVAILABLE
    case 56: // KAFKA_STORAGE_ERROR: its disk failed, and another replica will lead
    case 74: // FENCED_LEADER_EPOCH
    case 75: // UNKNOWN_LEADER_EPOCH
      return "NOT_LEADER_OR_FOLLOWER";
    case 7:
    case 19: // NOT_ENOUGH_REPLICAS
    case 20: // NOT_ENOUGH_REPLICAS_AFTER_APPEND
      return "REQUEST_TIMED_OUT";
    case 8:
    case 13: // NETWORK_EXCEPTION
    case 14: // COORDINATOR_LOAD_IN_PROGRESS
    case 15: // COORDINATOR_NOT_AVAILABLE
    case 16: // NOT_COORDINATOR
    case 41: // NOT_CONTROLLER
      return "BROKER_NOT_AVAILABLE";
    case 10:
    case 18: // RECORD_LIST_TOO_LARGE
      return "MESSAGE_TOO_LARGE";
    case 17:
      return "INVALID_TOPIC_EXCEPTION";
    case 24:
      return "INVALID_GROUP_ID";
    case 36:
      return "TOPIC_ALREADY_EXISTS";
    case 37:
      return "INVALID_PARTITIONS";
    default:
      return "UNKNOWN_SERVER_ERROR";
  }
}

/** Whether the coordinator of a group is still coming up or has moved. */
export function isCoordinatorMoving(code: number): boolean {
  return code === 14 || code === 15 || code === 16;
}

/** Whether what was known about leaders is out of date. */
export function isLeaderMoving(error: BrokerError | null): boolean {
  return (
    error === "NOT_LEADER_OR_FOLLOWER" ||
    error === "LEADER_NOT_AVAILABLE" ||
    error === "UNKNOWN_TOPIC_OR_PARTITION"
  );
}

/** What a broken or silent connection means to a client; null for what is no matter of one. */
export function brokerErrorOfThrown(thrown: unknown): BrokerError | null {
  switch (nameOf(thrown)) {
    case "KafkaJSRequestTimeoutError":
      return "REQUEST_TIMED_OUT";
    case "KafkaJSConnectionError":
    case "KafkaJSConnectionClosedError":
    case "KafkaJSLockTimeout":
      return "BROKER_NOT_AVAILABLE";
    default:
      return null;
  }
}

/** Why a connection could not be opened, as the middle of a sentence. */
export function whyNotConnected(thrown: unknown): string {
  const code = textField(thrown, "code");
  switch (code) {
    case "ECONNREFUSED":
      return "the connection was refused, so nothing listens there";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "there is no host of that name";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "the host cannot be reached from here";
    case "ECONNRESET":
      return "it closed the connection";
  }
  const message = textField(thrown, "message") ?? String(thrown);
  switch (nameOf(thrown)) {
    case "KafkaJSRequestTimeoutError":
      return "it took the connection but did not answer as a Kafka broker does";
    case "KafkaJSConnectionClosedError":
      return "it closed the connection, as another kind of server or a TLS listener does";
    case "KafkaJSConnectionError":
      return message === "Connection timeout"
        ? "it did not answer in 3 seconds"
        : message.replace(/^Connection error: /, "");
    default:
      return message;
  }
}

function nameOf(thrown: unknown): string {
  return textField(thrown, "name") ?? "";
}

function textField(thrown: unknown, field: string): string | null {
  if (typeof thrown !== "object" || thrown === null) return null;
  const value: unknown = Reflect.get(thrown, field);
  return typeof value === "string" ? value : null;
}
