/** A producer on the ports to time and Kafka only: the same in the simulation and on a real broker.
 *  It draws an application's records when their time has come, gathers them per partition for
 *  `linger.ms`, and sends one batch at a time per partition, again while the leader is away.
 *  Like Kafka: KafkaProducer with `acks=all`; unlike it: one request in flight per partition, and
 *  the linger window is one for all partitions. */

import { assert, AssertionFailure, get } from "../base/assert.ts";
import { ScenarioError, type StreamscopeError } from "../base/errors.ts";
import {
  defaultPartitioner,
  type ProducerPartitioner,
  roundRobinPartitioner,
} from "../record/partitioner.ts";
import { type ProducerRecord, recordSizeBytes } from "../record/record.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { Broker, ProduceRecord } from "../broker/broker.ts";
import { type BrokerError, isRetriable } from "../broker/broker-error.ts";
import {
  checkFields,
  DELIVERY_TIMEOUT_MS,
  MAX_BLOCK_MS,
  missingPartition,
  producerError,
  workloadError,
} from "./producer-errors.ts";

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

/** Kafka's defaults: `batch.size`, `buffer.memory`, `retry.backoff.ms`, `metadata.max.age.ms`. */
const BATCH_BYTES = 16_384;
const BUFFER_BYTES = 33_554_432;
const RETRY_BACKOFF_MS = 100;
const METADATA_MAX_AGE_MS = 300_000;

interface Batch {
  readonly records: ProduceRecord[];
  sizeBytes: number;
  /** When the application handed over its first record; the delivery time-out counts from here. */
  createdMs: number;
  /** Already a part of one that was too large. */
  readonly isSplit: boolean;
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
  #partitioner: ProducerPartitioner;
  readonly #lanes = new Map<number, Lane>();
  #next: ProducerRecord | null = null;
  #partitions: number;
  #askedMs = 0;
  #bufferedBytes = 0;
  #sent = 0;
  #isWaitingForSpace = false;
  #isOver = false;

  constructor(options: ProducerOptions) {
    this.#options = options;
    this.#partitions = 0;
    this.#partitioner = this.#makePartitioner(options.partitions);
    this.#grow(options.partitions);
  }

