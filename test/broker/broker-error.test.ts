// Goal: errors have the codes that Kafka gives them; those are retried that its Java client
// retries, and those lead to new metadata after which it asks for it.
// Method: the whole of Errors.java of Kafka 3.9, by the superclasses of their exceptions.
import { describe, expect, test } from "vitest";
import { brokerErrors, isMetadataStale, isRetriable } from "../../core/broker/broker-error.ts";
import { brokerErrorOfCode } from "../../core/live/broker-errors.ts";

/** InvalidMetadataException, which is retriable. */
const staleMetadata = `
  UNKNOWN_TOPIC_OR_PARTITION 3, LEADER_NOT_AVAILABLE 5, NOT_LEADER_OR_FOLLOWER 6,
  REPLICA_NOT_AVAILABLE 9, NETWORK_EXCEPTION 13, KAFKA_STORAGE_ERROR 56, LISTENER_NOT_FOUND 72,
  FENCED_LEADER_EPOCH 74, PREFERRED_LEADER_NOT_AVAILABLE 80, ELIGIBLE_LEADERS_NOT_AVAILABLE 83,
  ELECTION_NOT_NEEDED 84, UNKNOWN_TOPIC_ID 100, INCONSISTENT_TOPIC_ID 103`;

/** The other subclasses of RetriableException. */
const retriable = `
  CORRUPT_MESSAGE 2, REQUEST_TIMED_OUT 7, COORDINATOR_LOAD_IN_PROGRESS 14,
  COORDINATOR_NOT_AVAILABLE 15, NOT_COORDINATOR 16, NOT_ENOUGH_REPLICAS 19,
  NOT_ENOUGH_REPLICAS_AFTER_APPEND 20, NOT_CONTROLLER 41, CONCURRENT_TRANSACTIONS 51,
  FETCH_SESSION_ID_NOT_FOUND 70, INVALID_FETCH_SESSION_EPOCH 71, UNKNOWN_LEADER_EPOCH 75,
  OFFSET_NOT_AVAILABLE 78, UNSTABLE_OFFSET_COMMIT 88, THROTTLING_QUOTA_EXCEEDED 89,
  FETCH_SESSION_TOPIC_ID_ERROR 106, SHARE_SESSION_NOT_FOUND 122, INVALID_SHARE_SESSION_EPOCH 123`;

