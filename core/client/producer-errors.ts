/** What a producer says of records and batches that it cannot send. */

import {
  describeThrown,
  type ErrorPlace,
  ScenarioError,
  StreamscopeError,
} from "../base/errors.ts";
import type { ProducerRecord, ProduceRecord } from "../record/record.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import { textBytes, varintBytes } from "../record/varint.ts";
import type { BrokerError } from "../broker/broker-error.ts";

/** What a call of Kafka's producer throws, or its callback is given. */
export class KafkaError extends StreamscopeError {
  /** The simple name of the Java class. */
  readonly exception: string;
  /** Null where no broker said it. */
  readonly error: BrokerError | null;

  constructor(
    exception: string,
    text: string,
    error: BrokerError | null = null,
    details: { readonly place?: ErrorPlace; readonly cause?: unknown } = {},
  ) {
    const isIllegal = exception === "IllegalStateException";
    const isLate = exception === "TimeoutException";
    super(
      isIllegal ? "CONTEXT_STATE" : isLate ? "BROKER_UNREACHABLE" : "BAD_WORLD",
      `${packageOf(exception)}.${exception}: ${text}`,
      details,
    );
    this.exception = exception;
    this.error = error;
  }
}

const packages: Readonly<Record<string, string>> = {
  IllegalStateException: "java.lang",
  KafkaException: "org.apache.kafka.common",
  CommitFailedException: "org.apache.kafka.clients.consumer",
  NoOffsetForPartitionException: "org.apache.kafka.clients.consumer",
  OffsetOutOfRangeException: "org.apache.kafka.clients.consumer",
};

function packageOf(exception: string): string {
  return packages[exception] ?? "org.apache.kafka.common.errors";
}

/** Java's exceptions whose names do not follow from the error's. */
const exceptions: Readonly<Partial<Record<BrokerError, string>>> = {
  MESSAGE_TOO_LARGE: "RecordTooLargeException",
  OUT_OF_ORDER_SEQUENCE_NUMBER: "OutOfOrderSequenceException",
  REQUEST_TIMED_OUT: "TimeoutException",
  INVALID_PRODUCER_ID_MAPPING: "InvalidPidMappingException",
  RECORD_LIST_TOO_LARGE: "RecordBatchTooLargeException",
};

/** The exception of a broker's error. */
export function kafkaError(error: BrokerError, text: string, place?: ErrorPlace): KafkaError {
  const exception = exceptions[error] ?? `${camelCase(error)}Exception`;
  return new KafkaError(exception, text, error, place === undefined ? {} : { place });
}

/** `PRODUCER_FENCED` as `ProducerFenced`. */
function camelCase(error: string): string {
  return error
    .split("_")
    .map((word) => `${word.slice(0, 1)}${word.slice(1).toLowerCase()}`)
    .join("");
}

/** Bytes around a batch, and around a record at most. Like Kafka: DefaultRecordBatch,
 *  DefaultRecord. */
const BATCH_OVERHEAD = 61;
const RECORD_OVERHEAD_MAX = 21;

/** Why a producer does not take a record; null where it does.
 *  Like Kafka: KafkaProducer.ensureValidRecordSize,
 *  AbstractRecords.estimateSizeInBytesUpperBound. */
export function tooLarge(
  topic: string,
  { key, value, headers }: Pick<ProduceRecord, "key" | "value" | "headers">,
  limits: { readonly maxRequestBytes: number; readonly bufferBytes: number },
): KafkaError | null {
  let bytes = BATCH_OVERHEAD + RECORD_OVERHEAD_MAX + textBytes(key) + textBytes(value);
  bytes += varintBytes(headers.length);
  for (const header of headers) bytes += textBytes(header.key) + textBytes(header.value);
  const isLarger = `The message is ${bytes} bytes when serialized which is larger than`;
  const { maxRequestBytes, bufferBytes } = limits;
  const why =
    bytes > maxRequestBytes
      ? `${isLarger} ${maxRequestBytes}, which is the value of the max.request.size configuration.`
      : bytes > bufferBytes
        ? `${isLarger} the total memory buffer you have configured with the buffer.memory ` +
          "configuration."
        : null;
  return why === null ? null : kafkaError("MESSAGE_TOO_LARGE", why, { topic });
}

/** A batch was not acknowledged within `delivery.timeout.ms`. */
export function expired(
  place: TopicPartition,
  batch: { readonly count: number; readonly createdMs: number },
  nowMs: number,
): KafkaError {
  const text =
    `Expiring ${batch.count} record(s) for ${topicPartitionName(place)}:` +
    `${nowMs - batch.createdMs} ms has passed since batch creation`;
  return new KafkaError("TimeoutException", text, "REQUEST_TIMED_OUT", { place });
}

/** A record names a partition that its topic does not get in time. */
export function missingPartition(
  topic: string,
  partition: number,
  count: number,
  maxBlockMs: number,
): ScenarioError {
  return new ScenarioError(
    "BAD_WORLD",
    `org.apache.kafka.common.errors.TimeoutException: Partition ${partition} of topic ` +
      `${topic} with partition count ${count} is not present in metadata after ` +
      `${maxBlockMs} ms.; choose one from 0 to ${count - 1}, or leave it to the partitioner`,
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

/** What a broker said of a batch that is given up, in the words of Kafka's producer. */
export function refused(
  error: BrokerError,
  place: TopicPartition,
  batch: { readonly sizeBytes: number },
): KafkaError {
  const name = topicPartitionName(place);
  if (error === "MESSAGE_TOO_LARGE") {
    return kafkaError(
      error,
      "The request included a message larger than the max message size the server will accept: " +
        `${batch.sizeBytes} bytes for ${name}; shorten the record, or raise maxMessageBytes of ` +
        "the topic",
      place,
    );
  }
  return kafkaError(error, `producing to ${name} failed: ${error}`, place);
}
