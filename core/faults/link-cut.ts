/** Nothing gets through between two nodes, and nobody is told. */

import { defineFault, forMs } from "./fault.ts";

export const linkCut = defineFault({
  kind: "dropLink",
  target: "link",
  phrase: "drop link {a}-{b}",
  fields: { a: { type: "node" }, b: { type: "node" }, forMs },
  isCondition: true,
  shows:
    "between leader and follower, the follower leaves the in-sync set after " +
    "replica.lag.time.max.ms; between a broker and the controller, it is fenced; between a " +
    "broker and clients, requests time out and are tried again",
  inject: ({ a, b }, { cluster }) => cluster.holdLink(a, b, { state: "cut" }),
});
