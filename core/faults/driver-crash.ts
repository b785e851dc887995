/** The driver dies with its executors, and a new one takes up its checkpoint. */

import type { Fault } from "./fault.ts";

const DOWN_MS = 2000;

export const driverCrash: Fault<"crashDriver"> = {
  kind: "crashDriver",
  shows:
    "batches stop; after the restart the checkpointed batch, pending ones and those of the down " +
    "time run again; without a checkpoint directory everything starts afresh",
  inject: (spec, targets) => {
    targets.emit({ kind: "fault.injected", fault: "crash driver" });
    targets.crashDriver();
    targets.schedule(spec.downMs ?? DOWN_MS, () => targets.startDriver(spec.conf ?? null));
  },
};
