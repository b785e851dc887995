/** As even as can be, and everyone keeps as much as that allows of what it was given last. Members
 *  give everything up before they join, and the leader gives most of it back.
 *  Like Kafka: StickyAssignor. */

import { assignSticky } from "../sticky-assignment.ts";
import type { Assignor } from "./assignor.ts";

export const sticky: Assignor = {
  name: "sticky",
  isCooperative: false,
  assign: (partitionCounts, members) =>
    assignSticky(
      partitionCounts,
      members.map(({ member, subscription: { topics, generation, lastAssignment } }) => ({
        member,
        topics,
        owned: lastAssignment?.partitions ?? [],
        ownedGeneration: lastAssignment?.generation ?? -1,
        generation,
      })),
    ).assignments,
};
