/** The part of the fold that is about the cluster: each of its facts goes to what it changes. */

import { unreachable } from "../base/assert.ts";
import { compareNumbers } from "../base/order.ts";
import type { BrokerSnapshot } from "./cluster-snapshot.ts";
import type { EventOf } from "./event.ts";
import {
  duplicateRefused,
  groupChanged,
  offsetsExpired,
  positionMoved,
  produceAcknowledged,
  producerInitialised,
  transactionChanged,
} from "./replay-groups.ts";
import {
  logCompacted,
  logTruncated,
  markerWritten,
  partitionChanged,
  replicaAppended,
  watermarkAdvanced,
} from "./replay-partitions.ts";
import { type Change, newest, SNAPSHOT_LIMITS, type Snapshot } from "./snapshot.ts";
import type { ClusterEvent } from "./text-cluster.ts";

export function clusterChanged(at: Snapshot, event: ClusterEvent): Change {
  switch (event.kind) {
    case "broker.crashed":
      return brokerChanged(at, event);
    case "broker.slowed":
      return {};
    case "broker.fenced":
      return changeBroker(at, event.broker, { isFenced: true });
    case "broker.unfenced":
      return changeBroker(at, event.broker, { isFenced: false, isRegistered: true });
    case "controller.changed":
      return {
        controller: { controller: event.controller, epoch: event.epoch, sinceMs: event.atMs },
      };
    case "link.changed":
      return linkChanged(at, event);
    case "partition.changed":
      return partitionChanged(at, event);
    case "replica.appended":
      return replicaAppended(at, event);
    case "highWatermark.advanced":
      return watermarkAdvanced(at, event);
    case "log.truncated":
      return logTruncated(at, event);
    case "log.compacted":
      return logCompacted(at, event);
    case "topic.deleted":
      return { topics: at.topics.filter(({ topic }) => topic !== event.topic) };
    default:
      return clientChanged(at, event);
  }
}

type ClientKind =
  | "client.throttled"
  | "contents.read"
  | "duplicate.refused"
  | "group.changed"
  | "marker.written"
  | "offsets.expired"
  | "position.reset"
  | "produce.acknowledged"
  | "producer.initialised"
  | "records.polled"
  | "topic.altered"
  | "transaction.changed";

function clientChanged(at: Snapshot, event: EventOf<ClientKind>): Change {
  switch (event.kind) {
    case "client.throttled":
    case "contents.read":
    case "topic.altered":
      return {};
    case "produce.acknowledged":
      return produceAcknowledged(at, event);
    case "duplicate.refused":
      return duplicateRefused(at, event);
    case "producer.initialised":
      return producerInitialised(at, event);
    case "transaction.changed":
      return transactionChanged(at, event);
    case "marker.written":
      return markerWritten(at, event);
    case "group.changed":
      return groupChanged(at, event);
    case "offsets.expired":
      return offsetsExpired(at, event);
    case "records.polled":
    case "position.reset":
      return positionMoved(at, event);
    default:
      return unreachable(event);
  }
}

/** One that starts is fenced still, if it was: until the controller hears it. */
export function brokerChanged(
  at: Snapshot,
  event: EventOf<"broker.started" | "broker.stopped" | "broker.crashed">,
): Change {
  return changeBroker(at, event.broker, {
    isUp: event.kind === "broker.started",
    ...(event.kind === "broker.started" ? {} : { isRegistered: false }),
    lost: event.kind === "broker.crashed" ? event.loses : null,
  });
}

function changeBroker(at: Snapshot, broker: number, change: Partial<BrokerSnapshot>): Change {
  const known = at.brokers.find((one) => one.broker === broker);
  const others = at.brokers.filter((one) => one !== known);
  const before = known ?? { broker, isUp: true, lost: null, isFenced: false, isRegistered: true };
  return {
    brokers: [...others, { ...before, ...change }].sort((a, b) =>
      compareNumbers(a.broker, b.broker),
    ),
  };
}

function linkChanged(at: Snapshot, event: EventOf<"link.changed">): Change {
  const { between, state, latencyMs, lossPercent } = event;
  const [a, b] = between;
  const others = at.links.filter(
    ({ between: [c, d] }) => !((a === c && b === d) || (a === d && b === c)),
  );
  if (state === "up") return { links: others };
  const link = { between, state, latencyMs, lossPercent };
  return { links: newest(others, link, SNAPSHOT_LIMITS.links) };
}
