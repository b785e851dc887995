/** A topic asks for more replicas in sync than there may be. */

import { defineFault } from "./fault.ts";

export const minInsync = defineFault({
  kind: "setMinInsync",
  target: "topic",
  phrase: "set min.insync.replicas of {topic} to {minInsyncReplicas}",
  fields: { topic: { type: "topic" }, minInsyncReplicas: { type: "whole", min: 1 } },
  shows:
    "with fewer in sync, acks=all is told NOT_ENOUGH_REPLICAS and tries again, and the high " +
    "watermark stands still until enough are back",
  inject: ({ topic, minInsyncReplicas }, { cluster }) =>
    cluster.administer({ kind: "alterTopic", topic, config: { minInsyncReplicas } }),
});
