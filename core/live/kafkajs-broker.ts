/** The broker port over a real Kafka: each reply enters the world as an event. */

import { setTimeout as pause } from "node:timers/promises";
import { assert } from "../base/assert.ts";
import { describeThrown, LiveError, StreamscopeError } from "../base/errors.ts";
import type {
  Broker,
  BrokerReply,
  BrokerRequest,
  ReplyOf,
  RequestKind,
  RequestOf,
  TopicConfig,
} from "../broker/broker.ts";
import { type BrokerError, isMetadataStale } from "../broker/broker-error.ts";
import type { Isolation } from "../record/record.ts";
import { brokerErrorOfCode, brokerErrorOfThrown, isCoordinatorMoving } from "./broker-errors.ts";
import { failedReply } from "../broker/failed-reply.ts";
import { KafkaNodes, KafkaRefusal } from "./kafka-nodes.ts";
import { fetchRecords } from "./kafkajs-fetch.ts";
import { createPartitions, deleteRecords } from "./kafkajs-admin.ts";

export interface KafkajsBrokerOptions {
  /** `host:port`, or several with commas between. */
  readonly bootstrap: string;
  /** Called as a request is sent; what it gives takes the reply into the world, as an event:
   *  `runtime.replyTo`. */
  readonly replyTo: () => (action: () => void) => void;
  /** Told what no reply can say, before the reply `UNKNOWN_SERVER_ERROR` comes. */
  readonly onError: (error: LiveError) => void;
}

const [earliest, latest] = ["-2", "-1"];
const retryAfterMs = 100;
const coordinatorWithinMs = 15_000;
const leadersWithinMs = 15_000;

export class KafkajsBroker implements Broker {
  readonly #options: KafkajsBrokerOptions;
  readonly #nodes: KafkaNodes;
  #isClosed = false;

  /** Throws: LiveError BAD_OPTION where `bootstrap` does not name brokers. */
  constructor(options: KafkajsBrokerOptions) {
    this.#options = options;
    this.#nodes = new KafkaNodes(options.bootstrap);
  }

  /** Throws: LiveError BROKER_UNREACHABLE, within seconds. */
  async connect(): Promise<void> {
    await this.#nodes.connect();
  }

