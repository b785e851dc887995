/** Reads offset ranges for tasks, as the consumer of an executor does: it asks again while the
 *  leader is away, and gives up after the poll time-out.
 *  Like Spark: KafkaDataConsumer (connector/kafka-0-10); its group is `spark-executor-<group>`. */

import { StreamscopeError } from "../base/errors.ts";
import type { Broker, ReplyOf } from "../broker/broker.ts";
import { isRetriable } from "../broker/broker-error.ts";
import { type OffsetRange, rangeCount, type ReadRange } from "../record/offset-range.ts";
import type { ConsumerRecord } from "../record/record.ts";
import { topicPartitionName } from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { WriteBehind } from "./write-behind.ts";

export interface KafkaReaderOptions {
  readonly runtime: Runtime;
  readonly broker: Broker;
  /** `spark.streaming.kafka.consumer.poll.ms`. */
  readonly pollMs: number;
  /** `retry.backoff.ms`. */
  readonly retryBackoffMs: number;
  /** `spark.streaming.kafka.allowNonConsecutiveOffsets`: offsets may be missing in between, as in a
   *  compacted topic or one written in transactions. */
  readonly allowsGaps: boolean;
  /** Ranges read before a task asks, by `rangeName`; empty where a task can wait. */
  readonly readAhead: Map<string, readonly (readonly ConsumerRecord[])[]>;
  /** What tasks write when they cannot wait. */
  readonly writeBehind: WriteBehind;
}

export function rangeName(range: OffsetRange): string {
  return `${topicPartitionName(range)}/${range.fromOffset}/${range.untilOffset}`;
}

/** `fetch.max.bytes` of Kafka's consumer: 50 MiB. */
const FETCH_MAX_BYTES = 52_428_800;

export type ReadDone = (
  result: { readonly records: readonly (readonly ConsumerRecord[])[] } | { readonly error: Error },
) => void;

/** Reads one range from its first to its last offset, then calls back once. */
export function readRange(
  options: KafkaReaderOptions,
  client: string,
  range: ReadRange,
  done: ReadDone,
): void {
  const { runtime, broker } = options;
  const chunks: (readonly ConsumerRecord[])[] = [];
  const startedAtMs = runtime.now();
  let position = range.fromOffset;

  const fetch = (): void => {
    broker.send<"fetch">(
      {
        kind: "fetch",
        topic: range.topic,
        partition: range.partition,
        fromOffset: position,
        untilOffset: range.untilOffset,
        maxRecords: range.untilOffset - position,
        maxBytes: FETCH_MAX_BYTES,
        isolation: range.isolation ?? "read_uncommitted",
      },
      receive,
    );
  };
  const receive = (reply: ReplyOf<"fetch">): void => {
    if (reply.error !== null) {
      retry(reply);
      return;
    }
    if (reply.records.length > 0) chunks.push(reply.records);
    const isStuck = reply.nextOffset <= position;
    position = Math.max(position, reply.nextOffset);
    if (position >= range.untilOffset) finish(chunks);
    else if (isStuck) retry(reply);
    else fetch();
  };
  const retry = (reply: ReplyOf<"fetch">): void => {
    const waitedMs = runtime.now() - startedAtMs;
    const mayRetry = reply.error === null || isRetriable(reply.error);
    const retryInMs = mayRetry && waitedMs < options.pollMs ? options.retryBackoffMs : null;
    if (reply.error !== null) {
      const { topic, partition } = range;
      runtime.emit({
        kind: "request.failed",
        client,
        request: "fetch",
        topic,
        partition,
        error: reply.error,
        retryInMs,
      });
    }
    if (retryInMs !== null) runtime.schedule(retryInMs, fetch);
    else done({ error: readError(options, range, position, reply) });
  };
  const finish = (read: readonly (readonly ConsumerRecord[])[]): void => {
    const count = read.reduce((sum, records) => sum + records.length, 0);
    if (options.allowsGaps || count === rangeCount(range)) done({ records: read });
    else done({ error: gapError(range, read) });
  };

  const ahead = options.readAhead.get(rangeName(range));
  if (ahead !== undefined) done({ records: ahead });
  else if (rangeCount(range) === 0) done({ records: [] });
  else if (rangeCount(range) < 0) done({ error: damagedError(range) });
  else fetch();
}

function readError(
  options: KafkaReaderOptions,
  range: OffsetRange,
  offset: number,
  reply: ReplyOf<"fetch">,
): Error {
  const name = topicPartitionName(range);
  const { topic, partition } = range;
  const place = { topic, partition, offset };
  if (reply.error === "OFFSET_OUT_OF_RANGE") {
    return new StreamscopeError(
      "OUT_OF_RANGE",
      "org.apache.kafka.clients.consumer.OffsetOutOfRangeException: Fetch position " +
        `FetchPosition{offset=${offset}} is out of range for partition ${name}`,
      { place },
    );
  }
  return new StreamscopeError(
    "OUT_OF_RANGE",
    `java.lang.IllegalArgumentException: requirement failed: Failed to get records for ${name} ` +
      `${offset} after polling for ${options.pollMs}`,
    { place },
  );
}

function damagedError(range: OffsetRange): Error {
  return new StreamscopeError(
    "OUT_OF_RANGE",
    `java.lang.IllegalArgumentException: requirement failed: Beginning offset ` +
      `${range.fromOffset} is after the ending offset ${range.untilOffset} for topic ` +
      `${range.topic} partition ${range.partition}. You either provided an invalid fromOffset, ` +
      "or the Kafka topic has been damaged",
    { place: { topic: range.topic, partition: range.partition, offset: range.fromOffset } },
  );
}

function gapError(range: OffsetRange, read: readonly (readonly ConsumerRecord[])[]): Error {
  let wanted = range.fromOffset;
  let got = range.untilOffset;
  for (const record of read.flat()) {
    if (record.offset !== wanted) {
      got = record.offset;
      break;
    }
    wanted += 1;
  }
  return new StreamscopeError(
    "OUT_OF_RANGE",
    `java.lang.IllegalArgumentException: requirement failed: Got wrong record for ` +
      `${topicPartitionName(range)} even after seeking to offset ${wanted} got offset ${got} ` +
      "instead. If this is a compacted topic, consider enabling " +
      "spark.streaming.kafka.allowNonConsecutiveOffsets",
    { place: { topic: range.topic, partition: range.partition, offset: wanted } },
  );
}
