// Goal: what goes wrong in transactions is told, and no producer waits for ever without a word.
// Method: errors as TransactionManager's handlers take them; applications with transactions on a
// simulated cluster.
import { describe, expect, test } from "vitest";
import type { BrokerError } from "../../core/broker/broker-error.ts";
import { Producer, type ProducerOptions } from "../../core/client/producer.ts";
import { consequence, type TransactionRequestName } from "../../core/client/transaction-errors.ts";
import { ClusterKit } from "../broker/cluster-kit.ts";
import { everyMs, startSending } from "./sending.ts";

describe("what an error makes of the producer, request by request", () => {
  const requests: readonly TransactionRequestName[] = [
    "InitProducerId",
    "AddPartitionsToTxn",
    "AddOffsetsToTxn",
    "TxnOffsetCommit",
    "EndTxn",
  ];
  /** Its kind, `+epoch` where the next transaction needs another, and the exception. */
  const of = (error: BrokerError): string[] =>
    requests.map((request) => {
      const made = consequence(request, error);
      const epoch = made.needsEpoch ? "+epoch" : "";
      return `${made.isFatal ? "fatal" : "abortable"}${epoch} ${made.error.exception}`;
    });
  const all = (line: string): string[] => requests.map(() => line);

  test.each<[BrokerError, readonly string[]]>([
    ["INVALID_PRODUCER_EPOCH", all("fatal ProducerFencedException")],
    ["PRODUCER_FENCED", all("fatal ProducerFencedException")],
    ["TRANSACTION_ABORTABLE", all("abortable TransactionAbortableException")],
    [
      "INVALID_TXN_STATE",
      [
        "fatal KafkaException",
        "fatal InvalidTxnStateException",
        "fatal InvalidTxnStateException",
        "fatal KafkaException",
        "fatal InvalidTxnStateException",
      ],
    ],
    [
      "INVALID_PRODUCER_ID_MAPPING",
      [
        "fatal KafkaException",
        "abortable+epoch InvalidPidMappingException",
        "abortable+epoch InvalidPidMappingException",
        "fatal KafkaException",
        "abortable+epoch InvalidPidMappingException",
      ],
    ],
    [
      "ILLEGAL_GENERATION",
      [
        "fatal KafkaException",
        "abortable KafkaException",
        "fatal KafkaException",
        "abortable CommitFailedException",
        "fatal KafkaException",
      ],
    ],
    [
      "FENCED_INSTANCE_ID",
      [
        "fatal KafkaException",
        "abortable KafkaException",
        "fatal KafkaException",
        "abortable FencedInstanceIdException",
        "fatal KafkaException",
      ],
    ],
    [
      "INVALID_TRANSACTION_TIMEOUT",
      [
        "fatal KafkaException",
        "abortable KafkaException",
        "fatal KafkaException",
        "fatal KafkaException",
        "fatal KafkaException",
      ],
    ],
  ])("%s", (error, expected) => {
    expect(of(error)).toEqual(expected);
  });

  test("is said in Kafka's words", () => {
    const partitions = [
      { topic: "t", partition: 0 },
      { topic: "t", partition: 1 },
    ];
    expect(consequence("AddPartitionsToTxn", "INVALID_REQUEST", partitions).error.message).toBe(
      "org.apache.kafka.common.KafkaException: Could not add partitions to transaction due to " +
        "errors: {t-0=INVALID_REQUEST, t-1=INVALID_REQUEST}",
    );
    expect(consequence("EndTxn", "INVALID_GROUP_ID").error.message).toBe(
      "org.apache.kafka.common.KafkaException: Unhandled error in EndTxnResponse: The configured " +
        "groupId is invalid.",
    );
    expect(consequence("TxnOffsetCommit", "UNKNOWN_MEMBER_ID").error.message).toBe(
      "org.apache.kafka.clients.consumer.CommitFailedException: Transaction offset Commit failed " +
        "due to consumer group metadata mismatch: The coordinator is not aware of this member.",
    );
  });
});

const timeOut = "transaction.max.timeout.ms";
const refused = (client: string, request: string, error: string) => {
  return { kind: "request.failed", client, request, error, retryInMs: null };
};

