/** What the controller knows of topics, and tells every broker. Immutable: a change is a new
 *  object, so that brokers that lag behind keep the old one.
 *  Like Kafka: PartitionRegistration, TopicImage; MetadataImage. */

import type { TopicPartition } from "../record/topic-partition.ts";
import type { ReplyOf, TopicConfig } from "./broker.ts";

export interface PartitionState extends TopicPartition {
  /** Told apart from a deleted topic of the same name. */
  readonly topicId: number;
  /** The preferred leader first. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** -1 for none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
}

export interface TopicState {
  readonly topic: string;
  readonly topicId: number;
  readonly config: TopicConfig;
  readonly partitions: readonly PartitionState[];
}

/** One entry of the metadata log. */
export type MetadataChange =
  | { readonly kind: "topic"; readonly topic: TopicState }
  | { readonly kind: "partition"; readonly partition: PartitionState }
  | { readonly kind: "deleted"; readonly topic: TopicState };

/** A copy of the metadata as far as its holder has read it. */
export class MetadataImage {
  readonly topics = new Map<string, TopicState>();

  apply(change: MetadataChange): void {
    switch (change.kind) {
      case "topic":
        this.topics.set(change.topic.topic, change.topic);
        return;
      case "deleted":
        this.topics.delete(change.topic.topic);
        return;
      case "partition": {
        const { partition } = change;
        const topic = this.topics.get(partition.topic);
        if (topic === undefined || topic.topicId !== partition.topicId) return;
        const partitions = topic.partitions.with(partition.partition, partition);
        this.topics.set(topic.topic, { ...topic, partitions });
      }
    }
  }

  partition({ topic, partition }: TopicPartition): PartitionState | undefined {
    return this.topics.get(topic)?.partitions[partition];
  }
}

/** What a client that asks is told: of some topics, or of all that are shown. */
export function metadataReply(
  image: MetadataImage,
  names: readonly string[] | null,
  shows: (topic: string) => boolean,
): ReplyOf<"metadata"> {
  const all = [...image.topics.keys()].filter(shows);
  const topics = (names ?? all).map((topic) => {
    const known = image.topics.get(topic);
    if (known === undefined) {
      return { topic, error: "UNKNOWN_TOPIC_OR_PARTITION" as const, partitions: [] };
    }
    const partitions = known.partitions.map((of) => {
      const { partition, leader, leaderEpoch, replicas, isr } = of;
      return { partition, leader, leaderEpoch, replicas, isr };
    });
    return { topic, error: null, partitions };
  });
  return { kind: "metadata", error: null, topics };
}
