/** A record comes that may be larger than its topic takes. */

import { defineFault } from "./fault.ts";

export const oversizedRecord = defineFault({
  kind: "sendOversized",
  target: "data",
  phrase: "send record of {sizeBytes} bytes to {topic}",
  fields: { sizeBytes: { type: "whole", min: 1, max: 10_000_000 }, topic: { type: "topic" } },
  shows:
    "above max.message.bytes its producer is told MESSAGE_TOO_LARGE and gives it up; below, it " +
    "is read whole, beyond the limits of a fetch",
  inject: (spec, targets) => targets.data.send(spec.topic, "x".repeat(spec.sizeBytes)),
});
