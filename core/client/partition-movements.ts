/** What a sticky assignor has moved from whom to whom, so that of a topic it moves partitions one
 *  way only between two members. Like Kafka: AbstractStickyAssignor.PartitionMovements. */

import { assert } from "../base/assert.ts";
import { stringHash } from "../record/jvm-hash.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";

interface Movement {
  readonly from: string;
  readonly to: string;
}

export class PartitionMovements {
  /** By the name of the partition. */
  readonly #movements = new Map<string, Movement>();
  /** By topic and members; empty ones are left out. */
  readonly #moved = new Map<string, MovedPartitions>();

  move(partition: TopicPartition, from: string, to: string): void {
    const name = topicPartitionName(partition);
    const before = this.#movements.get(name);
    if (before === undefined) {
      this.#record(partition, { from, to });
      return;
    }
    assert(before.to === from, "a partition must move on from where it was moved to", { name });
    this.#forget(partition, before);
    if (before.from !== to) this.#record(partition, { from: before.from, to });
  }

  /** Rather than this one, the partition of its topic that came the other way. */
  partitionToMove(partition: TopicPartition, from: string, to: string): TopicPartition {
    const before = this.#movements.get(topicPartitionName(partition));
    const reverse = { from: to, to: before === undefined ? from : before.from };
    return this.#moved.get(keyOf(partition.topic, reverse))?.first() ?? partition;
  }

  #record(partition: TopicPartition, movement: Movement): void {
    this.#movements.set(topicPartitionName(partition), movement);
    const key = keyOf(partition.topic, movement);
    const moved = this.#moved.get(key) ?? new MovedPartitions();
    moved.add(partition);
    this.#moved.set(key, moved);
  }

  #forget(partition: TopicPartition, movement: Movement): void {
    this.#movements.delete(topicPartitionName(partition));
    const key = keyOf(partition.topic, movement);
    if (this.#moved.get(key)?.delete(partition) === 0) this.#moved.delete(key);
  }
}

function keyOf(topic: string, { from, to }: Movement): string {
  return JSON.stringify([topic, from, to]);
}

/** A set that knows which element java.util.HashSet would give first. */
class MovedPartitions {
  readonly #partitions = new Map<string, TopicPartition>();
  #buckets = 16;

  add(partition: TopicPartition): void {
    this.#partitions.set(topicPartitionName(partition), partition);
    if (this.#partitions.size > 0.75 * this.#buckets) this.#buckets *= 2;
  }

  /** How many are left. */
  delete(partition: TopicPartition): number {
    this.#partitions.delete(topicPartitionName(partition));
    return this.#partitions.size;
  }

  first(): TopicPartition | null {
    let first: TopicPartition | null = null;
    let lowest = Infinity;
    for (const partition of this.#partitions.values()) {
      const hash = partitionHash(partition);
      const bucket = (hash ^ (hash >>> 16)) & (this.#buckets - 1);
      if (bucket < lowest) [first, lowest] = [partition, bucket];
    }
    return first;
  }
}

/** Like Kafka: TopicPartition.hashCode. */
function partitionHash({ topic, partition }: TopicPartition): number {
  return (Math.imul(31, 31 + partition) + stringHash(topic)) | 0;
}
