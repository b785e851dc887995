/** The checkpoint store takes nothing more, for a while or from now on. */

import { defineFault, forMs } from "./fault.ts";

export const checkpointStoreFull = defineFault({
  kind: "fillCheckpoints",
  target: "checkpoint",
  phrase: "fill checkpoint store",
  fields: { forMs },
  isCondition: true,
  shows:
    "each write fails three times and is given up; batches go on, and a restart takes up the " +
    "last file that was written; the data of state cannot be written, and its batch fails",
  inject: (_, { failStore }) => failStore("java.io.IOException: No space left on device"),
});
