/** An executor dies with its cached blocks and shuffle outputs, and another takes its place. */

import type { Fault } from "./fault.ts";

const BACK_MS = 2000;

export const executorLoss: Fault<"loseExecutor"> = {
  kind: "loseExecutor",
  shows:
    "its running tasks fail and run elsewhere; lost blocks and shuffle outputs are computed " +
    "again through the lineage",
  inject: (spec, targets) => {
    targets.emit({ kind: "fault.injected", fault: `lose executor ${spec.executor}` });
    targets.loseExecutor(spec.executor);
    targets.schedule(spec.backMs ?? BACK_MS, () => targets.addExecutor(spec.executor));
  },
};
