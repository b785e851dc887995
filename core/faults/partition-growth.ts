/** A topic gets more partitions while a stream reads it. */

import type { Fault } from "./fault.ts";

export const partitionGrowth: Fault<"addPartitions"> = {
  kind: "addPartitions",
  shows:
    "the stream goes on without the new partitions until its consumer looks at its topics again " +
    "(metadata.max.age.ms); keys go to other partitions than before",
  inject: (spec, targets) => {
    const { topic, partitions } = spec;
    targets.emit({ kind: "fault.injected", fault: `${topic} gets ${partitions} partitions` });
    targets.addPartitions(topic, partitions);
  },
};
