/** Many records have the same key, for a while. */

import { defineFault, forMs } from "./fault.ts";

export const hotKey = defineFault({
  kind: "heatKey",
  target: "data",
  phrase: "give key {key} to {percent}% of records to {topic}",
  fields: {
    key: { type: "name" },
    percent: { type: "whole", min: 1, max: 100 },
    topic: { type: "topic" },
    forMs,
  },
  isCondition: true,
  shows:
    "one partition of the topic grows faster than the others, and one task of each stage that " +
    "groups by key takes longer than the rest",
  inject: ({ key, percent, topic }, { data }) =>
    data.change(topic, { kind: "hot key", key, percent }),
});
