/** Requests of a producer arrive twice. */

import { defineFault } from "./fault.ts";

export const duplicateRequests = defineFault({
  kind: "duplicateRequests",
  target: "producer",
  phrase: "duplicate {count} requests of {client}",
  fields: { count: { type: "whole", min: 1 }, client: { type: "name" } },
  shows:
    "the batch is in the log twice, unless the producer is idempotent: then the second is known " +
    "by its sequence and refused",
  inject: (spec, targets) => targets.cluster.duplicateRequests(spec.client, spec.count),
});
