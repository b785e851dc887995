/** The newest metadata file is cut in half, as a store leaves it that does not write whole files or
 *  nothing. */

import { defineFault } from "./fault.ts";

export const checkpointStoreTorn = defineFault({
  kind: "tearCheckpoint",
  target: "checkpoint",
  phrase: "tear newest checkpoint",
  fields: {},
  shows: "nothing, until a driver starts: it skips the file and reads the one before",
  strikes: (targets) => targets.newestCheckpoint() ?? "there is none",
  inject: (_, targets) => targets.tearCheckpoint(),
});
