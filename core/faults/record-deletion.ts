/** Records at the start of a partition are deleted, read or not, as retention would. */

import { defineFault } from "./fault.ts";

export const recordDeletion = defineFault({
  kind: "deleteRecords",
  target: "topic",
  phrase: "delete records of partition {partition} of {topic} before {beforeOffset}",
  fields: {
    partition: { type: "whole", min: 0 },
    topic: { type: "topic" },
    beforeOffset: { type: "whole", min: 0 },
  },
  shows:
    "the log starts later; a reader whose next offset is gone is told OFFSET_OUT_OF_RANGE: a " +
    "Spark task fails, a consumer is reset and never sees the gap",
  inject: (spec, targets) =>
    targets.cluster.deleteRecords(spec.topic, spec.partition, spec.beforeOffset),
});