  #makePartitioner(count: number): ProducerPartitioner {
    const { runtime, topic, partitioner } = this.#options;
    return partitioner === "default"
      ? defaultPartitioner(count, runtime.random(`producer ${topic}`))
      : roundRobinPartitioner(count);
  }

  /** The topic has more partitions than it was known to have. */
  #grow(count: number): void {
    for (let partition = this.#partitions; partition < count; partition += 1) {
      this.#lanes.set(partition, { partition, queue: [], open: emptyBatch(), isSending: false });
    }
    this.#partitions = count;
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
    const { topic } = this.#options;
    const { atMs, partition = 0 } = record;
    if (!Number.isSafeInteger(atMs) || atMs < 0) {
      throw new ScenarioError(
        "BAD_WORLD",
        `a record for topic ${topic} has atMs ${atMs}; give whole milliseconds from 0 on`,
      );
    }
    if (!Number.isSafeInteger(partition) || partition < 0) {
      throw new ScenarioError(
        "BAD_WORLD",
        `Invalid partition: ${partition}. Partition number should always be non-negative or ` +
          "null; " +
          `give a whole number for records of topic ${topic}, or leave it to the partitioner`,
        { place: { topic } },
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
    this.#refresh(nowMs);
    while (this.#next !== null && this.#next.atMs <= nowMs) {
      const { partition = 0 } = this.#next;
      if (partition >= this.#partitions) {
        this.#waitForPartition(partition, nowMs);
        return;
      }
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

  /** Looks at the topic again every `metadata.max.age.ms`, while it sends. */
  #refresh(nowMs: number): void {
    if (nowMs - this.#askedMs < METADATA_MAX_AGE_MS) return;
    this.#askForPartitions(() => {
      // Whatever it learns, sending goes on meanwhile.
    });
  }

  /** `send` blocks until the brokers know the partition, at most `max.block.ms`. */
  #waitForPartition(partition: number, sinceMs: number): void {
    const { runtime, topic } = this.#options;
    for (const lane of this.#lanes.values()) this.#send(lane);
    this.#askForPartitions(() => {
      if (this.#isOver) return;
      if (partition < this.#partitions) this.#wake();
      else if (runtime.now() - sinceMs >= MAX_BLOCK_MS) {
        this.#giveUp(missingPartition(topic, partition, this.#partitions));
      } else {
        runtime.schedule(RETRY_BACKOFF_MS, () => this.#waitForPartition(partition, sinceMs));
      }
    });
  }

  #askForPartitions(done: () => void): void {
    const { broker, runtime, topic } = this.#options;
    this.#askedMs = runtime.now();
    broker.send<"metadata">({ kind: "metadata", topics: [topic] }, ({ topics }) => {
      const count = topics[0]?.partitions.length ?? 0;
      if (count > this.#partitions) {
        this.#grow(count);
        this.#partitioner = this.#makePartitioner(count);
      }
      done();
    });
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
    if (lane.open.records.length === 0) lane.open.createdMs = input.atMs;
    lane.open.records.push(record);
    lane.open.sizeBytes += sizeBytes;
    this.#bufferedBytes += sizeBytes;
  }

  #close(lane: Lane): void {
    if (lane.open.records.length === 0) return;
    lane.queue.push(lane.open);
    lane.open = emptyBatch();
  }

  /** While a request is in flight or is to be sent again, the open batch goes on filling. */
  #send(lane: Lane): void {
    if (lane.isSending) return;
    if (lane.queue.length === 0) this.#close(lane);
    const [batch] = lane.queue;
    if (batch === undefined) return;
    lane.isSending = true;
    this.#attempt(lane, batch);
  }

  #attempt(lane: Lane, batch: Batch): void {
    const { broker, topic } = this.#options;
    const { partition } = lane;
    const { records } = batch;
    broker.send<"produce">({ kind: "produce", topic, partition, records }, ({ error }) => {
      if (this.#isOver) return;
      if (error === null) this.#acknowledged(lane, batch);
      else this.#failed(lane, batch, error);
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

  #failed(lane: Lane, batch: Batch, error: BrokerError): void {
    const { runtime, topic } = this.#options;
    const { partition } = lane;
    const isLate = runtime.now() - batch.createdMs >= DELIVERY_TIMEOUT_MS;
    const canSplit = error === "MESSAGE_TOO_LARGE" && batch.records.length > 1;
    const again = isRetriable(error) ? RETRY_BACKOFF_MS : canSplit ? 0 : null;
    const retryInMs = isLate ? null : again;
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
    if (canSplit && retryInMs !== null) {
      lane.queue.splice(0, 1, ...split(batch));
      lane.isSending = false;
      this.#send(lane);
      return;
    }
    if (retryInMs !== null) {
      runtime.schedule(retryInMs, () => {
        if (!this.#isOver) this.#attempt(lane, batch);
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

function emptyBatch(): Batch {
  return { records: [], sizeBytes: 0, createdMs: 0, isSplit: false };
}

/** Smaller batches with the same records: of `batch.size` and, where it is a part already, of half
 *  its size. Like Kafka: RecordAccumulator.splitAndReenqueue, ProducerBatch.split. */
function split(batch: Batch): Batch[] {
  const sizes = batch.records.map(recordSizeBytes);
  const half = Math.max(...sizes, Math.floor(batch.sizeBytes / 2));
  const limit = batch.isSplit ? half : BATCH_BYTES;
  const parts: Batch[] = [];
  for (const [index, record] of batch.records.entries()) {
    const sizeBytes = sizes[index] ?? 0;
    const last = parts.at(-1);
    if (last !== undefined && last.sizeBytes + sizeBytes <= limit) {
      last.records.push(record);
      last.sizeBytes += sizeBytes;
    } else parts.push({ records: [record], sizeBytes, createdMs: batch.createdMs, isSplit: true });
  }
  return parts;
}
