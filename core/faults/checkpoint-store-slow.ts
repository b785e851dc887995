/** Every write to the checkpoint store takes long, for a while or from now on. */

import { defineFault, forMs } from "./fault.ts";

export const checkpointStoreSlow = defineFault({
  kind: "slowCheckpoints",
  target: "checkpoint",
  phrase: "slow checkpoint store to {writeMs} a write",
  fields: { writeMs: { type: "whole", min: 0 }, forMs },
  isCondition: true,
  shows:
    "writes queue and none is left out; the newest file is older than the batches that are " +
    "through, and a crash runs more of them again",
  inject: ({ writeMs }, { slowStore }) => slowStore(writeMs),
});
