/** A broker's only log directory goes offline, full or broken, and may be repaired. */

import { defineFault, forMs } from "./fault.ts";

export const brokerDiskFailure = defineFault({
  kind: "failDisk",
  target: "broker",
  phrase: "fail disk of broker {broker}",
  fields: { broker: { type: "broker" }, forMs },
  shows:
    "Kafka stops a broker all of whose log directories are offline: others lead as after a " +
    "crash, and acks=all goes on while enough replicas are in sync",
  inject: ({ broker }, { cluster }) => cluster.failDisk(broker),
});
