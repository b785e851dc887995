/** Requests of a producer arrive twice. */

import { defineFault } from "./fault.ts";

export const duplicateRequests = defineFault({
  kind: "duplicateRequests",
  target: "producer",
  phrase: "duplicate {count} requests of {client}",
  fields: { count: { type: "whole", min: 1 }, client: { type: "name", of: "writer" } },
  shows:
    "the batch is in the log twice, unless the producer is idempotent: then the broker knows the " +
    "second by its sequence, appends nothing and answers with the offset of the first",
  inject: (spec, targets) => targets.cluster.clients.duplicateRequests(spec.client, spec.count),
});
