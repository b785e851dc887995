/** The checkpoint store takes nothing more, for a while or from now on. */

import type { Fault } from "./fault.ts";

export const checkpointStoreFull: Fault<"fillCheckpoints"> = {
  kind: "fillCheckpoints",
  shows:
    "each write fails three times and is given up; batches go on, and a restart takes up the " +
    "last file that was written; the data of state cannot be written, and its batch fails",
  inject: ({ forMs }, targets) => {
    targets.emit({ kind: "fault.injected", fault: "checkpoint store is full" });
    targets.changeStore({ error: "java.io.IOException: No space left on device" });
    if (forMs !== undefined) targets.schedule(forMs, () => targets.changeStore({ error: null }));
  },
};
