/** A producer on the ports to time and Kafka only: the same in the simulation and on a real broker.
 *  It draws an application's records when their time has come, gathers them per partition for
 *  `linger.ms`, and sends one batch at a time per partition, again while the leader is away.
 *  Like Kafka: KafkaProducer with `acks=all`; unlike it: one request in flight per partition, and
 *  the linger window is one for all partitions. */

import { assert, AssertionFailure, get } from "../base/assert.ts";
import { describeThrown, ScenarioError, StreamscopeError } from "../base/errors.ts";
import {
  defaultPartitioner,
  type ProducerPartitioner,
  roundRobinPartitioner,
} from "../record/partitioner.ts";
import { type ProducerRecord, recordSizeBytes } from "../record/record.ts";
import { topicPartitionName } from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import { type Broker, type BrokerError, isRetriable, type ProduceRecord } from "./broker.ts";

export interface ProducerOptions {
  readonly runtime: Runtime;
  readonly broker: Broker;
  readonly topic: string;
  readonly partitions: number;
  readonly partitioner: "default" | "RoundRobinPartitioner";
  /** `linger.ms`. */
  readonly lingerMs: number;
  /** Ordered by `atMs`. */
  readonly records: Iterator<ProducerRecord>;
  /** All records are acknowledged; how many. */
  readonly onDone: (sent: number) => void;
  /** A batch was given up; the producer stops. */
  readonly onError: (error: StreamscopeError) => void;
}

/** Kafka's defaults: `batch.size`, `buffer.memory`, `retry.backoff.ms`, `delivery.timeout.ms`. */
const BATCH_BYTES = 16_384;
const BUFFER_BYTES = 33_554_432;
const RETRY_BACKOFF_MS = 100;
const DELIVERY_TIMEOUT_MS = 120_000;

interface Batch {
  readonly records: ProduceRecord[];
  sizeBytes: number;
}

interface Lane {
  readonly partition: number;
  /** Closed batches in order; the first may be in flight. */
  readonly queue: Batch[];
  open: Batch;
  isSending: boolean;
}

export class Producer {
  readonly #options: ProducerOptions;
  readonly #partitioner: ProducerPartitioner;
  readonly #lanes = new Map<number, Lane>();
  #next: ProducerRecord | null = null;
  #bufferedBytes = 0;
  #sent = 0;
  #isWaitingForSpace = false;
  #isOver = false;

  constructor(options: ProducerOptions) {
    this.#options = options;
    const random = options.runtime.random(`producer ${options.topic}`);
    this.#partitioner =
      options.partitioner === "default"
        ? defaultPartitioner(options.partitions, random)
        : roundRobinPartitioner(options.partitions);
    for (let partition = 0; partition < options.partitions; partition += 1) {
      const open = { records: [], sizeBytes: 0 };
      this.#lanes.set(partition, { partition, queue: [], open, isSending: false });
    }
  }

  start(): void {
    this.#draw();
    this.#wakeLater();
  }

