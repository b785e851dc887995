/** A broker's process dies at once, and may come back. */

import { defineFault, forMs } from "./fault.ts";

export const brokerCrash = defineFault({
  kind: "crashBroker",
  target: "broker",
  phrase: "crash broker {broker}[, losing {loses}]",
  fields: {
    broker: { type: "broker" },
    // Its process alone when left out; what was not flushed goes with the power.
    loses: { type: "choice", choices: ["nothing", "unflushed", "disk"], optional: true },
    forMs,
  },
  shows:
    "its connections break; after broker.session.timeout.ms the controller fences it and " +
    "others lead; what acks=1 had acknowledged and no follower had is truncated when it is back",
  inject: ({ broker, loses = "nothing" }, { cluster }) => cluster.crashBroker(broker, loses),
});
