/** The replies of the port that say only what went wrong. */

import type { KafkaReply, KafkaRequest } from "./admin-request.ts";
import type { BrokerReply, BrokerRequest } from "./broker.ts";
import type { BrokerError } from "./broker-error.ts";

/** The reply of the request's own kind. */
export function failedReply(request: BrokerRequest, error: BrokerError): BrokerReply;
export function failedReply(request: KafkaRequest, error: BrokerError): KafkaReply;
export function failedReply(request: KafkaRequest, error: BrokerError): KafkaReply {
  switch (request.kind) {
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
    case "joinGroup": {
      const nothing = { generation: -1, protocol: "", leader: "", members: [] };
      return { kind: "joinGroup", error, member: "", skipsAssignment: false, ...nothing };
    }
    case "syncGroup":
      return { kind: "syncGroup", error, partitions: [] };
    case "initProducerId":
      return { kind: "initProducerId", error, producerId: -1, producerEpoch: -1 };
    default:
      return { kind: request.kind, error };
  }
}
