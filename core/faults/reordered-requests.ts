/** Requests of a producer overtake each other, each on a connection of its own. */

import { defineFault } from "./fault.ts";

export const reorderedRequests = defineFault({
  kind: "reorderRequests",
  target: "producer",
  phrase: "reorder {count} requests of {client}",
  fields: { count: { type: "whole", min: 1 }, client: { type: "name" } },
  shows:
    "a batch is in the log before the one sent ahead of it; an idempotent producer is told " +
    "OUT_OF_ORDER_SEQUENCE_NUMBER and sends it again; with max.in.flight 1 nothing can overtake",
  inject: (spec, { cluster }) => cluster.clients.reorderRequests(spec.client, spec.count),
});
