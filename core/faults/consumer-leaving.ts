/** A consumer is closed in an orderly way, as at a deployment, and may start again. */

import { backMs, defineFault } from "./fault.ts";

export const consumerLeaving = defineFault({
  kind: "closeConsumer",
  target: "consumer",
  phrase: "close consumer {consumer}[, back after {backMs}]",
  fields: { consumer: { type: "consumer" }, backMs },
  shows:
    "it leaves its group, which rebalances at once; a static member does not leave, and is back " +
    "without a rebalance if session.timeout.ms is not over",
  inject: ({ consumer, backMs: afterMs }, { consumers, schedule }) => {
    const release = consumers.close(consumer);
    if (afterMs !== undefined) schedule(afterMs, release);
  },
});
