/** A producer's process dies, and may start again. */

import { backMs, defineFault } from "./fault.ts";

export const producerCrash = defineFault({
  kind: "crashProducer",
  target: "producer",
  phrase: "crash producer {producer}[, back after {backMs}]",
  fields: { producer: { type: "producer" }, backMs },
  shows:
    "what it had not sent is lost, and a transaction it had begun stays open: read_committed " +
    "stands still at the last stable offset until transaction.timeout.ms is over, or until it " +
    "is back and its own transactional id aborts it",
  inject: (spec, targets) => targets.crashProducer(spec.producer, spec.backMs ?? null),
});
