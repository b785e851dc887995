/** An idempotent producer's records come once, and in order. */

import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { TraceEvent } from "../trace/event.ts";
import { ReplicaLedger } from "../trace/replica-ledger.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

export const idempotence: Audit = {
  name: "idempotent records come once, in order",
  promise:
    "In the log that stays, the sequences of an idempotent producer follow each other on each " +
    "partition without a gap or a repeat, and begin anew only with a new epoch.",
  check: checkSequences,
};

interface Appended {
  readonly baseOffset: number;
  readonly count: number;
  readonly leaderEpoch: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly seq: number;
}

function checkSequences(events: readonly TraceEvent[]): Verdict {
  const ledger = new ReplicaLedger();
  const beginnings = new Beginnings();
  /** By partition and producer. */
  const appended = new Map<string, { topic: string; partition: number; batches: Appended[] }>();
  const isTouched = new Set<string>();
  for (const event of events) {
    ledger.apply(event);
    beginnings.apply(event);
    if (event.kind === "topic.deleted" || event.kind === "log.compacted")
      isTouched.add(event.topic);
    if (event.kind !== "records.appended" || event.producerId < 0 || event.baseSequence < 0)
      continue;
    const { topic, partition, producerId } = event;
    const name = `${topicPartitionName(event)} producer ${producerId}`;
    const of = appended.get(name) ?? { topic, partition, batches: [] };
    appended.set(name, of);
    of.batches.push(event);
  }
  const findings = new Findings();
  let checked = 0;
  for (const [name, { topic, partition, batches }] of appended) {
    const leader = ledger.leaderOf({ topic, partition });
    if (isTouched.has(topic) || leader === -1) continue;
    let last: Appended | null = null;
    for (const batch of batches) {
      const { baseOffset, count, leaderEpoch, seq } = batch;
      const extent = { from: baseOffset, until: baseOffset + count, epoch: leaderEpoch };
      if (ledger.firstMissing({ topic, partition }, leader, extent) !== null) continue;
      checked += 1;
      const follows = beginnings.isOne({ topic, partition }, baseOffset) ? null : last;
      const wrong = follows === null ? null : outOfOrder(follows, batch);
      if (wrong !== null) findings.add(`${name}: ${wrong}`, seq);
      last = batch;
    }
  }
  return findings.verdict(checked, "batches");
}

/** Null for a batch that may follow another. */
function outOfOrder(last: Appended, batch: Appended): string | null {
  const next = (last.baseSequence + last.count) % 2_147_483_648;
  const { producerEpoch, baseSequence } = batch;
  const said = `sequence ${baseSequence} at ${batch.baseOffset}`;
  if (producerEpoch < last.producerEpoch) {
    return `${said} is of epoch ${producerEpoch}, after epoch ${last.producerEpoch}`;
  }
  const expected = producerEpoch > last.producerEpoch ? 0 : next;
  return baseSequence === expected ? null : `${said} follows ${next - 1}`;
}

/** Where a log that had lost all it held began again: of producers its broker knew nothing more,
 *  and it took any sequence. */
class Beginnings {
  readonly #starts = new Map<string, number>();
  readonly #found = new Map<string, number>();

  apply(event: TraceEvent): void {
    if (event.kind === "logStart.advanced") {
      this.#starts.set(topicPartitionName(event), event.logStartOffset);
    }
    if (event.kind !== "log.truncated" || event.reason === "diverged") return;
    const name = topicPartitionName(event);
    if (event.toOffset <= (this.#starts.get(name) ?? 0)) this.#found.set(name, event.toOffset);
  }

  isOne(of: TopicPartition, offset: number): boolean {
    return this.#found.get(topicPartitionName(of)) === offset;
  }
}
