/** The replies of the broker port that say only what went wrong. */

import type { BrokerReply, BrokerRequest } from "../broker/broker.ts";
import type { BrokerError } from "../broker/broker-error.ts";

/** The reply of the request's own kind. */
export function failedReply(request: BrokerRequest, error: BrokerError): BrokerReply {
  switch (request.kind) {
    case "createTopic":
    case "createPartitions":
    case "commitOffsets":
      return { kind: request.kind, error };
    case "metadata":
      return { kind: "metadata", error, topics: [] };
    case "deleteRecords":
      return { kind: "deleteRecords", error, logStartOffset: -1 };
    case "produce":
      return { kind: "produce", error, baseOffset: -1 };
    case "listOffsets":
      return { kind: "listOffsets", error, offset: -1 };
    case "fetch": {
      const nothing = { records: [], nextOffset: request.fromOffset };
      return { kind: "fetch", error, ...nothing, highWatermark: -1, logStartOffset: -1 };
    }
    case "fetchCommitted":
      return { kind: "fetchCommitted", error, offsets: [] };
  }
}
