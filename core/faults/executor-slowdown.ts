/** An executor works slower than the others: its tasks are stragglers. */

import type { Fault } from "./fault.ts";

export const executorSlowdown: Fault<"slowExecutor"> = {
  kind: "slowExecutor",
  shows:
    "a stage waits for its slowest task; with spark.speculation a copy runs on another executor, " +
    "and the first of the two to finish counts",
  inject: (spec, targets) => {
    const { executor, speedPercent, forMs } = spec;
    targets.emit({ kind: "fault.injected", fault: `executor ${executor} at ${speedPercent}%` });
    targets.changeSpeed(executor, speedPercent);
    if (forMs !== undefined) targets.schedule(forMs, () => targets.changeSpeed(executor, null));
  },
};
