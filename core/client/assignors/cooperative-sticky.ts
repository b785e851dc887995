/** As even as can be, and everyone keeps as much as that allows of what it holds. A partition that
 *  has to move is given to nobody, until its owner has let it go and all join once more.
 *  Like Kafka: CooperativeStickyAssignor. */

import { type TopicPartition, topicPartitionName } from "../../record/topic-partition.ts";
import { assignSticky } from "../sticky-assignment.ts";
import type { Assignments, Assignor, AssignorMember } from "./assignor.ts";

export const cooperativeSticky: Assignor = {
  name: "cooperative-sticky",
  isCooperative: true,
  assign(partitionCounts, members) {
    const { assignments, transferring } = assignSticky(
      partitionCounts,
      members.map(({ member, subscription }) => {
        const { topics, ownedPartitions: owned, generation, lastAssignment } = subscription;
        const ownedGeneration = generation >= 0 ? generation : (lastAssignment?.generation ?? -1);
        return { member, topics, owned, ownedGeneration, generation };
      }),
    );
    const moving = transferring ?? movingPartitions(assignments, members);
    return new Map(
      [...assignments].map(([member, partitions]) => [
        member,
        partitions.filter((one) => moving.get(topicPartitionName(one)) !== member),
      ]),
    );
  },
};

/** Partitions that one member is given while another has to let them go, by name, and to whom. */
function movingPartitions(
  assignments: Assignments,
  members: readonly AssignorMember[],
): ReadonlyMap<string, string> {
  const added = new Map<string, string>();
  const revoked = new Set<string>();
  for (const { member, subscription } of members) {
    const given = names(assignments.get(member) ?? []);
    const owned = names(subscription.ownedPartitions);
    for (const name of given) if (!owned.has(name)) added.set(name, member);
    for (const name of owned) if (!given.has(name)) revoked.add(name);
  }
  return new Map([...added].filter(([name]) => revoked.has(name)));
}

function names(partitions: readonly TopicPartition[]): ReadonlySet<string> {
  return new Set(partitions.map(topicPartitionName));
}
