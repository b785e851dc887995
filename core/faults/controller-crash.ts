/** The active controller dies, and another of the quorum takes over. */

import { backMs, defineFault } from "./fault.ts";

const BACK_MS = 5000;

export const controllerCrash = defineFault({
  kind: "crashController",
  target: "controller",
  phrase: "crash controller[, back after {backMs}]",
  fields: { backMs },
  shows:
    "for a few seconds no leader, in-sync set or topic changes; brokers go on serving; then " +
    "another controller is active, in a higher epoch",
  inject: (spec, { cluster, schedule }) =>
    schedule(spec.backMs ?? BACK_MS, cluster.crashController()),
});
