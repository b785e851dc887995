/** Messages between two nodes take longer. */

import { defineFault, forMs } from "./fault.ts";

export const linkSlow = defineFault({
  kind: "slowLink",
  target: "link",
  phrase: "slow link {a}-{b} by {latencyMs}",
  fields: { a: { type: "node" }, b: { type: "node" }, latencyMs: { type: "whole", min: 1 }, forMs },
  isCondition: true,
  shows: "requests over it take longer, and so do the acknowledgements that wait for a follower",
  inject: ({ a, b, latencyMs }, { cluster }) =>
    cluster.holdLink(a, b, { state: "slow", latencyMs }),
});
