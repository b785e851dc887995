/** Tasks fail on one executor, whatever they compute. */

import type { Fault } from "./fault.ts";

export const taskFailures: Fault<"failTasks"> = {
  kind: "failTasks",
  shows:
    "a task that fails is tried again, on any executor; after spark.task.maxFailures failures of " +
    "one task its job is aborted",
  inject: (spec, targets) => {
    const { executor, times = 1, error = "java.io.IOException: Input/output error" } = spec;
    const fault = `${times} ${times === 1 ? "task fails" : "tasks fail"} on executor ${executor}`;
    targets.emit({ kind: "fault.injected", fault });
    targets.breakExecutor(executor, { error, onlyWrites: false, left: times });
  },
};
