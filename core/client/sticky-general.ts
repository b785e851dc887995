/** Members who differ in what they subscribe to: everyone keeps what it holds, what is left goes to
 *  whoever has least, and then partitions move as long as that makes the whole more even.
 *  Like Kafka: AbstractStickyAssignor.GeneralAssignmentBuilder. */

import { assert, get } from "../base/assert.ts";
import { compareNumbers, compareStrings } from "../base/order.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import { PartitionMovements } from "./partition-movements.ts";
import type { OwnedPartitions, StickyMember } from "./sticky-assignment.ts";

export class GeneralAssignment {
  readonly #counts: ReadonlyMap<string, number>;
  readonly #members: readonly StickyMember[];
  /** Topics that exist, of each member. */
  readonly #topics = new Map<string, ReadonlySet<string>>();
  /** Members of each topic. */
  readonly #subscribers = new Map<string, string[]>();
  readonly #given: OwnedPartitions;
  readonly #owners = new Map<string, string>();
  readonly #movements = new PartitionMovements();
  /** Who takes part in moving, the one who has least first. */
  #active: string[];
  /** Somebody held what it does not subscribe to any more. */
  #mustRevoke = false;

  constructor(
    counts: ReadonlyMap<string, number>,
    owned: OwnedPartitions,
    members: readonly StickyMember[],
  ) {
    this.#counts = counts;
    this.#given = owned;
    this.#members = members;
    this.#active = members.map(({ member }) => member);
    for (const topic of counts.keys()) this.#subscribers.set(topic, []);
    for (const { member, topics } of members) {
      const existing = topics.filter((topic) => counts.has(topic));
      this.#topics.set(member, new Set(existing));
      for (const topic of existing) this.#subscribersOf(topic).push(member);
    }
  }

  build(): ReadonlyMap<string, readonly TopicPartition[]> {
    this.#keepOwned();
    const all = this.#allPartitions();
    const left = all.filter((one) => !this.#owners.has(topicPartitionName(one)));
    this.#sortActive();
    const isFirst = this.#listOf(this.#active.at(-1) ?? "").length === 0;
    for (const partition of left) this.#assign(partition);
    const isMovable = ({ topic }: TopicPartition): boolean =>
      this.#subscribersOf(topic).length >= 2;
    this.#active = this.#active.filter((member) => this.#canTakePart(member));
    const before = new Map(this.#active.map((member) => [member, [...this.#listOf(member)]]));
    // What only lost its owner is looked at first, so that the rest may stay.
    const past = this.#pastOwners();
    if (!this.#mustRevoke) this.#rebalance(left.filter(isMovable), past);
    const hasMoved = this.#rebalance(all.filter(isMovable), past);
    if (!isFirst && hasMoved && balanceScore(this.#currentOf(before)) >= balanceScore(before)) {
      for (const [member, partitions] of before) this.#given.set(member, partitions);
    }
    return this.#given;
  }

  #keepOwned(): void {
    for (const [member, owned] of this.#given) {
      const topics = get(this.#topics, member, "the topics of a member");
      const kept = owned.filter(({ topic }) => topics.has(topic));
      if (kept.length < owned.length) this.#mustRevoke = true;
      for (const one of kept) this.#owners.set(topicPartitionName(one), member);
      this.#given.set(member, kept);
    }
  }

  /** Those of topics that fewest subscribe to come first. */
  #allPartitions(): readonly TopicPartition[] {
    const topics = [...this.#counts.keys()].sort(
      (a, b) =>
        compareNumbers(this.#subscribersOf(a).length, this.#subscribersOf(b).length) ||
        compareStrings(a, b),
    );
    return topics.flatMap((topic) =>
      Array.from({ length: this.#counts.get(topic) ?? 0 }, (_, partition) => ({
        topic,
        partition,
      })),
    );
  }

  /** Who held a partition in an earlier generation than the last. */
  #pastOwners(): ReadonlyMap<string, StickyMember> {
    const latest = Math.max(...this.#members.map(({ ownedGeneration }) => ownedGeneration));
    const past = new Map<string, StickyMember>();
    for (const one of this.#members) {
      if (one.ownedGeneration >= latest) continue;
      for (const name of one.owned.map(topicPartitionName)) {
        const other = past.get(name);
        if (other === undefined || one.ownedGeneration > other.ownedGeneration) past.set(name, one);
      }
    }
    return past;
  }

  #subscribersOf(topic: string): string[] {
    return get(this.#subscribers, topic, "a topic of the group");
  }

  #listOf(member: string): TopicPartition[] {
    return get(this.#given, member, "a member of the group");
  }

  #sizeOf(member: string): number {
    return this.#listOf(member).length;
  }

  #sortActive(): void {
    this.#active.sort(
      (a, b) => compareNumbers(this.#sizeOf(a), this.#sizeOf(b)) || compareStrings(a, b),
    );
  }

  /** The member that has least and subscribes to the topic; null for none. */
  #poorest(topic: string): string | null {
    return this.#active.find((member) => this.#topics.get(member)?.has(topic) === true) ?? null;
  }

