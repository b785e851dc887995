/** A broker stops answering, and comes back. */

import type { Fault } from "./fault.ts";

export const brokerStop: Fault<"stopBroker"> = {
  kind: "stopBroker",
  shows:
    "requests to the partitions it leads fail and are tried again; batches wait; nothing is lost",
  inject: (spec, targets) => {
    targets.emit({ kind: "fault.injected", fault: `stop broker ${spec.broker}` });
    targets.stopBroker(spec.broker);
    if (spec.forMs === undefined) return;
    targets.schedule(spec.forMs, () => targets.startBroker(spec.broker));
  },
};
