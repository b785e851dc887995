/** Kafka's error codes and kafkajs's exceptions, as the names of the broker port. */

import { type BrokerError, brokerErrors } from "../broker/broker-error.ts";

const byCode: ReadonlyMap<number, BrokerError> = new Map(
  // The names of the table are its keys.
  Object.entries(brokerErrors).map(([name, { code }]) => [code, name as BrokerError]),
);

/** Null for code 0. A code that has no name in the port becomes `UNKNOWN_SERVER_ERROR`, or one
 *  that is retried where Java retries it. */
export function brokerErrorOfCode(code: number): BrokerError | null {
  if (code === 0) return null;
  const named = byCode.get(code);
  if (named !== undefined) return named;
  switch (code) {
    case 72: // LISTENER_NOT_FOUND
      return "LEADER_NOT_AVAILABLE";
    case 103: // INCONSISTENT_TOPIC_ID
      return "UNKNOWN_TOPIC_ID";
    case 70: // FETCH_SESSION_ID_NOT_FOUND
    case 71: // INVALID_FETCH_SESSION_EPOCH
    case 89: // THROTTLING_QUOTA_EXCEEDED
    case 106: // FETCH_SESSION_TOPIC_ID_ERROR
    case 122: // SHARE_SESSION_NOT_FOUND
    case 123: // INVALID_SHARE_SESSION_EPOCH
      return "REQUEST_TIMED_OUT";
    default:
      return "UNKNOWN_SERVER_ERROR";
  }
}

/** Whether the coordinator of a group is still coming up or has moved. */
export function isCoordinatorMoving(code: number): boolean {
  return code === 14 || code === 15 || code === 16;
}

/** What a broken or silent connection means to a client; null for what is no matter of one. */
export function brokerErrorOfThrown(thrown: unknown): BrokerError | null {
  switch (nameOf(thrown)) {
    case "KafkaJSRequestTimeoutError":
      return "REQUEST_TIMED_OUT";
    case "KafkaJSConnectionError":
    case "KafkaJSConnectionClosedError":
    case "KafkaJSLockTimeout":
      return "NETWORK_EXCEPTION";
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
