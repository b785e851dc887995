/** The driver dies with its executors, and a new one takes up its checkpoint. */

import { backMs, defineFault } from "./fault.ts";

const DOWN_MS = 2000;

export const driverCrash = defineFault({
  kind: "crashDriver",
  target: "driver",
  phrase: "crash driver[, back after {downMs}][, with {conf}]",
  // A checkpoint's settings go before those it starts with.
  fields: { downMs: backMs, conf: { type: "settings", optional: true } },
  shows:
    "batches stop; after the restart the checkpointed batch, pending ones and those of the down " +
    "time run again; without a checkpoint directory everything starts afresh",
  isPossible: (targets) => targets.isDriverAlive,
  inject: (spec, targets) => {
    targets.crashDriver();
    targets.schedule(spec.downMs ?? DOWN_MS, () => targets.startDriver(spec.conf ?? null));
  },
});
