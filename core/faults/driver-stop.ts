/** The application is stopped from outside, as a new version of it is rolled out, and may start
 *  again. */

import type { Fault } from "./fault.ts";

export const driverStop: Fault<"stopDriver"> = {
  kind: "stopDriver",
  shows:
    "gracefully, two more batches are made and all are finished before it ends; at once, jobs " +
    "get 2 s; a driver that starts again takes up the checkpoint",
  inject: (spec, targets) => {
    const how =
      spec.gracefully === undefined ? "SIGTERM" : spec.gracefully ? "gracefully" : "at once";
    targets.emit({ kind: "fault.injected", fault: `stop driver (${how})` });
    targets.stopDriver(spec.gracefully ?? null, spec.downMs ?? null, spec.conf ?? null);
  },
};
