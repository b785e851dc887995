/** Fetches over kafkajs's connections, decoded here: empty batches, ranges and transactions need
 *  what its own consumer does not give. */

import { LiveError } from "../base/errors.ts";
import type { ReplyOf, RequestOf } from "../broker/broker.ts";
import type { ConsumerRecord } from "../record/record.ts";
import { brokerErrorOfCode } from "./broker-errors.ts";
import { decodeBatches, decodeFetchReply, type FetchedPartition } from "./fetch-decoder.ts";
import type { KafkaNodes } from "./kafka-nodes.ts";

const fetchesMax = 1_000;
const responseBytesMax = 52_428_800;
const noRecords: readonly ConsumerRecord[] = [];

/** Records of one partition, from an offset on: until there are some, or none are left.
 *  Throws: LiveError OUT_OF_RANGE where Kafka gives nothing though there is something. */
export async function fetchRecords(
  nodes: KafkaNodes,
  request: RequestOf<"fetch">,
): Promise<ReplyOf<"fetch">> {
  const isCommitted = request.isolation === "read_committed";
  let nextOffset = request.fromOffset;
  for (let fetches = 1; ; fetches += 1) {
    const fetched = await fetchOnce(nodes, request, nextOffset);
    const { errorCode, highWatermark, lastStableOffset, logStartOffset, batches } = fetched;
    const error = brokerErrorOfCode(errorCode);
    const decoded =
      error === null
        ? decodeBatches(batches, { ...request, aborted: fetched.aborted, fromOffset: nextOffset })
        : { records: noRecords, nextOffset };
    const { records } = decoded;
    const end = Math.min(isCommitted ? lastStableOffset : highWatermark, request.untilOffset);
    const isDone = error !== null || records.length > 0 || decoded.nextOffset >= end;
    if (isDone || request.maxRecords === 0) {
      const reply = { error, records, nextOffset: decoded.nextOffset };
      return { kind: "fetch", ...reply, highWatermark, lastStableOffset, logStartOffset };
    }
    if (decoded.nextOffset === nextOffset || fetches === fetchesMax) {
      throw new LiveError(
        "OUT_OF_RANGE",
        `Kafka gives nothing at offset ${nextOffset} of partition ${request.partition} of ` +
          `topic ${request.topic}, though its records go up to ${highWatermark}`,
        { place: { topic: request.topic, partition: request.partition, offset: nextOffset } },
      );
    }
    nextOffset = decoded.nextOffset;
  }
}

async function fetchOnce(
  nodes: KafkaNodes,
  request: RequestOf<"fetch">,
  fetchOffset: number,
): Promise<FetchedPartition> {
  const { topic, partition, maxBytes } = request;
  const leader = await nodes.connection(await nodes.leader(topic, partition));
  const body = await leader.fetch({
    isolationLevel: request.isolation === "read_committed" ? 1 : 0,
    // Answered at once: whoever asks knows that there are records, or asks again later.
    maxWaitTime: 0,
    minBytes: 0,
    maxBytes: responseBytesMax,
    topics: [{ topic, partitions: [{ partition, fetchOffset: String(fetchOffset), maxBytes }] }],
    rackId: "",
  });
  const { errorCode, partitions } = decodeFetchReply(body);
  const fetched = partitions[0];
  if (fetched !== undefined) return fetched;
  const ends = { highWatermark: -1, lastStableOffset: -1, logStartOffset: -1 };
  const none = { ...ends, aborted: [], batches: Buffer.alloc(0) };
  return { topic, partition, errorCode: errorCode === 0 ? -1 : errorCode, ...none };
}
