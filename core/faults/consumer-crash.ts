/** A consumer's process dies without a word, and may start again. */

import { backMs, defineFault } from "./fault.ts";

export const consumerCrash = defineFault({
  kind: "crashConsumer",
  target: "consumer",
  phrase: "crash consumer {consumer}[, back after {backMs}]",
  fields: { consumer: { type: "consumer" }, backMs },
  shows:
    "its partitions are unread until session.timeout.ms is over; then others take them, from " +
    "the last commit on: what it had read since is read again",
  inject: ({ consumer, backMs: afterMs }, { consumers, schedule }) => {
    const release = consumers.crash(consumer);
    if (afterMs !== undefined) schedule(afterMs, release);
  },
});
