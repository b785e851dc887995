/** A broker is stopped in an orderly way, and comes back. */

import { defineFault, forMs } from "./fault.ts";

export const brokerStop = defineFault({
  kind: "stopBroker",
  target: "broker",
  phrase: "stop broker {broker}",
  fields: { broker: { type: "broker" }, forMs },
  shows:
    "requests to the partitions it leads fail and are tried again; batches wait; nothing is lost",
  inject: ({ broker }, { cluster }) => cluster.stopBroker(broker),
});
