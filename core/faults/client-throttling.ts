/** A client has a quota: brokers make it wait when it sends or fetches more. */

import { defineFault, forMs } from "./fault.ts";

export const clientThrottling = defineFault({
  kind: "throttleClient",
  target: "producer",
  phrase: "throttle {client} to {bytesPerSecond} bytes a second",
  fields: {
    client: { type: "name" },
    bytesPerSecond: { type: "whole", min: 1 },
    forMs,
  },
  isCondition: true,
  shows:
    "above its rate over the last ten seconds a producer is answered, and then not heard for a " +
    "while; a fetch gets nothing until the rate has fallen; nothing fails, everything is late",
  inject: (spec, { cluster }) => cluster.clients.throttle(spec.client, spec.bytesPerSecond),
});