const fatal = `
  UNKNOWN_SERVER_ERROR -1, OFFSET_OUT_OF_RANGE 1, INVALID_FETCH_SIZE 4, BROKER_NOT_AVAILABLE 8,
  MESSAGE_TOO_LARGE 10, STALE_CONTROLLER_EPOCH 11, OFFSET_METADATA_TOO_LARGE 12,
  INVALID_TOPIC_EXCEPTION 17, RECORD_LIST_TOO_LARGE 18, INVALID_REQUIRED_ACKS 21,
  ILLEGAL_GENERATION 22, INCONSISTENT_GROUP_PROTOCOL 23, INVALID_GROUP_ID 24,
  UNKNOWN_MEMBER_ID 25, INVALID_SESSION_TIMEOUT 26, REBALANCE_IN_PROGRESS 27,
  INVALID_COMMIT_OFFSET_SIZE 28, TOPIC_AUTHORIZATION_FAILED 29, GROUP_AUTHORIZATION_FAILED 30,
  CLUSTER_AUTHORIZATION_FAILED 31, INVALID_TIMESTAMP 32, UNSUPPORTED_SASL_MECHANISM 33,
  ILLEGAL_SASL_STATE 34, UNSUPPORTED_VERSION 35, TOPIC_ALREADY_EXISTS 36, INVALID_PARTITIONS 37,
  INVALID_REPLICATION_FACTOR 38, INVALID_REPLICA_ASSIGNMENT 39, INVALID_CONFIG 40,
  INVALID_REQUEST 42, UNSUPPORTED_FOR_MESSAGE_FORMAT 43, POLICY_VIOLATION 44,
  OUT_OF_ORDER_SEQUENCE_NUMBER 45, DUPLICATE_SEQUENCE_NUMBER 46, INVALID_PRODUCER_EPOCH 47,
  INVALID_TXN_STATE 48, INVALID_PRODUCER_ID_MAPPING 49, INVALID_TRANSACTION_TIMEOUT 50,
  TRANSACTION_COORDINATOR_FENCED 52, TRANSACTIONAL_ID_AUTHORIZATION_FAILED 53,
  SECURITY_DISABLED 54, OPERATION_NOT_ATTEMPTED 55, LOG_DIR_NOT_FOUND 57,
  SASL_AUTHENTICATION_FAILED 58, UNKNOWN_PRODUCER_ID 59, REASSIGNMENT_IN_PROGRESS 60,
  DELEGATION_TOKEN_AUTH_DISABLED 61, DELEGATION_TOKEN_NOT_FOUND 62,
  DELEGATION_TOKEN_OWNER_MISMATCH 63, DELEGATION_TOKEN_REQUEST_NOT_ALLOWED 64,
  DELEGATION_TOKEN_AUTHORIZATION_FAILED 65, DELEGATION_TOKEN_EXPIRED 66,
  INVALID_PRINCIPAL_TYPE 67, NON_EMPTY_GROUP 68, GROUP_ID_NOT_FOUND 69,
  TOPIC_DELETION_DISABLED 73, UNSUPPORTED_COMPRESSION_TYPE 76, STALE_BROKER_EPOCH 77,
  MEMBER_ID_REQUIRED 79, GROUP_MAX_SIZE_REACHED 81, FENCED_INSTANCE_ID 82,
  NO_REASSIGNMENT_IN_PROGRESS 85, GROUP_SUBSCRIBED_TO_TOPIC 86, INVALID_RECORD 87,
  PRODUCER_FENCED 90, RESOURCE_NOT_FOUND 91, DUPLICATE_RESOURCE 92, UNACCEPTABLE_CREDENTIAL 93,
  INCONSISTENT_VOTER_SET 94, INVALID_UPDATE_VERSION 95, FEATURE_UPDATE_FAILED 96,
  PRINCIPAL_DESERIALIZATION_FAILURE 97, SNAPSHOT_NOT_FOUND 98,
  POSITION_OUT_OF_RANGE 99, DUPLICATE_BROKER_REGISTRATION 101,
  BROKER_ID_NOT_REGISTERED 102, INCONSISTENT_CLUSTER_ID 104, TRANSACTIONAL_ID_NOT_FOUND 105,
  INELIGIBLE_REPLICA 107, NEW_LEADER_ELECTED 108, OFFSET_MOVED_TO_TIERED_STORAGE 109,
  FENCED_MEMBER_EPOCH 110, UNRELEASED_INSTANCE_ID 111, UNSUPPORTED_ASSIGNOR 112,
  STALE_MEMBER_EPOCH 113, MISMATCHED_ENDPOINT_TYPE 114, UNSUPPORTED_ENDPOINT_TYPE 115,
  UNKNOWN_CONTROLLER_ID 116, UNKNOWN_SUBSCRIPTION_ID 117, TELEMETRY_TOO_LARGE 118,
  INVALID_REGISTRATION 119, TRANSACTION_ABORTABLE 120, INVALID_RECORD_STATE 121,
  FENCED_STATE_EPOCH 124, INVALID_VOTER_KEY 125, DUPLICATE_VOTER 126, VOTER_NOT_FOUND 127`;

function codes(list: string): Map<string, number> {
  return new Map(
    list.split(",").map((entry) => {
      const [name = "", code = ""] = entry.trim().split(" ");
      return [name, Number(code)];
    }),
  );
}

const [stale, again, never] = [codes(staleMetadata), codes(retriable), codes(fatal)];
const all = new Map([...stale, ...again, ...never]);
const names = Object.keys(brokerErrors) as (keyof typeof brokerErrors)[]; // Their own.

describe("brokerErrors", () => {
  test("the list is whole: -1 to 127 without 0", () => {
    const expected = Array.from({ length: 129 }, (_, n) => n - 1).filter((code) => code !== 0);
    expect([...all.values()].toSorted((a, b) => a - b)).toEqual(expected);
  });

  test.each(names)("%s has its code, and is retried as Java does", (name) => {
    expect(brokerErrors[name].code).toBe(all.get(name));
    expect(isRetriable(name)).toBe(stale.has(name) || again.has(name));
  });

  test.each(names)("%s leads to new metadata as in Java, or for a new coordinator", (name) => {
    const isCoordinator = name === "NOT_COORDINATOR" || name === "COORDINATOR_NOT_AVAILABLE";
    expect(isMetadataStale(name)).toBe(stale.has(name) || isCoordinator);
  });
});

describe("brokerErrorOfCode", () => {
  test("gives each code its name; null for none; what nobody names is unknown", () => {
    expect(brokerErrorOfCode(0)).toBeNull();
    for (const name of names) expect(brokerErrorOfCode(brokerErrors[name].code)).toBe(name);
    expect(brokerErrorOfCode(29)).toBe("UNKNOWN_SERVER_ERROR");
    expect(brokerErrorOfCode(999)).toBe("UNKNOWN_SERVER_ERROR");
  });

  test("a code without a name of ours that Java retries is one that is retried", () => {
    const unnamed = [...stale, ...again].filter(([name]) => !names.some((own) => own === name));
    expect(unnamed.length).toBeGreaterThan(5);
    for (const [, code] of unnamed) {
      expect(isRetriable(brokerErrorOfCode(code) ?? "UNKNOWN_SERVER_ERROR")).toBe(true);
    }
  });
});
