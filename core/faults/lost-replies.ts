/** Replies to a client are lost after its requests were done. */

import { defineFault } from "./fault.ts";

export const lostReplies = defineFault({
  kind: "dropReplies",
  target: "producer",
  phrase: "drop {count} replies to {client}",
  fields: { count: { type: "whole", min: 1 }, client: { type: "name", of: "client" } },
  shows:
    "the client hears nothing, gives up the connection after request.timeout.ms and sends again: " +
    "a batch is in the log twice, unless the producer is idempotent; then the broker knows it by " +
    "its sequence and answers with its first offset",
  inject: (spec, targets) => targets.cluster.clients.dropReplies(spec.client, spec.count),
});
