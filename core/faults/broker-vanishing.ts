/** A broker's machine is gone without a word: no connection to it is closed. */

import { defineFault, forMs } from "./fault.ts";

export const brokerVanishing = defineFault({
  kind: "unplugBroker",
  target: "broker",
  phrase: "unplug broker {broker}",
  fields: { broker: { type: "broker" }, forMs },
  isCondition: true,
  shows:
    "as after a crash with power loss it is fenced and others lead; but whoever waits for a " +
    "reply learns of it only by request.timeout.ms",
  inject: ({ broker }, { cluster, brokers }) => {
    const own = String(broker);
    const ends = ["controller", "clients", ...brokers.map(String)].filter((end) => end !== own);
    // First the cable: otherwise its end would be told.
    const releases = ends.map((end) => cluster.holdLink(own, end, { state: "cut" }));
    releases.push(cluster.crashBroker(broker, "unflushed"));
    return () => {
      for (const release of releases) release();
    };
  },
});
