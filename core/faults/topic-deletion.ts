/** A topic is deleted while it is in use, and may be created again, empty. */

import { backMs, defineFault } from "./fault.ts";

export const topicDeletion = defineFault({
  kind: "deleteTopic",
  target: "topic",
  phrase: "delete topic {topic}[, create it again after {backMs}]",
  fields: { topic: { type: "topic" }, backMs },
  shows:
    "readers and writers are told UNKNOWN_TOPIC_OR_PARTITION; a topic created again begins at " +
    "offset 0, and whoever reads on from an old offset finds it out of range",
  inject: ({ topic, backMs: afterMs }, { cluster, schedule, topicConfig }) => {
    cluster.administer({ kind: "deleteTopic", topic });
    if (afterMs === undefined) return;
    schedule(afterMs, () =>
      cluster.administer({ kind: "createTopic", topic, config: topicConfig(topic) }),
    );
  },
});