  #draw(): void {
    this.#next = null;
    try {
      const drawn = this.#options.records.next();
      if (drawn.done !== true) this.#next = this.#checked(drawn.value);
    } catch (thrown) {
      if (thrown instanceof AssertionFailure) throw thrown;
      this.#giveUp(workloadError(thrown, this.#options.topic));
    }
  }

  /** Throws: ScenarioError BAD_WORLD for a record that no producer would take. */
  #checked(record: ProducerRecord): ProducerRecord {
    const { topic, partitions } = this.#options;
    const { atMs, partition = 0 } = record;
    if (!Number.isSafeInteger(atMs) || atMs < 0) {
      throw new ScenarioError(
        "BAD_WORLD",
        `a record for topic ${topic} has atMs ${atMs}; give whole milliseconds from 0 on`,
      );
    }
    if (!this.#lanes.has(partition)) {
      throw new ScenarioError(
        "BAD_WORLD",
        `org.apache.kafka.common.errors.TimeoutException: Partition ${partition} of topic ` +
          `${topic} with partition count ${partitions} is not present in metadata; choose one ` +
          `from 0 to ${partitions - 1}, or leave it to the partitioner`,
        { place: { topic, partition } },
      );
    }
    checkFields(record, topic);
    return record;
  }

  #giveUp(error: StreamscopeError): void {
    this.#isOver = true;
    this.#options.onError(error);
  }

  /** Wakes when the next record has lingered. */
  #wakeLater(): void {
    const { runtime, lingerMs } = this.#options;
    if (this.#next === null) {
      this.#endIfDone();
      return;
    }
    const delayMs = Math.max(0, this.#next.atMs - runtime.now()) + lingerMs;
    runtime.schedule(delayMs, () => this.#wake());
  }

  /** Takes what the application has handed over by now, and sends it. */
  #wake(): void {
    if (this.#isOver) return;
    const nowMs = this.#options.runtime.now();
    while (this.#next !== null && this.#next.atMs <= nowMs) {
      if (this.#bufferedBytes >= BUFFER_BYTES) {
        this.#isWaitingForSpace = true;
        break;
      }
      this.#accept(this.#next);
      this.#draw();
    }
    if (this.#isOver) return;
    for (const lane of this.#lanes.values()) this.#send(lane);
    if (!this.#isWaitingForSpace) this.#wakeLater();
  }

  #accept(input: ProducerRecord): void {
    const { key = null, value, headers = [] } = input;
    const record = { key, value, timestampMs: input.timestampMs ?? input.atMs, headers };
    const sizeBytes = recordSizeBytes(record);
    const partition = input.partition ?? this.#partitioner.choose(key, sizeBytes);
    const lane = get(this.#lanes, partition, "the partition of a record");
    if (lane.open.records.length > 0 && lane.open.sizeBytes + sizeBytes > BATCH_BYTES) {
      this.#close(lane);
    }
    lane.open.records.push(record);
    lane.open.sizeBytes += sizeBytes;
    this.#bufferedBytes += sizeBytes;
  }

  #close(lane: Lane): void {
    if (lane.open.records.length === 0) return;
    lane.queue.push(lane.open);
    lane.open = { records: [], sizeBytes: 0 };
  }

  /** While a request is in flight or is to be sent again, the open batch goes on filling. */
  #send(lane: Lane): void {
    if (lane.isSending) return;
    if (lane.queue.length === 0) this.#close(lane);
    const [batch] = lane.queue;
    if (batch === undefined) return;
    lane.isSending = true;
    this.#attempt(lane, batch, this.#options.runtime.now());
  }

  #attempt(lane: Lane, batch: Batch, firstAtMs: number): void {
    const { broker, topic } = this.#options;
    const { partition } = lane;
    const { records } = batch;
    broker.send<"produce">({ kind: "produce", topic, partition, records }, ({ error }) => {
      if (this.#isOver) return;
      if (error === null) this.#acknowledged(lane, batch);
      else this.#failed(lane, batch, firstAtMs, error);
    });
  }

  #acknowledged(lane: Lane, batch: Batch): void {
    assert(lane.queue[0] === batch, "batches must be acknowledged in order");
    lane.queue.shift();
    lane.isSending = false;
    this.#bufferedBytes -= batch.sizeBytes;
    this.#sent += batch.records.length;
    this.#send(lane);
    if (this.#isWaitingForSpace && this.#bufferedBytes < BUFFER_BYTES) {
      this.#isWaitingForSpace = false;
      this.#wake();
    }
    this.#endIfDone();
  }

  #failed(lane: Lane, batch: Batch, firstAtMs: number, error: BrokerError): void {
    const { runtime, topic } = this.#options;
    const { partition } = lane;
    const isLate = runtime.now() - firstAtMs >= DELIVERY_TIMEOUT_MS;
    const retryInMs = isRetriable(error) && !isLate ? RETRY_BACKOFF_MS : null;
    const request = "produce";
    runtime.emit({
      kind: "request.failed",
      client: "producer",
      request,
      topic,
      partition,
      error,
      retryInMs,
    });
    if (retryInMs !== null) {
      runtime.schedule(retryInMs, () => {
        if (!this.#isOver) this.#attempt(lane, batch, firstAtMs);
      });
      return;
    }
    this.#giveUp(producerError(error, { topic, partition }, batch));
  }

  #endIfDone(): void {
    if (this.#isOver || this.#next !== null) return;
    for (const lane of this.#lanes.values()) {
      if (lane.queue.length > 0 || lane.open.records.length > 0) return;
    }
    this.#isOver = true;
    this.#options.onDone(this.#sent);
  }
}

/** Worlds may be plain JavaScript, so that what the types promise is looked at here.
 *  Throws: ScenarioError BAD_WORLD for a field that Kafka's client would not take, in its words. */
function checkFields(record: ProducerRecord, topic: string): void {
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

function workloadError(thrown: unknown, topic: string): StreamscopeError {
  if (thrown instanceof StreamscopeError) return thrown;
  const message = `the workload of topic ${topic} failed: ${describeThrown(thrown)}`;
  return new ScenarioError("BAD_WORLD", message, { place: { topic }, cause: thrown });
}

/** In the words of Kafka's producer. */
function producerError(
  error: BrokerError,
  place: { readonly topic: string; readonly partition: number },
  batch: Batch,
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