  /** No reply is delivered after this. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#nodes.close();
  }

  send<K extends RequestKind>(request: RequestOf<K>, reply: (reply: ReplyOf<K>) => void): void {
    const deliver = this.#options.replyTo();
    void this.#answer(request).then((answer) => {
      if (this.#isClosed) return;
      // #answer gives the reply of the request's own kind, which its type cannot say.
      deliver(() => reply(answer as ReplyOf<K>));
    });
  }

  async #answer(request: BrokerRequest): Promise<BrokerReply> {
    try {
      const reply = await this.#carryOut(request);
      const { error } = reply;
      if (error !== null && isMetadataStale(error)) this.#nodes.forget(topicOf(request));
      return reply;
    } catch (thrown) {
      return failedReply(request, this.#errorOf(thrown, request));
    }
  }

  #errorOf(thrown: unknown, request: BrokerRequest): BrokerError {
    if (thrown instanceof KafkaRefusal) return thrown.error;
    const isUnreachable =
      thrown instanceof StreamscopeError && thrown.code === "BROKER_UNREACHABLE";
    const error = isUnreachable ? "NETWORK_EXCEPTION" : brokerErrorOfThrown(thrown);
    if (error !== null) {
      this.#nodes.forget();
      return error;
    }
    if (!this.#isClosed) this.#options.onError(asLiveError(thrown, request));
    return "UNKNOWN_SERVER_ERROR";
  }

  async #carryOut(request: BrokerRequest): Promise<BrokerReply> {
    switch (request.kind) {
      case "metadata":
        return this.#metadata(request);
      case "createTopic":
        return this.#createTopic(request);
      case "createPartitions":
        return createPartitions(this.#nodes, request, () =>
          this.#waitForLeaders(request.topic, request.partitions),
        );
      case "deleteRecords":
        return deleteRecords(this.#nodes, request);
      case "produce":
        return this.#produce(request);
      case "listOffsets":
        return this.#listOffsets(request);
      case "fetch":
        return fetchRecords(this.#nodes, request);
      case "commitOffsets":
        return this.#commitOffsets(request);
      case "fetchCommitted":
        return this.#fetchCommitted(request);
    }
  }

  async #metadata({ topics }: RequestOf<"metadata">): Promise<BrokerReply> {
    // kafkajs writes an empty list as "all topics".
    const found = topics?.length === 0 ? [] : await this.#nodes.topics(topics);
    return { kind: "metadata", error: null, topics: found };
  }

  async #createTopic({ topic, config }: RequestOf<"createTopic">): Promise<BrokerReply> {
    const reply = await this.#nodes.call(await this.#nodes.controller(), "CreateTopics", {
      topics: [
        {
          topic,
          numPartitions: config.partitions,
          // Version 3 of the request cannot leave it to the broker; this is the usual default.
          replicationFactor: Math.max(1, Math.min(3, this.#nodes.brokerCount)),
          configEntries: topicSettings(config),
        },
      ],
      timeout: leadersWithinMs,
    });
    const failed = reply.topicErrors[0];
    const error = brokerErrorOfCode(failed?.errorCode ?? 0);
    if (error === "UNKNOWN_SERVER_ERROR") {
      const why = failed?.errorMessage ?? `error code ${failed?.errorCode}`;
      throw new LiveError("BAD_WORLD", `Kafka does not create topic ${topic}: ${why}`, {
        place: { topic },
      });
    }
    if (error === null) await this.#waitForLeaders(topic, config.partitions);
    return { kind: "createTopic", error };
  }

  /** A topic just created has leaders before these know that they lead. */
  async #waitForLeaders(topic: string, partitions: number): Promise<void> {
    const deadlineMs = Date.now() + leadersWithinMs;
    for (let ready = 0; ready < partitions && Date.now() < deadlineMs;) {
      try {
        const { error } = await this.#offsetAt({ topic, partition: ready, timestamp: earliest });
        if (error === null) {
          ready += 1;
          continue;
        }
      } catch (thrown) {
        if (!(thrown instanceof KafkaRefusal)) throw thrown;
      }
      this.#nodes.forget(topic);
      await pause(retryAfterMs);
    }
  }

  async #produce(request: RequestOf<"produce">): Promise<BrokerReply> {
    const { topic, partition, records } = request;
    if (records.length === 0) {
      const offset = await this.#offsetAt({ topic, partition, timestamp: latest });
      return { kind: "produce", error: offset.error, baseOffset: offset.offset };
    }
    const messages = records.map(({ key, value, timestampMs, headers }) => ({
      key,
      value,
      timestamp: timestampText(timestampMs),
      headers: headerArrays(headers),
    }));
    const reply = await this.#nodes.call(await this.#nodes.leader(topic, partition), "Produce", {
      acks: -1,
      timeout: 10_000,
      topicData: [{ topic, partitions: [{ partition, firstSequence: 0, messages }] }],
      transactionalId: null,
      producerId: -1,
      producerEpoch: 0,
      compression: 0,
    });
    const result = reply.topics[0]?.partitions[0];
    const error = brokerErrorOfCode(result?.errorCode ?? -1);
    const baseOffset = error === null ? offsetNumber(result?.baseOffset) : -1;
    return { kind: "produce", error, baseOffset };
  }

  async #listOffsets(request: RequestOf<"listOffsets">): Promise<BrokerReply> {
    const { topic, partition, at, isolation } = request;
    // Version 3 of the request, the newest that kafkajs has, does not know it.
    const unsupported = { error: "UNSUPPORTED_VERSION", offset: -1 } as const;
    if (at === "maxTimestamp") return { kind: "listOffsets", ...unsupported };
    const timestamp =
      at === "earliest" ? earliest : at === "latest" ? latest : String(at.timestampMs);
    return {
      kind: "listOffsets",
      ...(await this.#offsetAt({
        topic,
        partition,
        timestamp,
        ...(isolation === undefined ? {} : { isolation }),
      })),
    };
  }

  async #offsetAt(of: {
    readonly topic: string;
    readonly partition: number;
    readonly timestamp: string;
    readonly isolation?: Isolation;
  }): Promise<{ readonly error: BrokerError | null; readonly offset: number }> {
    const { topic, partition, timestamp, isolation } = of;
    const reply = await this.#nodes.call(
      await this.#nodes.leader(topic, partition),
      "ListOffsets",
      {
        replicaId: -1,
        // Committed reads end at the last stable offset instead of the high watermark.
        isolationLevel: isolation === "read_committed" ? 1 : 0,
        topics: [{ topic, partitions: [{ partition, timestamp }] }],
      },
    );
    const result = reply.responses[0]?.partitions[0];
    const error = brokerErrorOfCode(result?.errorCode ?? -1);
    return { error, offset: error === null ? offsetNumber(result?.offset) : -1 };
  }

  async #commitOffsets({ group, offsets }: RequestOf<"commitOffsets">): Promise<BrokerReply> {
    const topics = byTopic(offsets).map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, offset }) => ({
        partition,
        offset: String(offset),
        metadata: "",
      })),
    }));
    const errorCode = await this.#withCoordinator(group, async (node) => {
      // Generation -1 and no member: a commit from outside the group, allowed while it is empty.
      const reply = await this.#nodes.call(node, "OffsetCommit", {
        groupId: group,
        groupGenerationId: -1,
        memberId: "",
        topics,
      });
      return firstErrorCode(reply.responses.flatMap((response) => response.partitions));
    });
    return { kind: "commitOffsets", error: brokerErrorOfCode(errorCode) };
  }

  async #fetchCommitted(request: RequestOf<"fetchCommitted">): Promise<BrokerReply> {
    const { group, partitions } = request;
    const found = new Map<string, number>();
    const errorCode = await this.#withCoordinator(group, async (node) => {
      const reply = await this.#nodes.call(node, "OffsetFetch", {
        groupId: group,
        topics: byTopic(partitions),
      });
      for (const { topic, partitions: offsets } of reply.responses) {
        for (const { partition, offset } of offsets) {
          found.set(`${topic}-${partition}`, offsetNumber(offset));
        }
      }
      return reply.errorCode === 0
        ? firstErrorCode(reply.responses.flatMap((response) => response.partitions))
        : reply.errorCode;
    });
    const offsets = partitions.map(({ topic, partition }) => {
      const offset = found.get(`${topic}-${partition}`) ?? -1;
      return { topic, partition, offset: offset < 0 ? null : offset };
    });
    return { kind: "fetchCommitted", error: brokerErrorOfCode(errorCode), offsets };
  }

  /** Asks the coordinator; again while it is coming up, as after the first commit ever. */
  async #withCoordinator(group: string, ask: (node: number) => Promise<number>): Promise<number> {
    const deadlineMs = Date.now() + coordinatorWithinMs;
    for (;;) {
      const { node, errorCode: lookUpCode } = await this.#nodes.coordinator(group);
      const errorCode = lookUpCode === 0 ? await ask(node) : lookUpCode;
      if (!isCoordinatorMoving(errorCode) || Date.now() >= deadlineMs) return errorCode;
      this.#nodes.forget();
      await pause(retryAfterMs);
    }
  }
}

