/** What a program asked a direct stream to commit, until the next batch is planned.
 *  Like Spark: CanCommitOffsets and the commitQueue of DirectKafkaInputDStream. */

import type { OffsetRange } from "../record/offset-range.ts";
import { compareTopicPartitions, topicPartitionName } from "../record/topic-partition.ts";
import type { PartitionOffset } from "./kafka-source.ts";

/** Called when the brokers have answered, at the planning of the batch after. Like Kafka:
 *  OffsetCommitCallback.onComplete. */
export type OffsetCommitCallback = (
  offsets: readonly PartitionOffset[],
  error: Error | null,
) => void;

export class CommitQueue {
  #ranges: OffsetRange[] = [];
  #callback: OffsetCommitCallback | null = null;

  /** The callback takes the place of the one before, as does none. */
  add(ranges: readonly OffsetRange[], callback: OffsetCommitCallback | null): void {
    this.#callback = callback;
    for (const { topic, partition, fromOffset, untilOffset } of ranges) {
      this.#ranges.push({ topic, partition, fromOffset, untilOffset });
    }
  }

  /** What waits: a checkpoint keeps it. */
  get ranges(): readonly OffsetRange[] {
    return [...this.#ranges];
  }

  /** The callback given last; it stays for what is committed later. */
  get callback(): OffsetCommitCallback | null {
    return this.#callback;
  }

  /** Empties the queue. Shape: the greatest end of each partition, in partition order. */
  drain(): readonly PartitionOffset[] {
    const greatest = new Map<string, PartitionOffset>();
    for (const { topic, partition, untilOffset } of this.#ranges) {
      const name = topicPartitionName({ topic, partition });
      const offset = Math.max(untilOffset, greatest.get(name)?.offset ?? untilOffset);
      greatest.set(name, { topic, partition, offset });
    }
    this.#ranges = [];
    return [...greatest.values()].sort(compareTopicPartitions);
  }
}
