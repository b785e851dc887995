/** Replies to a client are lost after its requests were done. */

import { defineFault } from "./fault.ts";

export const lostReplies = defineFault({
  kind: "dropReplies",
  target: "producer",
  phrase: "drop {count} replies to {client}",
  fields: { count: { type: "whole", min: 1 }, client: { type: "name" } },
  shows:
    "the client's request times out and is sent again: a record is in the log twice, unless the " +
    "producer is idempotent, and its second copy refused as a duplicate",
  inject: (spec, targets) => targets.cluster.dropReplies(spec.client, spec.count),
});
