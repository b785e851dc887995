/** A client is told of its topics what it knows already. */

import { defineFault, forMs } from "./fault.ts";

export const staleMetadata = defineFault({
  kind: "holdMetadata",
  target: "producer",
  phrase: "hold back metadata of {client}",
  fields: { client: { type: "name" }, forMs },
  isCondition: true,
  shows:
    "when a leader moves, it goes on asking the old one: NOT_LEADER_OR_FOLLOWER or no " +
    "connection, again and again, until it hears of the new one",
  inject: (spec, { cluster }) => cluster.clients.holdMetadata(spec.client),
});
