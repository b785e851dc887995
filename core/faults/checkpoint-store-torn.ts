/** The newest metadata file is cut in half, as a store leaves it that does not write whole files or
 *  nothing. */

import type { Fault } from "./fault.ts";

export const checkpointStoreTorn: Fault<"tearCheckpoint"> = {
  kind: "tearCheckpoint",
  shows: "nothing, until a driver starts: it skips the file and reads the one before",
  inject: (_, targets) => {
    const file = targets.tearCheckpoint();
    const fault = file === null ? "no checkpoint to tear" : `tear ${file}`;
    targets.emit({ kind: "fault.injected", fault });
  },
};
