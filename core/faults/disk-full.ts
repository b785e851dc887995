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
  inject: ({ executor }, { breakExecutor }) => {
    const error = "java.io.IOException: No space left on device";
    return breakExecutor(executor, { error, onlyWrites: true, times: Infinity });
  },
});
