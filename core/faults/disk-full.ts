/** An executor's disk is full. */

import { defineFault, forMs } from "./fault.ts";

export const diskFull = defineFault({
  kind: "fillDisk",
  target: "executor",
  phrase: "fill disk of executor {executor}",
  fields: { executor: { type: "executor" }, forMs },
  isCondition: true,
  shows:
    "map tasks fail there with No space left on device, and are tried again; Spark does not " +
    "avoid the executor, so that a task may fail spark.task.maxFailures times",
  inject: (spec, targets) => {
    const error = "java.io.IOException: No space left on device";
    targets.breakExecutor(spec.executor, { error, onlyWrites: true, left: Infinity });
    if (spec.forMs === undefined) return;
    targets.schedule(spec.forMs, () => targets.breakExecutor(spec.executor, null));
  },
});
