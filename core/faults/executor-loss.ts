/** An executor dies with its cached blocks and shuffle outputs, and another takes its place. */

import { backMs, defineFault } from "./fault.ts";

const BACK_MS = 2000;

/** What Spark's standalone scheduler says of each. A crash counts as a failure of each task it ran;
 *  the others do not. */
const losses = {
  crashed: {
    exitCausedByApp: true,
    reason:
      "Remote RPC client disassociated. Likely due to containers exceeding thresholds, or " +
      "network issues. Check driver logs for WARN messages.",
  },
  killed: { exitCausedByApp: false, reason: "Executor killed by driver." },
  "worker lost": { exitCausedByApp: false, reason: "worker lost" },
} as const;

export const executorLoss = defineFault({
  kind: "loseExecutor",
  target: "executor",
  phrase: "lose executor {executor}[, {exit}][, back after {backMs}]",
  fields: {
    executor: { type: "executor" },
    // Its process crashes (when left out), the driver kills it, or its machine is gone.
    exit: { type: "choice", choices: ["crashed", "killed", "worker lost"], optional: true },
    backMs,
  },
  shows:
    "its running tasks fail and run elsewhere; lost blocks and shuffle outputs are computed " +
    "again through the lineage",
  inject: ({ executor, exit = "crashed", backMs: afterMs }, { loseExecutor, schedule }) =>
    schedule(afterMs ?? BACK_MS, loseExecutor(executor, losses[exit])),
});
