/** Which partitions a direct stream reads, where it starts, and which executors read them.
 *  Like Spark: ConsumerStrategies and LocationStrategies. */

import type { TopicPartition } from "../record/topic-partition.ts";
import type { Subscription } from "../stream/kafka-source.ts";
import type { KafkaParams } from "./kafka-params.ts";

/** Where to start in a partition, instead of the group's committed offset. */
export interface StartOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A list, or Kafka's own form, a map. */
export type StartOffsets = readonly StartOffset[] | ReadonlyMap<TopicPartition, number>;

export interface ConsumerStrategy {
  readonly subscription: Subscription;
  readonly kafkaParams: KafkaParams;
  readonly offsets: readonly StartOffset[];
}

/** All partitions of some topics. */
export function Subscribe(
  topics: readonly string[],
  kafkaParams: KafkaParams,
  offsets: StartOffsets = [],
): ConsumerStrategy {
  const subscription = { kind: "topics", topics: [...topics] } as const;
  return { subscription, kafkaParams, offsets: startOffsets(offsets) };
}

/** All partitions of the topics whose whole name matches, those made later included. */
export function SubscribePattern(
  pattern: RegExp,
  kafkaParams: KafkaParams,
  offsets: StartOffsets = [],
): ConsumerStrategy {
  const { source, flags } = pattern;
  const subscription = { kind: "pattern", source, flags } as const;
  return { subscription, kafkaParams, offsets: startOffsets(offsets) };
}

/** Some partitions, always the same; needs no group. */
export function Assign(
  topicPartitions: readonly TopicPartition[],
  kafkaParams: KafkaParams,
  offsets: StartOffsets = [],
): ConsumerStrategy {
  const partitions = topicPartitions.map(({ topic, partition }) => ({ topic, partition }));
  const subscription = { kind: "partitions", partitions } as const;
  return { subscription, kafkaParams, offsets: startOffsets(offsets) };
}

export const ConsumerStrategies = { Subscribe, SubscribePattern, Assign };

function startOffsets(offsets: StartOffsets): readonly StartOffset[] {
  const list =
    "size" in offsets ? [...offsets].map(([tp, offset]) => ({ ...tp, offset })) : offsets;
  return list.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
}

export interface LocationStrategy {
  readonly kind: "consistent" | "brokers" | "fixed";
  readonly hosts: readonly (TopicPartition & { readonly host: string })[];
}

/** Gives a partition to the same executor in each batch. */
export const PreferConsistent: LocationStrategy = { kind: "consistent", hosts: [] };

/** Gives a partition to an executor on the host of its leader: executor n and broker n are on
 *  `host-n`. */
export const PreferBrokers: LocationStrategy = { kind: "brokers", hosts: [] };

/** Gives some partitions to an executor on a host, `host-2` for executor 2; the others as
 *  `PreferConsistent` does. */
export function PreferFixed(
  hosts:
    | ReadonlyMap<TopicPartition, string>
    | readonly (TopicPartition & { readonly host: string })[],
): LocationStrategy {
  const list = "size" in hosts ? [...hosts].map(([tp, host]) => ({ ...tp, host })) : hosts;
  return {
    kind: "fixed",
    hosts: list.map(({ topic, partition, host }) => ({ topic, partition, host })),
  };
}

export const LocationStrategies = { PreferConsistent, PreferBrokers, PreferFixed };
