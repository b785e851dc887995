/** Records come long after what they tell of: a phone that was offline, a producer whose clock is
 *  behind. */

import { defineFault, forMs } from "./fault.ts";

export const lateRecords = defineFault({
  kind: "delayRecords",
  target: "data",
  phrase: "date records to {topic} back by {byMs}",
  fields: {
    topic: { type: "topic" },
    // Ahead of time when it is negative.
    byMs: { type: "whole", min: -Number.MAX_SAFE_INTEGER },
    forMs,
  },
  isCondition: true,
  shows:
    "their timestamps are earlier than those of records before them; a DStream counts them in " +
    "the batch they come in, whatever they tell; retention by time looks at them",
  inject: ({ topic, byMs }, { data }) => data.change(topic, { kind: "late", byMs }),
});
