/** Members who all subscribe to the same topics: each has a quota, keeps what it holds up to it,
 *  and what is left goes round among those who have less.
 *  Like Kafka: AbstractStickyAssignor.ConstrainedAssignmentBuilder. */

import { assert, at, get } from "../base/assert.ts";
import { compareNumbers, compareStrings } from "../base/order.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { OwnedPartitions, StickyResult } from "./sticky-assignment.ts";

export class ConstrainedAssignment {
  readonly #counts: ReadonlyMap<string, number>;
  readonly #owned: OwnedPartitions;
  /** Names of partitions that two members claimed, so that neither holds them. */
  readonly #contested: ReadonlySet<string>;
  readonly #minQuota: number;
  readonly #maxQuota: number;
  /** So many may have more than the lower quota. */
  readonly #overMinMax: number;
  #overMin = 0;
  readonly #underMin: string[] = [];
  #exactlyMin: string[] = [];
  readonly #given: OwnedPartitions;
  readonly #kept = new Set<string>();
  /** What was over somebody's quota, and whose. */
  readonly #revoked = new Map<string, string>();
  readonly #transferring = new Map<string, string>();

  constructor(
    counts: ReadonlyMap<string, number>,
    owned: OwnedPartitions,
    contested: ReadonlySet<string>,
  ) {
    this.#counts = counts;
    this.#owned = owned;
    this.#contested = contested;
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    this.#minQuota = Math.floor(total / owned.size);
    this.#maxQuota = Math.ceil(total / owned.size);
    this.#overMinMax = total % owned.size;
    this.#given = new Map([...owned.keys()].map((member) => [member, []]));
  }

  build(): StickyResult {
    for (const [member, partitions] of this.#owned) {
      const sorted = partitions
        .filter((one) => !this.#contested.has(topicPartitionName(one)))
        .sort(
          (a, b) => compareNumbers(a.partition, b.partition) || compareStrings(a.topic, b.topic),
        );
      this.#keep(member, sorted);
    }
    this.#underMin.sort(compareStrings);
    this.#exactlyMin.sort(compareStrings);
    this.#dealOut(this.#unassigned());
    return { assignments: this.#given, transferring: this.#transferring };
  }

  #keep(member: string, owned: readonly TopicPartition[]): void {
    const mayGrow = this.#overMin < this.#overMinMax;
    let quota = this.#minQuota;
    if (owned.length < this.#minQuota) this.#underMin.push(member);
    else if (owned.length >= this.#maxQuota && mayGrow) {
      quota = this.#maxQuota;
      this.#overMin += 1;
      if (this.#overMin === this.#overMinMax) this.#exactlyMin = [];
    } else if (mayGrow) this.#exactlyMin.push(member);
    for (const [index, partition] of owned.entries()) {
      const name = topicPartitionName(partition);
      if (index >= quota) this.#revoked.set(name, member);
      else {
        this.#listOf(member).push(partition);
        this.#kept.add(name);
      }
    }
  }

  #listOf(member: string): TopicPartition[] {
    return get(this.#given, member, "a member of the group");
  }

  #unassigned(): readonly TopicPartition[] {
    const left: TopicPartition[] = [];
    for (const topic of [...this.#counts.keys()].sort(compareStrings)) {
      const count = get(this.#counts, topic, "a topic of the group");
      for (let partition = 0; partition < count; partition += 1) {
        if (!this.#kept.has(topicPartitionName({ topic, partition }))) {
          left.push({ topic, partition });
        }
      }
    }
    return left;
  }

  /** In circles among those under the lower quota, then one to each of those who have it. */
  #dealOut(partitions: readonly TopicPartition[]): void {
    let turn = 0;
    for (const partition of partitions) {
      if (turn >= this.#underMin.length) turn = 0;
      const isUnderMin = this.#underMin.length > 0;
      const member = isUnderMin ? at(this.#underMin, turn) : this.#exactlyMin.shift();
      assert(member !== undefined, "somebody's quota must not be full while partitions are left", {
        partition: topicPartitionName(partition),
      });
      this.#give(partition, member);
      if (isUnderMin && this.#listOf(member).length === this.#minQuota) {
        this.#underMin.splice(turn, 1);
        this.#exactlyMin.push(member);
      } else turn += 1;
    }
    assert(
      this.#underMin.every((member) => this.#listOf(member).length >= this.#minQuota),
      "everyone must have the lower quota",
    );
  }

  #give(partition: TopicPartition, member: string): void {
    const name = topicPartitionName(partition);
    this.#listOf(member).push(partition);
    const before = this.#revoked.get(name);
    if ((before !== undefined && before !== member) || this.#contested.has(name)) {
      this.#transferring.set(name, member);
    }
  }
}
