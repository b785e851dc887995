/** The topics of a live run: made where they are missing, taken as they are where they are not. */

import { setTimeout as pause } from "node:timers/promises";
import { LiveError, ScenarioError } from "../base/errors.ts";
import type { Broker, ReplyOf, RequestKind, RequestOf, TopicConfig } from "../broker/broker.ts";
import { isRetriable } from "../broker/broker-error.ts";
import type { TopicPartition } from "../record/topic-partition.ts";

export interface LiveTopic {
  readonly topic: string;
  /** The leader of each partition. */
  readonly leaders: readonly number[];
  /** Log ends when the run found it, by partition. */
  readonly ends: readonly number[];
}

/** Throws: ScenarioError BAD_WORLD where Kafka refuses to make it; LiveError BROKER_UNREACHABLE. */
export async function openTopic(
  broker: Broker,
  topic: string,
  config: TopicConfig,
  onNote: (text: string) => void,
): Promise<LiveTopic> {
  let leaders = await leadersOf(broker, topic);
  if (leaders === null) {
    const created = await ask<"createTopic">(broker, { kind: "createTopic", topic, config });
    if (created.error !== null && created.error !== "TOPIC_ALREADY_EXISTS") {
      throw new ScenarioError(
        "BAD_WORLD",
        `topic ${topic} with ${config.partitions} partitions cannot be created: ${created.error}`,
        { place: { topic } },
      );
    }
    leaders = await leadersOf(broker, topic);
    onNote(`topic ${topic} was created with ${config.partitions} partitions`);
  } else if (leaders.length !== config.partitions) {
    onNote(
      `topic ${topic} exists with ${leaders.length} partitions, not ${config.partitions}; ` +
        "it is used as it is",
    );
  }
  if (leaders === null) throw unreachable(topic, "UNKNOWN_TOPIC_OR_PARTITION");
  const ends = await Promise.all(
    leaders.map((_leader, partition) => latestOffset(broker, { topic, partition })),
  );
  return { topic, leaders, ends };
}

/** Null where there is no such topic. */
async function leadersOf(broker: Broker, topic: string): Promise<readonly number[] | null> {
  const reply = await ask<"metadata">(broker, { kind: "metadata", topics: [topic] });
  const error = reply.error ?? reply.topics[0]?.error ?? null;
  if (error === "UNKNOWN_TOPIC_OR_PARTITION") return null;
  if (error !== null) throw unreachable(topic, error);
  return (reply.topics[0]?.partitions ?? []).map(({ leader }) => leader);
}

async function latestOffset(broker: Broker, of: TopicPartition): Promise<number> {
  const { topic, partition } = of;
  const request = { kind: "listOffsets", topic, partition, at: "latest" } as const;
  const { error, offset } = await ask<"listOffsets">(broker, request);
  if (error !== null) throw unreachable(topic, error);
  return offset;
}

function unreachable(topic: string, error: string): LiveError {
  return new LiveError(
    "BROKER_UNREACHABLE",
    `Kafka does not answer for topic ${topic}: ${error}; look at its brokers and try again`,
    { place: { topic }, retriable: true },
  );
}

const answerWithinMs = 15_000;
const retryAfterMs = 100;

/** Asks again while Kafka says that it will know soon. */
async function ask<K extends RequestKind>(
  broker: Broker,
  request: RequestOf<K>,
): Promise<ReplyOf<K>> {
  const deadlineMs = Date.now() + answerWithinMs;
  for (;;) {
    const reply = await new Promise<ReplyOf<K>>((resolve) => broker.send<K>(request, resolve));
    const { error } = reply;
    const mayRetry = error !== null && isRetriable(error) && error !== "UNKNOWN_TOPIC_OR_PARTITION";
    if (!mayRetry || Date.now() >= deadlineMs) return reply;
    await pause(retryAfterMs);
  }
}
