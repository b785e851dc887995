/** A topic gets more partitions while a stream reads it. */

import { defineFault } from "./fault.ts";

export const partitionGrowth = defineFault({
  kind: "addPartitions",
  target: "topic",
  phrase: "add partitions to {topic}: {partitions}",
  // How many there are then.
  fields: { topic: { type: "topic" }, partitions: { type: "whole", min: 2 } },
  shows:
    "the stream goes on without the new partitions until its consumer looks at its topics again " +
    "(metadata.max.age.ms); keys go to other partitions than before",
  inject: ({ topic, partitions }, { cluster }) =>
    cluster.administer({ kind: "createPartitions", topic, partitions }),
});
