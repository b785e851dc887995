/** What a task's functions sent to Kafka, written once they have run, before the task is through:
 *  as a KafkaProducer made in `foreachPartition` and closed at its end. A task that fails or is
 *  lost afterwards has written all the same, and its next attempt writes again.
 *  Like Kafka: KafkaProducer with `acks=all`; where the records do not say how, not idempotent, one
 *  request in flight a partition. */

import { StreamscopeError } from "../base/errors.ts";
import type { Broker, ReplyOf } from "../broker/broker.ts";
import { type BrokerError, isRetriable } from "../broker/broker-error.ts";
import { defaultPartitioner, type ProducerPartitioner } from "../record/partitioner.ts";
import { recordSizeBytes, type SentRecord } from "../record/record.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import { writeThrough } from "./task-producer.ts";

/** Producer defaults: `max.block.ms`, `delivery.timeout.ms`, `retry.backoff.ms`, `batch.size`. */
const MAX_BLOCK_MS = 60_000;
const DELIVERY_TIMEOUT_MS = 120_000;
const RETRY_BACKOFF_MS = 100;
const BATCH_BYTES = 16_384;

export interface TaskWriterOptions {
  readonly runtime: Runtime;
  readonly broker: Broker;
  /** Who writes, for facts: `executor 1`. */
  readonly client: string;
  /** Names the random stream that keyless records take their partitions from. */
  readonly name: string;
  /** The attempt is over, and so is its producer. */
  readonly isGone: () => boolean;
}

interface Lane {
  readonly at: TopicPartition;
  readonly batches: (readonly SentRecord[])[];
}

type Done = (error: Error | null) => void;

/** Writes records in their order for each partition, then calls back with the first error. */
export function writeRecords(
  options: TaskWriterOptions,
  records: readonly SentRecord[],
  done: Done,
): void {
  const through = records[0]?.through;
  if (through === undefined) writePlainly(options, records, done);
  else writeThrough(options, through, records, done);
}

function writePlainly(
  options: TaskWriterOptions,
  records: readonly SentRecord[],
  done: Done,
): void {
  const topics = [...new Set(records.map(({ topic }) => topic))];
  askMetadata(options, topics, options.runtime.now(), (error, counts) => {
    if (counts === null) {
      done(error);
      return;
    }
    const lanes = lanesOf(options, records, counts);
    let left = lanes.length;
    let failure: Error | null = null;
    for (const lane of lanes) {
      writeLane(options, lane, options.runtime.now(), (problem) => {
        failure ??= problem;
        left -= 1;
        if (left === 0) done(failure);
      });
    }
  });
}

/** Calls back with the number of partitions of each topic. */
function askMetadata(
  options: TaskWriterOptions,
  topics: readonly string[],
  sinceMs: number,
  done: (error: Error | null, counts: ReadonlyMap<string, number> | null) => void,
): void {
  const { runtime, broker } = options;
  broker.send<"metadata">({ kind: "metadata", topics }, (reply) => {
    const bad = reply.topics.find((one) => one.error !== null || one.partitions.length === 0);
    const error = reply.error ?? (bad === undefined ? null : (bad.error ?? "LEADER_NOT_AVAILABLE"));
    if (error === null) {
      done(null, new Map(reply.topics.map(({ topic, partitions }) => [topic, partitions.length])));
      return;
    }
    const topic = bad?.topic ?? topics[0] ?? "";
    const isLate = runtime.now() - sinceMs >= MAX_BLOCK_MS;
    const goesOn = isRetriable(error) && !isLate;
    tellFailure(options, { topic, partition: -1 }, "metadata", error, goesOn);
    if (goesOn) {
      runtime.schedule(RETRY_BACKOFF_MS, () => askMetadata(options, topics, sinceMs, done));
      return;
    }
    const message =
      "org.apache.kafka.common.errors.TimeoutException: " +
      `Topic ${topic} not present in metadata after ${MAX_BLOCK_MS} ms.`;
    done(new StreamscopeError("UNKNOWN_TOPIC", message, { place: { topic } }), null);
  });
}

/** Batches for each partition, none above `batch.size` unless one record is. */
function lanesOf(
  { runtime, name }: TaskWriterOptions,
  records: readonly SentRecord[],
  counts: ReadonlyMap<string, number>,
): readonly Lane[] {
  const partitioners = new Map<string, ProducerPartitioner>();
  const lanes = new Map<string, Lane & { sizeBytes: number; open: SentRecord[] }>();
  for (const record of records) {
    const { topic, key } = record;
    const sizeBytes = recordSizeBytes(record);
    let partitioner = partitioners.get(topic);
    if (partitioner === undefined) {
      partitioner = defaultPartitioner(counts.get(topic) ?? 1, runtime.random(`${name} ${topic}`));
      partitioners.set(topic, partitioner);
    }
    const partition = record.partition ?? partitioner.choose(key, sizeBytes);
    const at = { topic, partition };
    const laneName = topicPartitionName(at);
    let lane = lanes.get(laneName);
    if (lane === undefined) {
      lane = { at, batches: [], sizeBytes: 0, open: [] };
      lanes.set(laneName, lane);
    }
    if (lane.open.length === 0 || lane.sizeBytes + sizeBytes > BATCH_BYTES) {
      lane.open = [];
      lane.sizeBytes = 0;
      lane.batches.push(lane.open);
    }
    lane.open.push(record);
    lane.sizeBytes += sizeBytes;
  }
  return [...lanes.values()];
}

function writeLane(options: TaskWriterOptions, lane: Lane, sinceMs: number, done: Done): void {
  const { runtime, broker } = options;
  const [batch] = lane.batches;
  if (batch === undefined) {
    done(null);
    return;
  }
  const nowMs = runtime.now();
  const records = batch.map(({ key, value, headers, timestampMs }) => ({
    key,
    value,
    headers,
    timestampMs: timestampMs ?? nowMs,
  }));
  broker.send<"produce">({ kind: "produce", ...lane.at, records }, ({ error }) => {
    if (error === null) {
      lane.batches.shift();
      writeLane(options, lane, runtime.now(), done);
      return;
    }
    const goesOn = isRetriable(error) && runtime.now() - sinceMs < DELIVERY_TIMEOUT_MS;
    tellFailure(options, lane.at, "produce", error, goesOn);
    if (goesOn) {
      runtime.schedule(RETRY_BACKOFF_MS, () => writeLane(options, lane, sinceMs, done));
      return;
    }
    done(produceFailed(lane.at, error, batch.length));
  });
}

function produceFailed(at: TopicPartition, error: BrokerError, count: number): StreamscopeError {
  const name = topicPartitionName(at);
  const message = isRetriable(error)
    ? "org.apache.kafka.common.errors.TimeoutException: " +
      `Expiring ${count} record(s) for ${name}:${DELIVERY_TIMEOUT_MS} ms has passed since batch ` +
      "creation"
    : `producing to ${name} failed: ${error}`;
  return new StreamscopeError("JOB_ABORTED", message, { place: { ...at } });
}

function tellFailure(
  { runtime, client }: TaskWriterOptions,
  { topic, partition }: TopicPartition,
  request: ReplyOf<"metadata" | "produce">["kind"],
  error: BrokerError,
  goesOn: boolean,
): void {
  const retryInMs = goesOn ? RETRY_BACKOFF_MS : null;
  runtime.emit({ kind: "request.failed", client, request, topic, partition, error, retryInMs });
}
