/** An executor's disk is full. */

import type { Fault } from "./fault.ts";

export const diskFull: Fault<"fillDisk"> = {
  kind: "fillDisk",
  shows:
    "map tasks fail there with No space left on device, and are tried again; Spark does not " +
    "avoid the executor, so that a task may fail spark.task.maxFailures times",
  inject: ({ executor, forMs }, targets) => {
    targets.emit({ kind: "fault.injected", fault: `disk of executor ${executor} full` });
    const error = "java.io.IOException: No space left on device";
    targets.breakExecutor(executor, { error, onlyWrites: true, left: Infinity });
    if (forMs !== undefined) targets.schedule(forMs, () => targets.breakExecutor(executor, null));
  },
};
