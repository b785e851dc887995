/** The part of the fold that is about the cluster: leaders, replicas, groups, transactions. */

import type { Change, Snapshot } from "./snapshot.ts";
import type { ClusterEvent } from "./text-cluster.ts";
import { changePartition } from "./replay-world.ts";

export function clusterChanged(at: Snapshot, event: ClusterEvent): Change {
  switch (event.kind) {
    case "partition.changed": {
      const { leader } = event;
      return { topics: changePartition(at.topics, event, (one) => ({ ...one, leader })) };
    }
    case "highWatermark.advanced": {
      const { highWatermark } = event;
      return { topics: changePartition(at.topics, event, (one) => ({ ...one, highWatermark })) };
    }
    case "topic.deleted":
      return { topics: at.topics.filter(({ topic }) => topic !== event.topic) };
    default:
      return {};
  }
}
