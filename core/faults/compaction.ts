/** A topic is compacted while it is read. */

import { defineFault } from "./fault.ts";

export const compaction = defineFault({
  kind: "compactTopic",
  target: "topic",
  phrase: "compact topic {topic}",
  fields: { topic: { type: "topic" } },
  shows:
    "of closed segments the last record of each key stays: offsets in between are gone, and a " +
    "reader that goes through them finds gaps, never an older value last",
  inject: ({ topic }, { cluster }) =>
    cluster.administer({
      kind: "alterTopic",
      topic,
      config: { cleanupPolicy: "compact", minCleanableDirtyPercent: 0 },
    }),
});
