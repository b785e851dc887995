/** The high watermark keeps its word. */

import { topicPartitionName } from "../record/topic-partition.ts";
import type { TraceEvent } from "../trace/event.ts";
import { ReplicaLedger } from "../trace/replica-ledger.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

export const watermark: Audit = {
  name: "the high watermark keeps its word",
  promise:
    "On one leader in one epoch it never goes back, and never passes the log's end; what is " +
    "below it, every broker that is in sync then has, and at least min.insync.replicas have; the " +
    "last stable offset is never above it.",
  check: checkWatermark,
};

function checkWatermark(events: readonly TraceEvent[]): Verdict {
  const ledger = new ReplicaLedger();
  const highest = new Map<string, { readonly epoch: number; readonly offset: number }>();
  const inSync = new Map<string, readonly number[]>();
  /** `min.insync.replicas`, and of how many copies, by topic. */
  const least = new Map<string, number>();
  /** Their copies came back with less than they had said. */
  const hurt = new Set<number>();
  const findings = new Findings();
  let checked = 0;
  for (const event of events) {
    ledger.apply(event);
    if (event.kind === "topic.created") {
      const { minInsyncReplicas = 1, replicationFactor = 1 } = event.config ?? {};
      least.set(event.topic, Math.min(minInsyncReplicas, replicationFactor));
    }
    if (event.kind === "topic.deleted") {
      for (const name of highest.keys()) if (isOf(name, event.topic)) highest.delete(name);
    }
    if (event.kind === "broker.crashed" && event.loses !== "nothing") hurt.add(event.broker);
    if (event.kind === "topic.altered") least.delete(event.topic);
    if (event.kind === "partition.changed") inSync.set(topicPartitionName(event), event.isr);
    if (event.kind !== "highWatermark.advanced") continue;
    checked += 1;
    const name = topicPartitionName(event);
    const { broker, highWatermark, lastStableOffset, seq } = event;
    const epoch = ledger.leaderEpochOf(event);
    // A leader that was replaced and has not heard of it speaks for an epoch that is over.
    if (ledger.leaderOf(event) !== broker) continue;
    const before = highest.get(name);
    if (before?.epoch === epoch && highWatermark < before.offset) {
      findings.add(`${name} goes back from ${before.offset} to ${highWatermark}`, seq);
    }
    highest.set(name, { epoch, offset: highWatermark });
    if (lastStableOffset > highWatermark) {
      findings.add(`${name}: last stable offset ${lastStableOffset} above ${highWatermark}`, seq);
    }
    const holders = ledger.brokersWith(event, highWatermark);
    if (highWatermark > 0 && hurt.size === 0 && holders < (least.get(event.topic) ?? 0)) {
      findings.add(`${name}: high watermark ${highWatermark}, and only ${holders} have it`, seq);
    }
    for (const member of inSync.get(name) ?? []) {
      const end = ledger.logEndOf(event, member);
      if (end >= highWatermark || hurt.has(member)) continue;
      findings.add(
        `${name}: high watermark ${highWatermark}, and broker ${member}, which is in sync, ` +
          `ends at ${end}`,
        seq,
      );
    }
  }
  return findings.verdict(checked, "moves");
}

function isOf(partition: string, topic: string): boolean {
  return partition.slice(0, partition.lastIndexOf("-")) === topic;
}
