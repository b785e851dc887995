/** How the leader of a group deals partitions out: one way a file of this folder. */

import { compareStrings } from "../../base/order.ts";
import type { GroupMemberView } from "../../broker/group-request.ts";
import type { TopicPartition } from "../../record/topic-partition.ts";

/** By member id. Everyone has an entry, if an empty one. */
export type Assignments = ReadonlyMap<string, readonly TopicPartition[]>;

/** What an assignor needs to know of a member. */
export type AssignorMember = Pick<GroupMemberView, "member" | "instance" | "subscription">;

export interface Assignor {
  /** As members vote for it. */
  readonly name: string;
  /** Members may keep what they hold while they join: what has to move is withheld from its next
   *  owner until the present one has given it up. */
  readonly isCooperative: boolean;
  /** Partition counts of the topics that exist, members in any order -> what each is given. */
  assign(
    partitionCounts: ReadonlyMap<string, number>,
    members: readonly AssignorMember[],
  ): Assignments;
}

/** Static members by their instance, before the others by their id.
 *  Like Kafka: AbstractPartitionAssignor.MemberInfo. */
export function compareMembers(a: AssignorMember, b: AssignorMember): number {
  if (a.instance !== null && b.instance !== null) return compareStrings(a.instance, b.instance);
  if (a.instance !== null) return -1;
  if (b.instance !== null) return 1;
  return compareStrings(a.member, b.member);
}
