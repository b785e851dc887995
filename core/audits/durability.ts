/** Acknowledged records stay. */

import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { EventOf, TraceEvent } from "../trace/event.ts";
import { type Extent, ReplicaLedger } from "../trace/replica-ledger.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

export const durability: Audit = {
  name: "acknowledged records stay",
  promise:
    "A record acknowledged with acks=all is in the log of the leader ever after, unless " +
    "min.insync.replicas is below 2, an unclean election chose a leader without it, disks or " +
    "unflushed memory were lost, or retention, compaction or deletion took it.",
  check: (events) => checkAcknowledged(events, (topic) => topic.isProtected && !topic.isHurt),
};

/** The same without Kafka's conditions: what breaks here, and not above, was never promised. */
export const unprotectedDurability: Audit = {
  name: "acknowledged records stay, whatever was promised",
  promise:
    "Every acknowledged record is in the log of the leader in the end. Kafka does not promise " +
    "this: acks=1, unclean elections and min.insync.replicas=1 are seen to break it.",
  check: (events) => checkAcknowledged(events, () => true, true),
};

interface TopicFacts {
  /** At least two copies had to have each record. */
  readonly isProtected: boolean;
  /** Something happened that Kafka does not protect from. */
  readonly isHurt: boolean;
}

function checkAcknowledged(
  events: readonly TraceEvent[],
  counts: (topic: TopicFacts) => boolean,
  withAcksOne = false,
): Verdict {
  const ledger = new ReplicaLedger();
  const minInsync = new Map<string, number>();
  const hurt = new Set<string>();
  const logStarts = new Map<string, number>();
  let isStorageLost = false;
  const acknowledged: (TopicPartition & Extent & { readonly seq: number })[] = [];
  for (const event of events) {
    ledger.apply(event);
    switch (event.kind) {
      case "topic.created":
        minInsync.set(event.topic, event.config?.minInsyncReplicas ?? 1);
        break;
      case "topic.altered":
      case "topic.deleted":
      case "log.compacted":
        hurt.add(event.topic);
        break;
      case "partition.changed":
        if (event.reason === "unclean election") hurt.add(event.topic);
        break;
      case "broker.crashed":
        isStorageLost ||= event.loses !== "nothing";
        break;
      case "logStart.advanced":
        logStarts.set(topicPartitionName(event), event.logStartOffset);
        break;
      case "produce.acknowledged":
        if (event.acks === -1 || (withAcksOne && event.acks === 1)) {
          acknowledged.push(...taken(ledger, event));
        }
        break;
      default:
    }
  }
  const findings = new Findings();
  let checked = 0;
  for (const { seq, topic, partition, from: first, until, epoch } of acknowledged) {
    const isProtected = (minInsync.get(topic) ?? 1) >= 2;
    if (!counts({ isProtected, isHurt: isStorageLost || hurt.has(topic) })) continue;
    const of = { topic, partition };
    const leader = ledger.leaderOf(of);
    if (leader === -1) continue;
    const from = Math.max(first, logStarts.get(topicPartitionName(of)) ?? 0);
    if (from >= until) continue;
    checked += until - from;
    const missing = ledger.firstMissing(of, leader, { from, until, epoch });
    if (missing === null) continue;
    findings.add(
      `${topicPartitionName(of)} offset ${missing} of epoch ${epoch} was acknowledged, and ` +
        `broker ${leader}, which leads in the end, does not have it`,
      seq,
    );
  }
  return findings.verdict(checked, "acknowledged records");
}

/** The records of an acknowledged batch. One that came twice may be of an earlier epoch than the
 *  leader that says so. */
function taken(
  ledger: ReplicaLedger,
  event: EventOf<"produce.acknowledged">,
): (TopicPartition & Extent & { readonly seq: number })[] {
  const { seq, topic, partition, baseOffset, count, leaderEpoch } = event;
  const of = { topic, partition };
  const leader = ledger.leaderIn(of, leaderEpoch) ?? ledger.leaderOf(of);
  const until = baseOffset + count;
  const held = ledger.slice(of, leader, baseOffset, until);
  const isWhole = held.reduce((sum, extent) => sum + extent.until - extent.from, 0) === count;
  const extents = isWhole ? held : [{ from: baseOffset, until, epoch: leaderEpoch }];
  return extents.map((extent) => ({ ...extent, topic, partition, seq }));
}
