/** The controllers have no majority. */

import { defineFault, forMs } from "./fault.ts";

export const quorumLoss = defineFault({
  kind: "loseQuorum",
  target: "controller",
  phrase: "lose controller quorum",
  fields: { forMs },
  isCondition: true,
  shows:
    "brokers go on serving, and nothing changes: no leader for a broker that dies now, no new " +
    "topic, no smaller in-sync set, until there is a controller again",
  inject: (_, { cluster }) => cluster.loseQuorum(),
});
