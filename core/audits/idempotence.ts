/** An idempotent producer's records come once, and in order. */

import { topicPartitionName } from "../record/topic-partition.ts";
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
  /** By partition and producer. */
  const appended = new Map<string, { topic: string; partition: number; batches: Appended[] }>();
  const isTouched = new Set<string>();
  for (const event of events) {
    ledger.apply(event);
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
    if (isTouched.has(topic)) continue;
    const leader = ledger.leaderOf({ topic, partition });
    if (leader === -1) continue;
    let last: { readonly epoch: number; readonly next: number } | null = null;
    for (const batch of batches) {
      const { baseOffset, count, leaderEpoch, producerEpoch, baseSequence, seq } = batch;
      const extent = { from: baseOffset, until: baseOffset + count, epoch: leaderEpoch };
      if (ledger.firstMissing({ topic, partition }, leader, extent) !== null) continue;
      checked += 1;
      if (last !== null) {
        const { epoch, next } = last;
        const at = `${name}: sequence ${baseSequence} at ${baseOffset}`;
        if (producerEpoch < epoch) {
          findings.add(`${at} is of epoch ${producerEpoch}, after epoch ${epoch}`, seq);
        } else if (producerEpoch > epoch ? baseSequence !== 0 : baseSequence !== next) {
          findings.add(`${at} follows ${next - 1}`, seq);
        }
      }
      last = { epoch: producerEpoch, next: (baseSequence + count) % 2_147_483_648 };
    }
  }
  return findings.verdict(checked, "batches");
}
