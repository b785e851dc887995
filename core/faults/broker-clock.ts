/** A broker's clock is wrong. */

import { defineFault, forMs } from "./fault.ts";

export const brokerClock = defineFault({
  kind: "skewClock",
  target: "broker",
  phrase: "skew clock of broker {broker} by {byMs}",
  fields: {
    broker: { type: "broker" },
    // Ahead; behind when it is negative.
    byMs: { type: "whole", min: -Number.MAX_SAFE_INTEGER },
    forMs,
  },
  isCondition: true,
  shows:
    "timestamps of topics with LogAppendTime jump, and retention by time goes too early or too " +
    "late; leaders stay, for sessions and elections do not look at that clock",
  inject: ({ broker, byMs }, { cluster }) => cluster.skewClock(broker, byMs),
});
