/** The controller's part that is about topics: what may be created, grown, altered, deleted.
 *  Like Kafka: ReplicationControlManager.createTopics, createPartitions, deleteTopics. */

import type { BrokerError } from "./broker-error.ts";
import type { TopicConfig } from "./broker.ts";
import { placeReplicas } from "./election.ts";
import { areSettingsValid } from "./topic-settings.ts";
import type { MetadataChange, MetadataImage, PartitionState, TopicState } from "./metadata.ts";

export interface TopicControlOptions {
  readonly image: MetadataImage;
  /** Every broker that has ever registered. */
  readonly brokers: readonly number[];
  /** Registered, unfenced and not shutting down. */
  readonly isActive: (broker: number) => boolean;
  /** Registered; its session has ended, or its process in an orderly way. */
  readonly isFenced: (broker: number) => boolean;
  readonly publish: (change: MetadataChange) => void;
}

/** Shape of each: null, or why nothing was done. */
export class TopicControl {
  readonly #options: TopicControlOptions;
  #nextTopicId = 1;

  constructor(options: TopicControlOptions) {
    this.#options = options;
  }

  create(topic: string, config: TopicConfig): BrokerError | null {
    if (!isTopicName(topic)) return "INVALID_TOPIC_EXCEPTION";
    // -1 leaves it to `num.partitions`, which is 1.
    const count = config.partitions === -1 ? 1 : config.partitions;
    if (!Number.isSafeInteger(count) || count < 1) return "INVALID_PARTITIONS";
    const { topics } = this.#options.image;
    if (topics.has(topic)) return "TOPIC_ALREADY_EXISTS";
    // Names of metrics have "_" for ".", so that two topics would share theirs.
    const metricName = topic.replaceAll(".", "_");
    for (const known of topics.keys()) {
      if (known.replaceAll(".", "_") === metricName) return "INVALID_TOPIC_EXCEPTION";
    }
    const replicas = this.#replicas(config, { from: 0, until: count });
    if (typeof replicas === "string") return replicas;
    if (!areSettingsValid(config)) return "INVALID_CONFIG";
    const topicId = this.#nextTopicId;
    this.#nextTopicId += 1;
    const partitions = replicas.map((of, partition) =>
      this.#newPartition({ topic, topicId, partition, replicas: of }),
    );
    this.#options.publish({ kind: "topic", topic: { topic, topicId, config, partitions } });
    return null;
  }

  /** Who is fenced gets copies, too: they are not in sync yet. */
  #replicas(
    config: TopicConfig,
    range: { readonly from: number; readonly until: number },
  ): readonly (readonly number[])[] | BrokerError {
    const { replicationFactor = 1, replicas } = config;
    const { brokers, isActive, isFenced } = this.#options;
    if (replicas !== undefined && range.from === 0) {
      const isWhole =
        replicas.length === range.until &&
        replicas.every(
          (of) =>
            of.length > 0 &&
            of.length === replicas[0]?.length &&
            new Set(of).size === of.length &&
            of.every((broker) => brokers.includes(broker)) &&
            of.some(isActive),
        );
      return isWhole ? replicas : "INVALID_REPLICA_ASSIGNMENT";
    }
    const [unfenced, fenced] = [brokers.filter(isActive), brokers.filter(isFenced)];
    const isPossible = Number.isSafeInteger(replicationFactor) && replicationFactor >= 1;
    if (!isPossible || replicationFactor > unfenced.length + fenced.length || unfenced.length === 0)
      return "INVALID_REPLICATION_FACTOR";
    return placeReplicas({ unfenced, fenced }, range, replicationFactor);
  }

  grow(topic: string, partitions: number): BrokerError | null {
    const known = this.#options.image.topics.get(topic);
    if (known === undefined) return "UNKNOWN_TOPIC_OR_PARTITION";
    const from = known.partitions.length;
    if (!Number.isSafeInteger(partitions) || partitions <= from) return "INVALID_PARTITIONS";
    const factor = known.partitions[0]?.replicas.length ?? 1;
    const config = { ...known.config, replicationFactor: factor };
    const replicas = this.#replicas(config, { from, until: partitions });
    if (typeof replicas === "string") return replicas;
    const added = replicas.map((of, index) =>
      this.#newPartition({ topic, topicId: known.topicId, partition: from + index, replicas: of }),
    );
    const grown: TopicState = { ...known, partitions: [...known.partitions, ...added] };
    this.#options.publish({ kind: "topic", topic: grown });
    return null;
  }

  alter(topic: string, config: Partial<TopicConfig>): BrokerError | null {
    const known = this.#options.image.topics.get(topic);
    if (known === undefined) return "UNKNOWN_TOPIC_OR_PARTITION";
    if (!areSettingsValid({ ...known.config, ...config })) return "INVALID_CONFIG";
    const { partitions: _, replicas: _replicas, replicationFactor: _factor, ...settings } = config;
    const altered: TopicState = { ...known, config: { ...known.config, ...settings } };
    this.#options.publish({ kind: "topic", topic: altered });
    return null;
  }

  delete(topic: string): BrokerError | null {
    const known = this.#options.image.topics.get(topic);
    if (known === undefined) return "UNKNOWN_TOPIC_OR_PARTITION";
    this.#options.publish({ kind: "deleted", topic: known });
    return null;
  }

  #newPartition(
    of: Pick<PartitionState, "topic" | "topicId" | "partition" | "replicas">,
  ): PartitionState {
    const isr = of.replicas.filter(this.#options.isActive);
    return { ...of, isr, leader: isr[0] ?? -1, leaderEpoch: 0, partitionEpoch: 0 };
  }
}

/** Like Kafka: Topic.validate. */
function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/u.test(name) && name !== "." && name !== "..";
}
