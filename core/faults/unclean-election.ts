/** A topic may be led by a replica that is not in sync. */

import { defineFault } from "./fault.ts";

export const uncleanElection = defineFault({
  kind: "allowUnclean",
  target: "topic",
  phrase: "allow unclean election of {topic}",
  fields: { topic: { type: "topic" } },
  shows:
    "where no replica in sync is left, one that is not comes to lead: at once, or, if they were " +
    "gone before this, when the controller next looks (unclean.leader.election.interval.ms, five " +
    "minutes); acknowledged records are lost, and their offsets are given to others",
  inject: ({ topic }, { cluster }) =>
    cluster.administer({ kind: "alterTopic", topic, config: { uncleanLeaderElection: true } }),
});
