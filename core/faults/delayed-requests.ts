/** Requests of a producer are long on their way. */

import { defineFault } from "./fault.ts";

export const delayedRequests = defineFault({
  kind: "delayRequests",
  target: "producer",
  phrase: "delay {count} requests of {client} by {delayMs}",
  fields: {
    count: { type: "whole", min: 1 },
    client: { type: "name" },
    delayMs: { type: "whole", min: 1 },
  },
  shows:
    "what is behind them on the connection waits; past request.timeout.ms they are sent again, " +
    "and the first copies come late: known by their sequence or out of order, or else written " +
    "a second time, after newer ones",
  inject: (spec, { cluster }) =>
    cluster.clients.delayRequests(spec.client, spec.count, spec.delayMs),
});
