/** A transaction is whole. */

import { topicPartitionName } from "../record/topic-partition.ts";
import type { EventOf, TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

export const transactions: Audit = {
  name: "a transaction is whole",
  promise:
    "Once a transaction is decided, each of its partitions gets the marker of that decision and " +
    "none the other; a decision never flips; who was fenced decides nothing.",
  check: checkTransactions,
};

type Changed = EventOf<"transaction.changed">;

interface Decided {
  readonly control: "COMMIT" | "ABORT";
  readonly id: string;
  readonly missing: Set<string>;
  readonly seq: number;
}

function checkTransactions(events: readonly TraceEvent[]): Verdict {
  const findings = new Findings();
  const open = new Map<string, Decided>();
  const epochs = new Map<string, number>();
  const deleted = new Set<string>();
  let checked = 0;

  const decide = (event: Changed): void => {
    const control = event.state === "PrepareCommit" ? "COMMIT" : "ABORT";
    const key = `${event.producerId}`;
    const before = open.get(key);
    if (before !== undefined && before.control !== control) {
      findings.add(`${event.transactionalId}: ${before.control} became ${control}`, event.seq);
    }
    const missing = new Set(event.partitions.map(topicPartitionName));
    open.set(key, before ?? { control, id: event.transactionalId, missing, seq: event.seq });
    if (before === undefined) checked += 1;
  };

  for (const event of events) {
    if (event.kind === "topic.deleted") deleted.add(event.topic);
    if (event.kind === "marker.written") {
      const decided = open.get(`${event.producerId}`);
      const name = topicPartitionName(event);
      if (decided !== undefined && decided.control !== event.control) {
        findings.add(
          `${decided.id}: ${event.control} on ${name}, of a ${decided.control}`,
          event.seq,
        );
      }
      decided?.missing.delete(name);
    }
    if (event.kind !== "transaction.changed") continue;
    const newest = epochs.get(event.transactionalId) ?? -1;
    if (event.producerEpoch < newest) {
      findings.add(
        `${event.transactionalId}: epoch ${event.producerEpoch} acts, and epoch ${newest} was ` +
          "there before",
        event.seq,
      );
    }
    epochs.set(event.transactionalId, Math.max(newest, event.producerEpoch));
    if (event.state === "PrepareCommit" || event.state === "PrepareAbort") decide(event);
    if (event.state === "CompleteCommit" || event.state === "CompleteAbort") {
      const decided = open.get(`${event.producerId}`);
      open.delete(`${event.producerId}`);
      const left = [...(decided?.missing ?? [])].filter((name) => !isOf(deleted, name));
      if (left.length > 0) {
        findings.add(`${event.transactionalId} is complete without ${left.join(" ")}`, event.seq);
      }
    }
  }
  return findings.verdict(checked, "transactions");
}

function isOf(topics: ReadonlySet<string>, partition: string): boolean {
  return topics.has(partition.slice(0, partition.lastIndexOf("-")));
}
