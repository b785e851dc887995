/** A topic keeps its records for a shorter time than its readers need. */

import { defineFault } from "./fault.ts";

export const retentionChange = defineFault({
  kind: "setRetention",
  target: "topic",
  phrase: "set retention.ms of {topic} to {retentionMs}",
  fields: { topic: { type: "topic" }, retentionMs: { type: "whole", min: -1 } },
  shows:
    "at the next check (log.retention.check.interval.ms) whole segments older than that are " +
    "gone: the log starts later, and a slow reader's position is out of range",
  inject: ({ topic, retentionMs }, { cluster }) =>
    cluster.administer({ kind: "alterTopic", topic, config: { retentionMs } }),
});
