/** What the leader of a partition answers to clients that read and write it.
 *  Like Kafka: KafkaApis, ReplicaManager.fetchMessages, Partition.fetchOffsetForTimestamp. */

import { assert } from "../base/assert.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { KafkaReply, KafkaReplyOf, KafkaRequestOf } from "./admin-request.ts";
import type { BrokerError } from "./broker-error.ts";
import type { Replica } from "./replica.ts";

export type PartitionRequest = KafkaRequestOf<
  "produce" | "fetch" | "listOffsets" | "deleteRecords"
>;
type Reply = (reply: KafkaReply) => void;

/** `error` says why this broker cannot; otherwise the replica leads. */
export function answerOfPartition(
  request: PartitionRequest,
  error: BrokerError | null,
  replica: Replica | null,
  runtime: Runtime,
  reply: Reply,
): void {
  switch (request.kind) {
    case "produce":
      produce(request, error, replica, reply);
      return;
    case "fetch":
      if (error === null) fetchOrWait(request, led(replica), reply);
      else reply(fetchRefused(request, error));
      return;
    case "listOffsets":
      reply(error === null ? listOffsets(request, led(replica)) : noOffset(error));
      return;
    case "deleteRecords":
      reply(error === null ? deleteRecords(request, led(replica), runtime) : notDeleted(error));
  }
}

function led(replica: Replica | null): Replica {
  assert(replica !== null, "without an error there is a replica that leads");
  return replica;
}

function produce(
  request: KafkaRequestOf<"produce">,
  error: BrokerError | null,
  replica: Replica | null,
  reply: Reply,
): void {
  const leader = replica?.leader ?? null;
  if (error !== null || leader === null) {
    const refusal = error ?? "NOT_LEADER_OR_FOLLOWER";
    reply({ kind: "produce", error: refusal, baseOffset: -1, leaderEpoch: -1 });
  } else leader.produce(request, (appended) => reply({ kind: "produce", ...appended }));
}

function noOffset(error: BrokerError): KafkaReply {
  return { kind: "listOffsets", error, offset: -1 };
}

function listOffsets(
  { at, isolation }: KafkaRequestOf<"listOffsets">,
  { log, leader }: Replica,
): KafkaReply {
  const kind = "listOffsets";
  const limit = isolation === "read_committed" ? log.lastStableOffset : log.highWatermark;
  if (at === "earliest") return { kind, error: null, offset: log.logStartOffset };
  const isUncertain = leader?.knowsEnd === false;
  if (at === "latest") {
    return isUncertain ? noOffset("OFFSET_NOT_AVAILABLE") : { kind, error: null, offset: limit };
  }
  const found =
    at === "maxTimestamp" ? log.offsetOfMaxTimestamp() : log.offsetAtTime(at.timestampMs);
  if (found !== null && found < limit) return { kind, error: null, offset: found };
  return isUncertain ? noOffset("OFFSET_NOT_AVAILABLE") : { kind, error: null, offset: -1 };
}

function fetchRefused(
  { fromOffset }: KafkaRequestOf<"fetch">,
  error: BrokerError,
): KafkaReplyOf<"fetch"> {
  const unknown = { highWatermark: -1, lastStableOffset: -1, logStartOffset: -1 };
  return { kind: "fetch", error, records: [], nextOffset: fromOffset, ...unknown };
}

/** What finds nothing waits for more, as long as the client allows. */
function fetchOrWait(request: KafkaRequestOf<"fetch">, replica: Replica, reply: Reply): void {
  const { maxWaitMs = 0, fromOffset } = request;
  const { leader } = replica;
  const look = (): boolean => {
    const answer = fetch(request, replica);
    const isNews = answer.error !== null || answer.nextOffset > fromOffset;
    if (isNews || maxWaitMs === 0 || leader === null) reply(answer);
    return isNews;
  };
  if (look() || maxWaitMs === 0 || leader === null) return;
  const giveUp = (): void => reply(fetch(request, replica));
  const refuse = (error: BrokerError): void => reply(fetchRefused(request, error));
  leader.parked.park({ look, giveUp, refuse }, maxWaitMs);
}

function fetch(request: KafkaRequestOf<"fetch">, { log }: Replica): KafkaReplyOf<"fetch"> {
  const { fromOffset, isolation = "read_uncommitted" } = request;
  if (!log.canRead(fromOffset)) return fetchRefused(request, "OFFSET_OUT_OF_RANGE");
  const read = log.read(fromOffset, { ...request, isolation });
  const { highWatermark, lastStableOffset, logStartOffset } = log;
  return { kind: "fetch", error: null, ...read, highWatermark, lastStableOffset, logStartOffset };
}

function notDeleted(error: BrokerError): KafkaReply {
  return { kind: "deleteRecords", error, logStartOffset: -1 };
}

function deleteRecords(
  { topic, partition, beforeOffset }: KafkaRequestOf<"deleteRecords">,
  { log }: Replica,
  runtime: Runtime,
): KafkaReply {
  const offset = beforeOffset === -1 ? log.highWatermark : beforeOffset;
  if (offset < 0 || offset > log.highWatermark) return notDeleted("OFFSET_OUT_OF_RANGE");
  if (log.deleteBefore(offset)) {
    const { logStartOffset } = log;
    const reason = "deleteRecords";
    runtime.emit({ kind: "logStart.advanced", topic, partition, logStartOffset, reason });
  }
  return { kind: "deleteRecords", error: null, logStartOffset: log.logStartOffset };
}
