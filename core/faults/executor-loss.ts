/** An executor dies with its cached blocks and shuffle outputs, and another takes its place. */

import type { ExecutorExit, Fault } from "./fault.ts";

const BACK_MS = 2000;

/** What Spark's standalone scheduler says of each. */
const losses = {
  crashed: {
    exitCausedByApp: true,
    reason:
      "Remote RPC client disassociated. Likely due to containers exceeding thresholds, or " +
      "network issues. Check driver logs for WARN messages.",
  },
  killed: { exitCausedByApp: false, reason: "Executor killed by driver." },
  "worker lost": { exitCausedByApp: false, reason: "worker lost" },
} satisfies Record<ExecutorExit, { exitCausedByApp: boolean; reason: string }>;

export const executorLoss: Fault<"loseExecutor"> = {
  kind: "loseExecutor",
  shows:
    "its running tasks fail and run elsewhere; lost blocks and shuffle outputs are computed " +
    "again through the lineage",
  inject: (spec, targets) => {
    targets.emit({ kind: "fault.injected", fault: `lose executor ${spec.executor}` });
    targets.loseExecutor(spec.executor, losses[spec.exit ?? "crashed"]);
    targets.schedule(spec.backMs ?? BACK_MS, () => targets.addExecutor(spec.executor));
  },
};
