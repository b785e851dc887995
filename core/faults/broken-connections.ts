/** Connections of a client break instead of carrying a reply. */

import { defineFault } from "./fault.ts";

export const brokenConnections = defineFault({
  kind: "breakConnections",
  target: "producer",
  phrase: "break {count} connections of {client}",
  fields: { count: { type: "whole", min: 1 }, client: { type: "name", of: "client" } },
  shows:
    "all requests under way to that broker fail at once with NETWORK_EXCEPTION, done or not, and " +
    "are sent again: twice in the log, unless the producer is idempotent",
  inject: (spec, targets) => targets.cluster.clients.breakConnections(spec.client, spec.count),
});
