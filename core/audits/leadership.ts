/** One leader at a time. */

import { topicPartitionName } from "../record/topic-partition.ts";
import type { EventOf, TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

export const leadership: Audit = {
  name: "one leader in an epoch",
  promise:
    "A partition has at most one leader in an epoch, each new leader has a higher epoch, and " +
    "unless an unclean election is allowed, it comes from the in-sync set.",
  check: checkLeadership,
};

function checkLeadership(events: readonly TraceEvent[]): Verdict {
  const last = new Map<string, EventOf<"partition.changed">>();
  /** Topics that allow no unclean election. */
  const clean = new Set<string>();
  const findings = new Findings();
  let checked = 0;
  for (const event of events) {
    if (event.kind === "topic.created" && event.config?.uncleanLeaderElection === false) {
      clean.add(event.topic);
    }
    if (event.kind === "topic.altered") clean.delete(event.topic);
    if (event.kind === "topic.deleted") {
      for (const [name, { topic }] of last) if (topic === event.topic) last.delete(name);
    }
    if (event.kind !== "partition.changed") continue;
    checked += 1;
    const name = topicPartitionName(event);
    const before = last.get(name);
    last.set(name, event);
    if (before === undefined) continue;
    if (event.reason === "unclean election" && clean.has(event.topic)) {
      findings.add(`${name}: broker ${event.leader} leads by an unclean election`, event.seq);
    }
    const isNew = before.leader !== event.leader && event.leader !== -1;
    if (
      event.leaderEpoch < before.leaderEpoch ||
      (isNew && event.leaderEpoch === before.leaderEpoch)
    ) {
      findings.add(
        `${name}: broker ${event.leader} leads in epoch ${event.leaderEpoch} after broker ` +
          `${before.leader} in epoch ${before.leaderEpoch}`,
        event.seq,
      );
    }
    if (isNew && event.reason !== "unclean election" && !before.isr.includes(event.leader)) {
      findings.add(
        `${name}: broker ${event.leader} leads, and was not in sync: ${before.isr.join(" ")}`,
        event.seq,
      );
    }
  }
  return findings.verdict(checked, "changes of partitions");
}
