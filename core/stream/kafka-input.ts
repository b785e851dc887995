/** The driver's side of a direct stream: where it starts, and which offsets each batch reads. It
 *  asks the brokers as the driver's consumer does, again and again while a leader is away.
 *  Like Spark: DirectKafkaInputDStream.start, latestOffsets and compute. */

import { get } from "../base/assert.ts";
import { StreamscopeError } from "../base/errors.ts";
import { type Broker, type BrokerError, isRetriable, type ReplyOf } from "../broker/broker.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import {
  compareTopicPartitions,
  type TopicPartition,
  topicPartitionName,
} from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { InputSource } from "./node.ts";

export type PartitionOffset = TopicPartition & { readonly offset: number };
export type Done = (error: Error | null) => void;

export interface KafkaInputOptions {
  readonly node: number;
  readonly source: Extract<InputSource, { readonly kind: "kafka" }>;
  readonly runtime: Runtime;
  readonly broker: Broker;
  /** `default.api.timeout.ms` of Kafka's consumer. */
  readonly apiTimeoutMs: number;
  readonly retryBackoffMs: number;
}

export class KafkaInput {
  readonly node: number;
  readonly #options: KafkaInputOptions;
  /** The next offset to read, by partition name; in partition order. */
  readonly #current = new Map<string, PartitionOffset>();
  readonly #ranges = new Map<number, readonly OffsetRange[]>();

  constructor(options: KafkaInputOptions) {
    this.node = options.node;
    this.#options = options;
  }

