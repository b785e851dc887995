/** What a direct stream reads and how: the person's consumer strategy, as data. */

import type { Isolation } from "../record/record.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { CommitQueue } from "./commit-queue.ts";

export type PartitionOffset = TopicPartition & { readonly offset: number };

export interface KafkaSource {
  readonly kind: "kafka";
  /** Plain data: a checkpoint compares it. */
  readonly subscription: Subscription;
  /** `group.id`. */
  readonly group: string | null;
  readonly autoOffsetReset: "earliest" | "latest" | "none";
  /** `isolation.level`: what is read, and where `latest` is. */
  readonly isolation: Isolation;
  /** Where to start, instead of the group's committed offsets. */
  readonly offsets: readonly PartitionOffset[];
  /** `auto.commit.interval.ms`; null without `enable.auto.commit`. */
  readonly autoCommitMs: number | null;
  /** `metadata.max.age.ms`: how often the topics are looked at again. */
  readonly metadataMaxAgeMs: number;
  readonly location: LocationPreference;
  /** What the program asked to have committed, and has not been yet. */
  readonly commits: CommitQueue;
}

/** Which executors read. */
export interface LocationPreference {
  readonly kind: "consistent" | "brokers" | "fixed";
  /** The host whose executors should read a partition, by its name. The stream's consumer fills it
   *  in for `brokers`. */
  readonly hosts: Map<string, string>;
}

export type Subscription =
  | { readonly kind: "topics"; readonly topics: readonly string[] }
  /** Topics whose whole name matches. */
  | { readonly kind: "pattern"; readonly source: string; readonly flags: string }
  | { readonly kind: "partitions"; readonly partitions: readonly TopicPartition[] };

/** As a person would name it: a topic, a pattern, `t-0`. */
export function subscriptionNames(subscription: Subscription): readonly string[] {
  switch (subscription.kind) {
    case "topics":
      return subscription.topics;
    case "pattern":
      return [`/${subscription.source}/${subscription.flags}`];
    case "partitions":
      return subscription.partitions.map(({ topic, partition }) => `${topic}-${partition}`);
  }
}