  #assign(partition: TopicPartition): void {
    const member = this.#poorest(partition.topic);
    if (member === null) return;
    this.#listOf(member).push(partition);
    this.#owners.set(topicPartitionName(partition), member);
    this.#sortActive();
  }

  /** So many partitions it could have at most. */
  #sizeMax(member: string): number {
    let size = 0;
    for (const topic of this.#topics.get(member) ?? []) size += this.#counts.get(topic) ?? 0;
    return size;
  }

  #canTakePart(member: string): boolean {
    return (
      this.#sizeOf(member) < this.#sizeMax(member) ||
      this.#listOf(member).some(({ topic }) => this.#subscribersOf(topic).length >= 2)
    );
  }

  #isBalanced(): boolean {
    const sizes = this.#active.map((member) => this.#sizeOf(member));
    if ((sizes.at(0) ?? 0) >= (sizes.at(-1) ?? 0) - 1) return true;
    return !this.#active.some((member) => this.#canGainFromOther(member));
  }

  #canGainFromOther(member: string): boolean {
    const size = this.#sizeOf(member);
    if (size === this.#sizeMax(member)) return false;
    for (const topic of this.#topics.get(member) ?? []) {
      for (let partition = 0; partition < (this.#counts.get(topic) ?? 0); partition += 1) {
        const owner = this.#owners.get(topicPartitionName({ topic, partition }));
        assert(owner !== undefined, "every partition must have an owner by now", { topic });
        if (owner !== member && size + 1 < this.#sizeOf(owner)) return true;
      }
    }
    return false;
  }

  /** True when something has moved. */
  #rebalance(
    partitions: readonly TopicPartition[],
    past: ReadonlyMap<string, StickyMember>,
  ): boolean {
    let hasMoved = false;
    let isChanging = true;
    while (isChanging) {
      isChanging = false;
      for (const partition of partitions) {
        if (this.#isBalanced()) break;
        if (!this.#improve(partition, past)) continue;
        isChanging = true;
        hasMoved = true;
      }
    }
    return hasMoved;
  }

  /** Moves a partition, or one of its topic in its stead, where two members get more even. */
  #improve(partition: TopicPartition, past: ReadonlyMap<string, StickyMember>): boolean {
    const name = topicPartitionName(partition);
    const size = this.#sizeOf(get(this.#owners, name, "the owner of a partition"));
    const earlier = past.get(name)?.member;
    if (earlier !== undefined && size > this.#sizeOf(earlier) + 1) {
      this.#reassign(partition, earlier);
      return true;
    }
    const { topic } = partition;
    if (!this.#subscribersOf(topic).some((other) => size > this.#sizeOf(other) + 1)) return false;
    const poorest = this.#poorest(topic);
    assert(poorest !== null, "a topic with subscribers must have a poorest one", { topic });
    this.#reassign(partition, poorest);
    return true;
  }

  #reassign(wanted: TopicPartition, to: string): void {
    const from = get(this.#owners, topicPartitionName(wanted), "the owner of a partition");
    const partition = this.#movements.partitionToMove(wanted, from, to);
    const name = topicPartitionName(partition);
    const owner = get(this.#owners, name, "the owner of a partition");
    this.#movements.move(partition, owner, to);
    this.#given.set(
      owner,
      this.#listOf(owner).filter((one) => topicPartitionName(one) !== name),
    );
    this.#listOf(to).push(partition);
    this.#owners.set(name, to);
    this.#sortActive();
  }

  #currentOf(before: OwnedPartitions): OwnedPartitions {
    return new Map([...before.keys()].map((member) => [member, this.#listOf(member)]));
  }
}

/** The sum of the differences between all pairs of members; 0 is even. */
function balanceScore(assignment: OwnedPartitions): number {
  const sizes = [...assignment.values()].map(({ length }) => length);
  let score = 0;
  for (const [index, size] of sizes.entries()) {
    for (const other of sizes.slice(index + 1)) score += Math.abs(size - other);
  }
  return score;
}
