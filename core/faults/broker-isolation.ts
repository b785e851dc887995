/** A broker is cut off from everybody: other brokers, the controller, clients. */

import { defineFault, forMs } from "./fault.ts";

export const brokerIsolation = defineFault({
  kind: "isolateBroker",
  target: "broker",
  phrase: "isolate broker {broker}",
  fields: { broker: { type: "broker" }, forMs },
  isCondition: true,
  shows:
    "requests to it time out; after broker.session.timeout.ms it is fenced and others lead; when " +
    "it is back it truncates what only it had, and follows",
  inject: (spec, { cluster, brokers }) => {
    const own = String(spec.broker);
    const ends = ["controller", "clients", ...brokers.map(String)].filter((end) => end !== own);
    const releases = ends.map((end) => cluster.holdLink(own, end, { state: "cut" }));
    return () => {
      for (const release of releases) release();
    };
  },
});
