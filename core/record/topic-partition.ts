/** The identity of one partition of a topic, and its order. */

import { compareNumbers, compareStrings } from "../base/order.ts";

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** One text per partition, usable as a map key: `sentences-0`, as Kafka's TopicPartition prints. */
export function topicPartitionName(of: TopicPartition): string {
  return `${of.topic}-${of.partition}`;
}

export function compareTopicPartitions(a: TopicPartition, b: TopicPartition): number {
  return compareStrings(a.topic, b.topic) || compareNumbers(a.partition, b.partition);
}