function topicOf(request: BrokerRequest): string | null {
  return "topic" in request ? request.topic : null;
}

function asLiveError(thrown: unknown, request: BrokerRequest): LiveError {
  if (thrown instanceof LiveError) return thrown;
  const message = `the request ${request.kind} to Kafka failed: ${describeThrown(thrown)}`;
  return new LiveError("BROKER_UNREACHABLE", message, { cause: thrown });
}

function topicSettings(config: TopicConfig): readonly { name: string; value: string }[] {
  const settings: [string, number | undefined][] = [
    ["retention.ms", config.retentionMs],
    ["retention.bytes", config.retentionBytes],
    ["segment.bytes", config.segmentBytes],
    ["max.message.bytes", config.maxMessageBytes],
  ];
  return settings.flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: String(value) }],
  );
}

/** kafkajs sorts the time stamps of a batch as texts to find the first and the last, and takes 0
 *  for none, so they are texts of one length. */
function timestampText(timestampMs: number): string {
  assert(Number.isSafeInteger(timestampMs) && timestampMs >= 0, "a time stamp must be whole ms", {
    timestampMs,
  });
  return String(timestampMs).padStart(16, "0");
}

/** kafkajs takes headers as an object, with a list for a key that comes more than once. */
function headerArrays(
  headers: readonly { readonly key: string; readonly value: string }[],
): Record<string, string[]> {
  const byKey: Record<string, string[]> = {};
  for (const { key, value } of headers) (byKey[key] ??= []).push(value);
  return byKey;
}

function offsetNumber(text: string | undefined): number {
  const offset = Number(text);
  assert(Number.isSafeInteger(offset), "an offset must be a safe integer", { text });
  return offset;
}

function byTopic<P extends { readonly topic: string }>(
  partitions: readonly P[],
): { readonly topic: string; readonly partitions: readonly P[] }[] {
  const topics = new Map<string, P[]>();
  for (const one of partitions) {
    const list = topics.get(one.topic);
    if (list === undefined) topics.set(one.topic, [one]);
    else list.push(one);
  }
  return [...topics].map(([topic, list]) => ({ topic, partitions: list }));
}

function firstErrorCode(partitions: readonly { readonly errorCode: number }[]): number {
  return partitions.find(({ errorCode }) => errorCode !== 0)?.errorCode ?? 0;
}