test.each([false, true])("a time-out that brokers refuse ends the producer (goes on: %s)", (on) => {
  const sending = startSending(everyMs(10), {
    producer: { transactionalId: "tx", transactionTimeoutMs: 1_000_000 },
    continuesAfterError: on,
  });
  sending.runTo(100_000);
  expect(sending.errors.map(({ message }) => message)).toEqual([
    "org.apache.kafka.common.KafkaException: Unexpected error in InitProducerIdResponse; The " +
      `transaction timeout is larger than the maximum value allowed by the broker (as configured ` +
      `by ${timeOut}).`,
  ]);
  expect(sending.done).toEqual([]);
  const failed = sending.events.filter(({ kind }) => kind === "request.failed");
  expect(failed).toMatchObject([
    refused("producer", "initProducerId", "INVALID_TRANSACTION_TIMEOUT"),
  ]);
});

describe("a producer that a newer one of the same name has fenced", () => {
  function zombie(continuesAfterError: boolean) {
    const kit = new ClusterKit(1);
    kit.topic({ replicationFactor: 1 });
    const [ended, failed]: [string[], string[]] = [[], []];
    const start = (client: string, records: ProducerOptions["records"]): void =>
      new Producer({
        runtime: kit.simulation,
        broker: kit.cluster.client(client),
        kafka: kit.cluster.client(client),
        client,
        topic: "t",
        partitions: 1,
        partitioner: "default",
        lingerMs: 0,
        settings: { transactionalId: "tx" },
        plan: { recordsPerTransaction: 1_000 },
        continuesAfterError,
        records,
        onDone: () => ended.push(client),
        onError: (error) => failed.push(`${client}: ${error.message}`),
      }).start();
    start("older", everyMs(3_000));
    kit.runTo(300);
    start("newer", everyMs(5));
    kit.runTo(20_000);
    return { kit, ended, failed };
  }

  const told =
    "org.apache.kafka.common.errors.ProducerFencedException: There is a newer producer with the " +
    "same transactionalId which fences the current one.";

  test("is refused when it writes, and again when it aborts; then it fails", () => {
    const { kit, ended, failed } = zombie(false);
    expect(failed).toEqual([`older: ${told}`]);
    expect(ended).toEqual(["newer"]);
    const refusals = kit.eventsOf("request.failed").filter(({ retryInMs }) => retryInMs === null);
    expect(refusals[0]).toMatchObject(refused("older", "produce", "INVALID_PRODUCER_EPOCH"));
    expect(refusals.at(-1)).toMatchObject(refused("older", "endTxn", "PRODUCER_FENCED"));
  });

  test("says so and leaves the field, where producers go on after an error", () => {
    const { kit, ended, failed } = zombie(true);
    expect(failed).toEqual([]);
    expect(ended.toSorted()).toEqual(["newer", "older"]);
    expect(kit.eventsOf("error.reported").map(({ message }) => message)).toEqual([told]);
  });
});

describe("a record that no broker takes", () => {
  const records = [
    { atMs: 0, value: "a" },
    { atMs: 1, value: "x".repeat(2_000) },
    { atMs: 2, value: "b" },
    { atMs: 3, value: "c" },
  ];
  const settings = {
    partitions: 1,
    maxMessageBytes: 1_000,
    producer: { transactionalId: "tx" },
    plan: { recordsPerTransaction: 2 },
  };

  test("fails its producer once its transaction is aborted", () => {
    const sending = startSending(records, settings);
    sending.runTo(100_000);
    expect(sending.errors[0]?.message).toContain("RecordTooLargeException");
    expect(sending.done).toEqual([]);
  });

  test("takes its transaction along, and others are written, where the producer goes on", () => {
    const sending = startSending(records, { ...settings, continuesAfterError: true });
    sending.runTo(100_000);
    expect(sending.errors).toEqual([]);
    expect(sending.broker.contents("t", "read_committed")?.map(({ value }) => value)).toEqual([
      "b",
      "c",
    ]);
    expect(sending.done).toHaveLength(1);
  });
});
