/** What a driver's consumer asks the brokers, again and again while a leader is away. */

import { get } from "../base/assert.ts";
import type { Broker, ReplyOf } from "../broker/broker.ts";
import { type BrokerError, isRetriable } from "../broker/broker-error.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import { timedOut } from "./kafka-errors.ts";
import type { KafkaSource, PartitionOffset } from "./kafka-source.ts";

export type Done = (error: Error | null) => void;

export interface KafkaRequestsOptions {
  readonly runtime: Runtime;
  readonly broker: Broker;
  readonly source: KafkaSource;
  /** `default.api.timeout.ms` of Kafka's consumer. */
  readonly apiTimeoutMs: number;
  readonly retryBackoffMs: number;
}

type Asked = "metadata" | "listOffsets" | "fetchCommitted";
type About = TopicPartition & { readonly request: Asked };

export class KafkaRequests {
  readonly #options: KafkaRequestsOptions;

  constructor(options: KafkaRequestsOptions) {
    this.#options = options;
  }

  /** Of some topics, or of all. A topic that does not exist says so in the reply. */
  metadata(
    topics: readonly string[] | null,
    done: (error: Error | null, reply: ReplyOf<"metadata"> | null) => void,
  ): void {
    this.#ask<"metadata">(
      (reply) => this.#options.broker.send<"metadata">({ kind: "metadata", topics }, reply),
      (reply) => reply.error,
      { topic: topics?.[0] ?? "", partition: 0, request: "metadata" },
      done,
    );
  }

  /** The offsets a group has committed, of the partitions where it has. */
  committed(
    group: string,
    partitions: readonly TopicPartition[],
    done: (error: Error | null, offsets: readonly PartitionOffset[]) => void,
  ): void {
    const { topic = "", partition = 0 } = partitions[0] ?? {};
    this.#ask<"fetchCommitted">(
      (reply) =>
        this.#options.broker.send<"fetchCommitted">(
          { kind: "fetchCommitted", group, partitions, requireStable: true },
          reply,
        ),
      (reply) => reply.error,
      { topic, partition, request: "fetchCommitted" },
      (error, reply) => done(error, (reply?.offsets ?? []).flatMap(committedOffset)),
    );
  }

  /** Offsets of all partitions, asked for at once. Shape: in their order; none on error. */
  offsets(
    partitions: readonly TopicPartition[],
    at: "earliest" | "latest",
    done: (error: Error | null, offsets: readonly PartitionOffset[]) => void,
  ): void {
    const found = new Map<string, PartitionOffset>();
    let isOver = false;
    if (partitions.length === 0) done(null, []);
    for (const { topic, partition } of partitions) {
      this.#offset({ topic, partition }, at, (error, offset) => {
        if (isOver) return;
        found.set(topicPartitionName({ topic, partition }), { topic, partition, offset });
        isOver = error !== null || found.size === partitions.length;
        if (error !== null) done(error, []);
        else if (isOver) {
          const inOrder = partitions.map((tp) => get(found, topicPartitionName(tp), "the offset"));
          done(null, inOrder);
        }
      });
    }
  }

  #offset(
    { topic, partition }: TopicPartition,
    at: "earliest" | "latest",
    done: (error: Error | null, offset: number) => void,
  ): void {
    this.#ask<"listOffsets">(
      (reply) =>
        this.#options.broker.send<"listOffsets">(
          { kind: "listOffsets", topic, partition, at, isolation: this.#options.source.isolation },
          reply,
        ),
      (reply) => reply.error,
      { topic, partition, request: "listOffsets" },
      (error, reply) => done(error, reply?.offset ?? -1),
    );
  }

  /** Sends until there is an answer without a retriable error, or the time is up. */
  #ask<K extends Asked>(
    send: (reply: (reply: ReplyOf<K>) => void) => void,
    errorOf: (reply: ReplyOf<K>) => BrokerError | null,
    about: About,
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
      const { request, topic, partition } = about;
      // `poll(0)`, in which Spark's driver gets its positions, waits as long as it takes.
      const isLate = request !== "fetchCommitted" && runtime.now() - startedAtMs >= apiTimeoutMs;
      const retryInMs = isRetriable(error) && !isLate ? retryBackoffMs : null;
      const place = { client: "driver", request, topic, partition };
      runtime.emit({ kind: "request.failed", ...place, error, retryInMs });
      if (retryInMs !== null) runtime.schedule(retryInMs, attempt);
      else done(timedOut(about, apiTimeoutMs), null);
    };
    attempt();
  }
}

function committedOffset(
  of: TopicPartition & { readonly offset: number | null },
): readonly PartitionOffset[] {
  const { topic, partition, offset } = of;
  return offset === null ? [] : [{ topic, partition, offset }];
}
