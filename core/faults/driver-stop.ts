/** The application is stopped from outside, as a new version of it is rolled out, and may start
 *  again: after `downMs`, or never when that is left out, and the run then ends. */

import { backMs, defineFault } from "./fault.ts";

export const driverStop = defineFault({
  kind: "stopDriver",
  target: "driver",
  phrase: "stop driver[ {gracefully}][, back after {downMs}][, with {conf}]",
  fields: {
    // By SIGTERM when left out: as spark.streaming.stopGracefullyOnShutdown says.
    gracefully: { type: "flag", yes: "gracefully", no: "immediately", optional: true },
    downMs: backMs,
    conf: { type: "settings", optional: true },
  },
  shows:
    "gracefully, two more batches are made and all are finished before it ends; immediately, " +
    "jobs get 2 s; a driver that starts again takes up the checkpoint",
  isPossible: (targets) => targets.isDriverAlive,
  inject: (spec, targets) => {
    targets.stopDriver(spec.gracefully ?? null, spec.downMs ?? null, spec.conf ?? null);
  },
});
