/** Topic by topic, each member a range of its partitions; the first ones one more where they do not
 *  divide evenly. Partitions of one number meet at one member; many small topics fall to the first.
 *  Like Kafka: RangeAssignor, without racks. */

import type { TopicPartition } from "../../record/topic-partition.ts";
import { type Assignor, type AssignorMember, compareMembers } from "./assignor.ts";

export const range: Assignor = {
  name: "range",
  isCooperative: false,
  assign(partitionCounts, members) {
    const given = new Map<string, TopicPartition[]>(members.map(({ member }) => [member, []]));
    for (const [topic, subscribers] of subscribersByTopic(members)) {
      const count = partitionCounts.get(topic) ?? 0;
      const share = Math.floor(count / subscribers.length);
      const longer = count % subscribers.length;
      let next = 0;
      for (const [index, { member }] of subscribers.toSorted(compareMembers).entries()) {
        const until = next + share + (index < longer ? 1 : 0);
        for (; next < until; next += 1) given.get(member)?.push({ topic, partition: next });
      }
    }
    return given;
  },
};

function subscribersByTopic(
  members: readonly AssignorMember[],
): ReadonlyMap<string, readonly AssignorMember[]> {
  const byTopic = new Map<string, AssignorMember[]>();
  for (const one of members) {
    for (const topic of new Set(one.subscription.topics)) {
      const subscribers = byTopic.get(topic);
      if (subscribers === undefined) byTopic.set(topic, [one]);
      else subscribers.push(one);
    }
  }
  return byTopic;
}
