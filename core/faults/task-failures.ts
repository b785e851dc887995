/** Tasks fail on one executor, whatever they compute. */

import { defineFault } from "./fault.ts";

export const taskFailures = defineFault({
  kind: "failTasks",
  target: "executor",
  phrase: "fail tasks on executor {executor}[, {times} times][, with {error}]",
  fields: {
    executor: { type: "executor" },
    // The next one alone when left out.
    times: { type: "whole", min: 1, optional: true },
    // As the JVM prints an exception.
    error: { type: "text", optional: true },
  },
  shows:
    "a task that fails is tried again, on any executor; after spark.task.maxFailures failures of " +
    "one task its job is aborted",
  inject: (spec, targets) => {
    const { executor, times = 1, error = "java.io.IOException: Input/output error" } = spec;
    targets.breakExecutor(executor, { error, onlyWrites: false, times });
  },
});
