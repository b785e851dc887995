/** Acknowledged records stay. */

import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { EventOf, TraceEvent } from "../trace/event.ts";
import { type Extent, ReplicaLedger } from "../trace/replica-ledger.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

export const durability: Audit = {
  name: "acknowledged records stay",
  promise:
    "A record acknowledged with acks=all is in the log of the leader in the end, unless " +
    "min.insync.replicas is below 2, an unclean election chose a leader without it, disks or " +
    "unflushed memory were lost, or retention, compaction or deletion took it.",
  check: (events) =>
    checkAcknowledged(events, ({ acks, minInsync, isChanged, isStorageLost, isUnclean }) => {
      return acks === -1 && minInsync >= 2 && !isChanged && !isStorageLost && !isUnclean;
    }),
};

/** The same without Kafka's conditions: what breaks here, and not above, was never promised. */
export const unprotectedDurability: Audit = {
  name: "acknowledged records stay, whatever was promised",
  promise:
    "Every acknowledged record is in the log of the leader in the end, unless its topic was " +
    "deleted or compacted. Kafka does not promise this: acks=1, unclean elections and " +
    "min.insync.replicas=1 are seen to break it.",
  check: (events) => checkAcknowledged(events, ({ isChanged }) => !isChanged),
};

/** What a loss of acknowledged records is owed to. */
export const lossCauses = ["acks=1", "unclean election", "min.insync.replicas=1"] as const;
export type LossCause = (typeof lossCauses)[number];

/** Why acknowledged records were lost that Kafka does not promise to keep. */
export function lossesIn(events: readonly TraceEvent[]): ReadonlySet<LossCause> {
  const seen = new Set<LossCause>();
  for (const record of new Acknowledged(events).records()) {
    if (record.isChanged || record.firstMissing === null) continue;
    const cause = causeOf(record);
    if (cause !== null) seen.add(cause);
  }
  return seen;
}

/** Null for other reasons, as a disk that took the only copy of what acks=1 had acknowledged. */
function causeOf({ acks, minInsync, isStorageLost, isUnclean }: Conditions): LossCause | null {
  if (isUnclean) return "unclean election";
  if (acks === 1) return isStorageLost ? null : "acks=1";
  return minInsync < 2 ? "min.insync.replicas=1" : null;
}

/** How a record was acknowledged, and what happened that Kafka does not protect it from. */
interface Conditions {
  readonly acks: 1 | -1;
  readonly minInsync: number;
  /** Its topic was deleted, compacted or given other settings. */
  readonly isChanged: boolean;
  readonly isStorageLost: boolean;
  /** Its partition had an unclean election. */
  readonly isUnclean: boolean;
}

interface AcknowledgedExtent extends TopicPartition, Extent {
  readonly acks: 1 | -1;
  readonly seq: number;
}

function checkAcknowledged(
  events: readonly TraceEvent[],
  counts: (record: Conditions) => boolean,
): Verdict {
  const findings = new Findings();
  let checked = 0;
  for (const record of new Acknowledged(events).records()) {
    if (!counts(record)) continue;
    checked += record.count;
    if (record.firstMissing === null) continue;
    findings.add(
      `${topicPartitionName(record)} offset ${record.firstMissing} of epoch ${record.epoch} was ` +
        `acknowledged, and broker ${record.leader}, which leads in the end, does not have it`,
      record.seq,
    );
  }
  return findings.verdict(checked, "acknowledged records");
}

/** What was acknowledged, and what of it is there in the end. */
class Acknowledged {
  readonly #ledger = new ReplicaLedger();
  readonly #minInsync = new Map<string, number>();
  /** Names of topics, and of partitions. */
  readonly #changed = new Set<string>();
  readonly #unclean = new Set<string>();
  readonly #logStarts = new Map<string, number>();
  #isStorageLost = false;
  readonly #extents: AcknowledgedExtent[] = [];

  constructor(events: readonly TraceEvent[]) {
    for (const event of events) this.#apply(event);
  }

  #apply(event: TraceEvent): void {
    this.#ledger.apply(event);
    switch (event.kind) {
      case "topic.created":
        this.#minInsync.set(event.topic, event.config?.minInsyncReplicas ?? 1);
        return;
      case "topic.altered":
      case "topic.deleted":
      case "log.compacted":
        this.#changed.add(event.topic);
        return;
      case "partition.changed":
        if (event.reason === "unclean election") this.#unclean.add(topicPartitionName(event));
        return;
      case "broker.crashed":
        this.#isStorageLost ||= event.loses !== "nothing";
        return;
      case "logStart.advanced":
        this.#logStarts.set(topicPartitionName(event), event.logStartOffset);
        return;
      case "produce.acknowledged": {
        const { acks } = event;
        if (acks === 0) return;
        const extents = taken(this.#ledger, event);
        this.#extents.push(...extents.map((extent) => ({ ...extent, acks })));
        return;
      }
      default:
    }
  }

  /** Extents below the log's start, or of partitions without a leader, are not told. */
  *records() {
    for (const extent of this.#extents) {
      const leader = this.#ledger.leaderOf(extent);
      const name = topicPartitionName(extent);
      const { topic, until, epoch } = extent;
      const from = Math.max(extent.from, this.#logStarts.get(name) ?? 0);
      if (leader === -1 || from >= until) continue;
      yield {
        ...extent,
        leader,
        count: until - from,
        firstMissing: this.#ledger.firstMissing(extent, leader, { from, until, epoch }),
        minInsync: this.#minInsync.get(topic) ?? 1,
        isChanged: this.#changed.has(topic),
        isStorageLost: this.#isStorageLost,
        isUnclean: this.#unclean.has(name),
      };
    }
  }
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
