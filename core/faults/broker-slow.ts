/** A broker takes longer for everything it is asked: a slow disk, or too much to do. */

import { defineFault, forMs } from "./fault.ts";

export const brokerSlow = defineFault({
  kind: "slowBroker",
  target: "broker",
  phrase: "slow broker {broker} by {byMs}",
  fields: { broker: { type: "broker" }, byMs: { type: "whole", min: 1 }, forMs },
  isCondition: true,
  shows:
    "requests to it take longer and batches that read there wait; it is not fenced, for its " +
    "heartbeats go on, and nothing is lost",
  inject: ({ broker, byMs }, { cluster }) => cluster.slowBroker(broker, byMs),
});