  get current(): readonly PartitionOffset[] {
    return [...this.#current.values()];
  }

  /** Batches whose ranges are remembered, oldest first. */
  get planned(): readonly { readonly timeMs: number; readonly ranges: readonly OffsetRange[] }[] {
    return Array.from(this.#ranges, ([timeMs, ranges]) => ({ timeMs, ranges }));
  }

  rangesOf(timeMs: number): readonly OffsetRange[] {
    return get(this.#ranges, timeMs, "the offset ranges of the batch");
  }

  /** Takes up where a checkpoint left off; committed offsets are then not looked at. */
  restore(
    current: readonly PartitionOffset[],
    planned: readonly { readonly timeMs: number; readonly ranges: readonly OffsetRange[] }[],
  ): void {
    for (const at of current) this.#current.set(topicPartitionName(at), at);
    for (const { timeMs, ranges } of planned) this.#ranges.set(timeMs, ranges);
  }

  /** Finds the partitions and where to start: restored, given, committed, or by
   *  `auto.offset.reset`. */
  start(done: Done): void {
    const { source } = this.#options;
    this.#ask<"metadata">(
      (reply) =>
        this.#options.broker.send<"metadata">({ kind: "metadata", topics: source.topics }, reply),
      (reply) => {
        const failed = reply.topics.find((topic) => topic.error !== null);
        return reply.error ?? failed?.error ?? null;
      },
      { topic: source.topics[0] ?? "", partition: 0, request: "metadata" },
      (error, reply) => {
        if (reply === null) {
          done(error);
          return;
        }
        const partitions = reply.topics
          .flatMap(({ topic, partitions: of }) => of.map(({ partition }) => ({ topic, partition })))
          .sort(compareTopicPartitions);
        this.#startPositions(partitions, done);
      },
    );
  }

  #startPositions(partitions: readonly TopicPartition[], done: Done): void {
    const { source, broker } = this.#options;
    const unknown = partitions.filter((tp) => !this.#current.has(topicPartitionName(tp)));
    for (const tp of unknown) {
      const given = source.offsets.find(
        ({ topic, partition }) => topic === tp.topic && partition === tp.partition,
      );
      if (given !== undefined) this.#setCurrent(tp, given.offset);
    }
    const open = unknown.filter((tp) => !this.#current.has(topicPartitionName(tp)));
    const { group } = source;
    if (open.length === 0 || group === null) {
      this.#resetPositions(open, done);
      return;
    }
    const first = open[0] ?? { topic: "", partition: 0 };
    this.#ask<"fetchCommitted">(
      (reply) =>
        broker.send<"fetchCommitted">({ kind: "fetchCommitted", group, partitions: open }, reply),
      (reply) => reply.error,
      { ...first, request: "fetchCommitted" },
      (error, reply) => {
        if (reply === null) {
          done(error);
          return;
        }
        for (const { topic, partition, offset } of reply.offsets) {
          if (offset !== null) this.#setCurrent({ topic, partition }, offset);
        }
        this.#resetPositions(
          open.filter((tp) => !this.#current.has(topicPartitionName(tp))),
          done,
        );
      },
    );
  }

  #resetPositions(open: readonly TopicPartition[], done: Done): void {
    const reset = this.#options.source.autoOffsetReset;
    const first = open[0];
    if (first === undefined) {
      done(null);
      return;
    }
    if (reset === "none") {
      const names = open.map(topicPartitionName).join(", ");
      done(
        new StreamscopeError(
          "OUT_OF_RANGE",
          "org.apache.kafka.clients.consumer.NoOffsetForPartitionException: Undefined offset " +
            `with no reset policy for partitions: [${names}]`,
          { place: first },
        ),
      );
      return;
    }
    this.#offsetsAt(open, reset, (error, offsets) => {
      for (const { topic, partition, offset } of offsets) {
        this.#setCurrent({ topic, partition }, offset);
      }
      done(error);
    });
  }

  #setCurrent(tp: TopicPartition, offset: number): void {
    const { topic, partition } = tp;
    this.#current.set(topicPartitionName(tp), { topic, partition, offset });
  }

  /** Decides the ranges of a batch: from where the last one ended to the log ends of now; a batch
   *  restored from a checkpoint keeps its own. */
  plan(timeMs: number, done: Done): void {
    if (this.#ranges.has(timeMs)) {
      done(null);
      return;
    }
    this.#offsetsAt(this.current, "latest", (error, latest) => {
      if (error === null) this.#ranges.set(timeMs, this.#advance(latest));
      done(error);
    });
  }

  /** Empty ranges included; the current offsets move to the end of the ranges. */
  #advance(latest: readonly PartitionOffset[]): OffsetRange[] {
    return latest.map(({ topic, partition, offset }) => {
      const name = topicPartitionName({ topic, partition });
      const fromOffset = get(this.#current, name, "the current offset").offset;
      this.#setCurrent({ topic, partition }, offset);
      return { topic, partition, fromOffset, untilOffset: offset };
    });
  }

  /** Forgets the ranges of batches at or before a time. */
  clear(untilMs: number): void {
    for (const timeMs of this.#ranges.keys()) {
      if (timeMs <= untilMs) this.#ranges.delete(timeMs);
    }
  }

  /** Offsets of all partitions, asked for at once. */
  #offsetsAt(
    partitions: readonly TopicPartition[],
    at: "earliest" | "latest",
    done: (error: Error | null, offsets: readonly PartitionOffset[]) => void,
  ): void {
    const found = new Map<string, PartitionOffset>();
    let missing = partitions.length;
    let isOver = false;
    const inOrder = (): PartitionOffset[] =>
      partitions.map((tp) => get(found, topicPartitionName(tp), "the offset"));
    if (missing === 0) done(null, []);
    for (const { topic, partition } of partitions) {
      this.#ask<"listOffsets">(
        (reply) =>
          this.#options.broker.send<"listOffsets">(
            { kind: "listOffsets", topic, partition, at },
            reply,
          ),
        (reply) => reply.error,
        { topic, partition, request: "listOffsets" },
        (error, reply) => {
          if (isOver) return;
          if (reply === null) {
            isOver = true;
            done(error, []);
            return;
          }
          const { offset } = reply;
          found.set(topicPartitionName({ topic, partition }), { topic, partition, offset });
          missing -= 1;
          if (missing === 0) done(null, inOrder());
        },
      );
    }
  }

  /** Sends until there is an answer without a retriable error, or the time is up. */
  #ask<K extends "metadata" | "listOffsets" | "fetchCommitted">(
    send: (reply: (reply: ReplyOf<K>) => void) => void,
    errorOf: (reply: ReplyOf<K>) => BrokerError | null,
    about: TopicPartition & { readonly request: string },
    done: (error: Error | null, reply: ReplyOf<K> | null) => void,
  ): void {
    const { runtime, apiTimeoutMs, retryBackoffMs } = this.#options;
    const startedAtMs = runtime.now();
    const attempt = (): void => send(receive);
    const receive = (reply: ReplyOf<K>): void => {
      const error = errorOf(reply);
      if (error === null) {
        done(null, reply);
        return;
      }
      const { topic, partition, request } = about;
      const isUnknown = request === "metadata" && error === "UNKNOWN_TOPIC_OR_PARTITION";
      const mayRetry = isRetriable(error) && !isUnknown;
      const isLate = runtime.now() - startedAtMs >= apiTimeoutMs;
      const retryInMs = mayRetry && !isLate ? retryBackoffMs : null;
      runtime.emit({
        kind: "request.failed",
        client: "driver",
        request,
        topic,
        partition,
        error,
        retryInMs,
      });
      if (retryInMs !== null) runtime.schedule(retryInMs, attempt);
      else done(isUnknown ? this.#unknownTopic() : this.#timedOut(about), null);
    };
    attempt();
  }

  #unknownTopic(): Error {
    const names = this.#options.source.topics.map((topic) => `"${topic}"`).join(", ");
    return new StreamscopeError(
      "UNKNOWN_TOPIC",
      `UNKNOWN_TOPIC_OR_PARTITION: the brokers do not know every topic of ${names}; ` +
        "create it first (in a simulated world: add it to `topics`), or check its spelling",
      { place: { topic: this.#options.source.topics[0] ?? "" } },
    );
  }

  #timedOut(about: TopicPartition): Error {
    return new StreamscopeError(
      "BROKER_UNREACHABLE",
      "org.apache.kafka.common.errors.TimeoutException: Timeout of " +
        `${this.#options.apiTimeoutMs}ms expired before the position for partition ` +
        `${topicPartitionName(about)} could be determined`,
      { place: { topic: about.topic, partition: about.partition } },
    );
  }
}
