/** The algorithm of both sticky assignors: an even assignment near the last one.
 *  Where Kafka walks java.util.HashMap, the order of its buckets decides; it is kept.
 *  Like Kafka: AbstractStickyAssignor, without racks. */

import { at } from "../base/assert.ts";
import { hashMapOrder } from "../record/hash-map-order.ts";
import { stringHash } from "../record/jvm-hash.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import { ConstrainedAssignment } from "./sticky-constrained.ts";
import { GeneralAssignment } from "./sticky-general.ts";

export interface StickyMember {
  readonly member: string;
  readonly topics: readonly string[];
  /** What it says it holds, and since which generation; -1 for unknown. */
  readonly owned: readonly TopicPartition[];
  readonly ownedGeneration: number;
  /** The one its subscription names; -1 for none. */
  readonly generation: number;
}

/** What members rightly hold, by member id, in the order of a hash map. */
export type OwnedPartitions = Map<string, TopicPartition[]>;

export interface StickyResult {
  readonly assignments: ReadonlyMap<string, readonly TopicPartition[]>;
  /** Names of partitions that another member held, and who gets them; null where members differ in
   *  what they subscribe to, and it has to be worked out. */
  readonly transferring: ReadonlyMap<string, string> | null;
}

export function assignSticky(
  partitionCounts: ReadonlyMap<string, number>,
  given: readonly StickyMember[],
): StickyResult {
  const members = hashMapOrder(given.map(({ member }) => stringHash(member))).map((index) =>
    at(given, index),
  );
  const wanted = new Set(members.flatMap(({ topics }) => topics));
  const counts = new Map(
    [...partitionCounts].filter(([topic, count]) => wanted.has(topic) && count > 0),
  );
  const { owned, contested } = settleClaims(members, counts);
  if (haveEqualTopics(members)) return new ConstrainedAssignment(counts, owned, contested).build();
  const assignments = new GeneralAssignment(counts, owned, members).build();
  return { assignments, transferring: null };
}

function haveEqualTopics(members: readonly StickyMember[]): boolean {
  let first = new Set<string>();
  for (const { topics } of members) {
    if (first.size === 0) first = new Set(topics);
    else if (topics.length !== first.size || !topics.every((topic) => first.has(topic))) {
      return false;
    }
  }
  return true;
}

/** Of two members who claim one partition the one of the later generation holds it; in the same
 *  generation neither does. */
function settleClaims(
  members: readonly StickyMember[],
  counts: ReadonlyMap<string, number>,
): { readonly owned: OwnedPartitions; readonly contested: ReadonlySet<string> } {
  const owned: OwnedPartitions = new Map();
  const contested = new Set<string>();
  const owners = new Map<string, StickyMember>();
  for (const one of members) {
    const own: TopicPartition[] = [];
    owned.set(one.member, own);
    for (const partition of one.owned) {
      if (!counts.has(partition.topic)) continue;
      const name = topicPartitionName(partition);
      const other = owners.get(name);
      if (other !== undefined && one.ownedGeneration < other.generation) continue;
      if (other !== undefined) drop(owned.get(other.member), name);
      if (other !== undefined && one.ownedGeneration === other.generation) contested.add(name);
      else own.push(partition);
      owners.set(name, one);
    }
  }
  return { owned, contested };
}

function drop(list: TopicPartition[] | undefined, name: string): void {
  const index = (list ?? []).findIndex((one) => topicPartitionName(one) === name);
  if (index >= 0) list?.splice(index, 1);
}
