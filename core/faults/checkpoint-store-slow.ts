/** Every write to the checkpoint store takes long, for a while or from now on. */

import type { Fault } from "./fault.ts";

export const checkpointStoreSlow: Fault<"slowCheckpoints"> = {
  kind: "slowCheckpoints",
  shows:
    "writes queue and none is left out; the newest file is older than the batches that are " +
    "through, and a crash runs more of them again",
  inject: (spec, targets) => {
    const { writeMs, forMs } = spec;
    targets.emit({ kind: "fault.injected", fault: `checkpoint store takes ${writeMs} ms a write` });
    targets.changeStore({ writeMs });
    if (forMs !== undefined) targets.schedule(forMs, () => targets.changeStore({ writeMs: null }));
  },
};
