/** Leadership goes back to where it was meant to be, as after restarts. */

import { defineFault } from "./fault.ts";

export const preferredElection = defineFault({
  kind: "electPreferred",
  target: "topic",
  phrase: "elect preferred leaders",
  fields: {},
  shows:
    "each partition whose first replica is in sync is led by it, in a higher epoch; clients with " +
    "old metadata are told NOT_LEADER_OR_FOLLOWER once, and nothing is lost",
  inject: (_, targets) => targets.cluster.electPreferredLeaders(),
});
