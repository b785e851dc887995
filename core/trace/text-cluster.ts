/** The lines of facts about the Kafka cluster, its groups and transactions. */

import { unreachable } from "../base/assert.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { ClusterFact } from "./cluster-fact.ts";
import type { TraceEvent } from "./event.ts";

export type ClusterEvent = Extract<TraceEvent, ClusterFact>;

export function describeCluster(event: ClusterEvent): string {
  switch (event.kind) {
    case "broker.crashed":
      return `broker ${event.broker}, loses ${event.loses}`;
    case "broker.slowed":
      return `broker ${event.broker} by ${event.byMs} ms`;
    case "broker.fenced":
    case "broker.unfenced":
      return `broker ${event.broker}, broker epoch ${event.brokerEpoch}`;
    case "controller.changed":
      return event.controller === null
        ? `none, epoch ${event.epoch}`
        : `controller ${event.controller}, epoch ${event.epoch}`;
    case "link.changed":
      return `${event.between.join(" - ")} ${describeLink(event)}`;
    case "client.throttled":
      return `${event.client} by broker ${event.broker} for ${event.throttleMs} ms`;
    case "topic.deleted":
      return event.topic;
    case "topic.altered":
      return `${event.topic}: ${event.changed}`;
    case "contents.read":
      return `${event.topic}, ${event.isolation}: ${event.records.length} records`;
    case "producer.initialised":
    case "transaction.changed":
    case "marker.written":
    case "duplicate.refused":
    case "produce.acknowledged":
      return describeProducer(event);
    case "group.changed":
    case "offsets.expired":
      return describeGroup(event);
    default:
      return `${topicPartitionName(event)} ${describePartition(event)}`;
  }
}

function describeLink(event: Extract<ClusterEvent, { kind: "link.changed" }>): string {
  const { state, latencyMs, lossPercent } = event;
  if (state === "slow") return `slow, ${latencyMs} ms`;
  if (state !== "lossy") return state;
  return latencyMs === 0 ? `loses ${lossPercent}%` : `loses ${lossPercent}%, ${latencyMs} ms`;
}

type ProducerKind = "produce.acknowledged" | "duplicate.refused" | "producer.initialised";
type TransactionKind = "transaction.changed" | "marker.written";

function describeProducer(
  event: Extract<ClusterEvent, { kind: ProducerKind | TransactionKind }>,
): string {
  switch (event.kind) {
    case "produce.acknowledged": {
      const { client, acks, baseOffset, count, leaderEpoch } = event;
      const where = baseOffset < 0 ? `${count} records` : extent(baseOffset, baseOffset + count);
      const how = `acks ${acks}, epoch ${leaderEpoch}`;
      return `${topicPartitionName(event)} ${where} to ${client}, ${how}`;
    }
    case "duplicate.refused":
      return (
        `${topicPartitionName(event)} producer ${event.producerId} epoch ${event.producerEpoch} ` +
        `sequence ${event.baseSequence}, is at ${event.baseOffset}`
      );
    case "producer.initialised": {
      const id = event.transactionalId === null ? "" : ` as ${event.transactionalId}`;
      return `${event.client}${id}: producer ${event.producerId} epoch ${event.producerEpoch}`;
    }
    case "transaction.changed": {
      const { transactionalId, state, producerId, producerEpoch, reason } = event;
      const why = reason === null ? "" : `, ${reason}`;
      const parts = [...event.partitions.map(topicPartitionName), ...event.groups].join(" ");
      const of = `producer ${producerId} epoch ${producerEpoch}`;
      return `${transactionalId} ${state}${why}, ${of}${parts === "" ? "" : `: ${parts}`}`;
    }
    case "marker.written":
      return (
        `${topicPartitionName(event)} ${event.control} at ${event.offset}, ` +
        `producer ${event.producerId} epoch ${event.producerEpoch}`
      );
    default:
      return unreachable(event);
  }
}

function describeGroup(
  event: Extract<ClusterEvent, { kind: "group.changed" | "offsets.expired" }>,
): string {
  if (event.kind === "offsets.expired") return `${event.group}: ${names(event.partitions)}`;
  const members = event.members.map(({ member, partitions }) => `${member} {${names(partitions)}}`);
  return (
    `${event.group} ${event.state}, generation ${event.generation}, ${event.reason}` +
    (members.length === 0 ? "" : `: ${members.join(" ")}`)
  );
}

type PartitionKind =
  | "partition.changed"
  | "replica.appended"
  | "highWatermark.advanced"
  | "log.truncated"
  | "log.compacted"
  | "records.polled"
  | "position.reset";

function describePartition(event: Extract<ClusterEvent, { kind: PartitionKind }>): string {
  switch (event.kind) {
    case "partition.changed":
      return (
        `${event.reason}: leader ${event.leader} epoch ${event.leaderEpoch}, ` +
        `in sync ${event.isr.join(" ")} of ${event.replicas.join(" ")}`
      );
    case "replica.appended":
      return `broker ${event.broker} has ${extent(event.baseOffset, event.logEndOffset)}`;
    case "highWatermark.advanced":
      return (
        `on broker ${event.broker} to ${event.highWatermark}` +
        (event.lastStableOffset === event.highWatermark
          ? ""
          : `, last stable offset ${event.lastStableOffset}`)
      );
    case "log.truncated": {
      const { reason, broker, toOffset, fromOffset } = event;
      return `${reason}: broker ${broker} drops ${extent(toOffset, fromOffset)}`;
    }
    case "log.compacted":
      return (
        `on broker ${event.broker} up to ${event.untilOffset}, ` +
        `${event.recordsRemoved} records removed`
      );
    case "records.polled": {
      const polled = extent(event.fromOffset, event.untilOffset);
      return `${event.count} records of ${polled} to ${event.client}`;
    }
    case "position.reset": {
      const from = event.fromOffset ?? "none";
      return `${event.client} from ${from} to ${event.toOffset}, ${event.policy}`;
    }
    default:
      return unreachable(event);
  }
}

function extent(from: number, until: number): string {
  return `[${from}, ${until})`;
}

function names(partitions: readonly TopicPartition[]): string {
  return partitions.map(topicPartitionName).join(" ");
}
