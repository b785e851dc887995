/** The offsets a group has committed: those that count, those on their way to the log, and those of
 *  transactions that are not decided yet.
 *  Like Kafka: the offsets of GroupMetadata. */

import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { Group } from "./group.ts";
import type { PartitionOffset } from "./group-request.ts";

export interface CommittedOffset extends PartitionOffset {
  readonly commitMs: number;
  /** Where it stands among the records of the log: the later one counts. */
  readonly order: number;
}

type Offsets = Map<string, CommittedOffset>;

export class GroupOffsets {
  /** By the name of the partition, as are the others. */
  readonly #committed: Offsets = new Map();
  readonly #writing: Offsets = new Map();
  /** By producer id. */
  readonly #inTransaction = new Map<number, Offsets>();

  get isEmpty(): boolean {
    return this.#committed.size === 0 && this.#writing.size === 0 && this.#inTransaction.size === 0;
  }

  offsetOf(of: TopicPartition): number | null {
    return this.#committed.get(topicPartitionName(of))?.offset ?? null;
  }

  /** Something is about to change its offset: a commit or a transaction that is not decided. */
  isUnstable(of: TopicPartition): boolean {
    const name = topicPartitionName(of);
    return (
      this.#writing.has(name) || [...this.#inTransaction.values()].some((some) => some.has(name))
    );
  }

  startWriting(offsets: readonly CommittedOffset[]): void {
    for (const one of offsets) this.#writing.set(topicPartitionName(one), one);
  }

  /** They are in the log, or will not be. */
  written(offsets: readonly CommittedOffset[], isWritten: boolean): void {
    for (const one of offsets) {
      const name = topicPartitionName(one);
      // Nothing is on its way for a partition whose topic was deleted meanwhile.
      if (isWritten && this.#writing.has(name)) this.load(one);
      if (this.#writing.get(name) === one) this.#writing.delete(name);
    }
  }

  startTransaction(producerId: number, offsets: readonly CommittedOffset[]): void {
    const pending = this.#inTransaction.get(producerId) ?? new Map<string, CommittedOffset>();
    this.#inTransaction.set(producerId, pending);
    for (const one of offsets) pending.set(topicPartitionName(one), one);
  }

  failTransaction(producerId: number, offsets: readonly CommittedOffset[]): void {
    const pending = this.#inTransaction.get(producerId);
    for (const one of offsets) pending?.delete(topicPartitionName(one));
    if (pending?.size === 0) this.#inTransaction.delete(producerId);
  }

  /** Offsets that count from now on. */
  endTransaction(producerId: number, commits: boolean): readonly CommittedOffset[] {
    const pending = this.#inTransaction.get(producerId);
    this.#inTransaction.delete(producerId);
    if (!commits || pending === undefined) return [];
    return [...pending.values()].filter((one) => this.load(one));
  }

  /** False for one that is older than what is there. */
  load(one: CommittedOffset): boolean {
    const name = topicPartitionName(one);
    const current = this.#committed.get(name);
    if (current !== undefined && current.order > one.order) return false;
    this.#committed.set(name, one);
    return true;
  }

  forget(of: TopicPartition): void {
    this.#committed.delete(topicPartitionName(of));
  }

  /** Takes everything about the partitions out; gives those that had an offset. */
  remove(isGone: (of: TopicPartition) => boolean): readonly TopicPartition[] {
    const removed = [...this.#committed.values()].filter(isGone);
    for (const some of [this.#committed, this.#writing, ...this.#inTransaction.values()]) {
      for (const [name, one] of some) if (isGone(one)) some.delete(name);
    }
    return removed.map(({ topic, partition }) => ({ topic, partition }));
  }

  /** When the first of them expires, as things are; null for never. */
  expiryMs(group: Group, retentionMs: number): number | null {
    let first: number | null = null;
    for (const one of this.#expirable(group)) {
      const dueMs = baseMs(group, one) + retentionMs;
      if (first === null || dueMs < first) first = dueMs;
    }
    return first;
  }

  expired(group: Group, nowMs: number, retentionMs: number): readonly TopicPartition[] {
    return this.#expirable(group).filter((one) => nowMs - baseMs(group, one) >= retentionMs);
  }

  /** Those nobody reads on from, however old: of a group without members, and of topics that its
   *  members do not subscribe to. Like Kafka: GroupMetadata.removeExpiredOffsets. */
  #expirable(group: Group): readonly CommittedOffset[] {
    const { state, hasProtocolType, subscribedTopics } = group;
    if (hasProtocolType && state !== "Empty" && state !== "Stable") return [];
    return [...this.#committed.values()].filter(
      (one) =>
        !this.#writing.has(topicPartitionName(one)) &&
        (state !== "Stable" || subscribedTopics?.has(one.topic) === false),
    );
  }
}

/** From when on the time of an offset is counted. */
function baseMs({ hasProtocolType, state, stateMs }: Group, { commitMs }: CommittedOffset): number {
  return hasProtocolType && state === "Empty" ? stateMs : commitMs;
}
