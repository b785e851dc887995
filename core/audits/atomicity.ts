/** Who reads committed records sees a transaction whole, or nothing of it. */

import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import type { EventOf, TraceEvent } from "../trace/event.ts";
import { type Extent, ReplicaLedger } from "../trace/replica-ledger.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

export const atomicity: Audit = {
  name: "a reader of committed records sees whole transactions",
  promise:
    "What read_committed shows of a topic in the end holds each record of a transaction that was " +
    "committed on its partition, and none of one that was aborted or is undecided.",
  check: checkAtomicity,
};

/** What a producer with a transactional id has appended to one partition. */
interface Written extends TopicPartition, Extent {
  readonly producerId: number;
  control: "COMMIT" | "ABORT" | null;
}

function checkAtomicity(events: readonly TraceEvent[]): Verdict {
  const ledger = new ReplicaLedger();
  const transactional = new Set<number>();
  const touched = new Set<string>();
  const written = new Map<string, Written[]>();
  let contents: EventOf<"contents.read">[] = [];
  for (const event of events) {
    ledger.apply(event);
    switch (event.kind) {
      case "producer.initialised":
        if (event.transactionalId !== null) transactional.add(event.producerId);
        break;
      case "topic.deleted":
      case "log.compacted":
      case "logStart.advanced":
        touched.add(event.topic);
        break;
      case "records.appended":
        takeAppended(written, event);
        break;
      case "marker.written":
        takeMarker(written, event);
        break;
      case "contents.read":
        if (event.isolation === "read_committed") contents = [...contents, event];
        break;
      default:
    }
  }
  const findings = new Findings();
  let checked = 0;
  for (const { topic, records, seq } of contents) {
    if (touched.has(topic)) continue;
    const shown = new Set(
      records.map(({ partition, offset }) => `${topic}-${partition} ${offset}`),
    );
    for (const [name, batches] of written) {
      if (!name.startsWith(`${topic}-`)) continue;
      for (const batch of batches) {
        if (!transactional.has(batch.producerId)) continue;
        // What a leader took that had been replaced is gone.
        if (ledger.firstMissing(batch, ledger.leaderOf(batch), batch) !== null) continue;
        checked += 1;
        const example = wrongIn(batch, (offset) => shown.has(`${name} ${offset}`));
        if (example !== null) findings.add(`${name} ${example}`, seq);
      }
    }
  }
  return findings.verdict(checked, "batches of transactions");
}

function takeAppended(written: Map<string, Written[]>, event: EventOf<"records.appended">): void {
  const name = topicPartitionName(event);
  const { topic, partition, producerId, baseOffset: from, count, leaderEpoch: epoch } = event;
  const known = written.get(name) ?? [];
  written.set(name, known);
  known.push({ topic, partition, producerId, from, until: from + count, epoch, control: null });
}

function takeMarker(written: Map<string, Written[]>, event: EventOf<"marker.written">): void {
  const { producerId, control, offset } = event;
  for (const batch of written.get(topicPartitionName(event)) ?? []) {
    if (batch.producerId !== producerId || batch.until > offset) continue;
    batch.control ??= control;
  }
}

/** Null for a batch that is shown as it should be. */
function wrongIn(
  { from, until, control, producerId }: Written,
  isShown: (offset: number) => boolean,
): string | null {
  for (let offset = from; offset < until; offset += 1) {
    if (isShown(offset) === (control === "COMMIT")) continue;
    const decision =
      control === null ? "undecided" : control === "COMMIT" ? "committed" : "aborted";
    const shown = control === "COMMIT" ? "missing" : "shown";
    return `offset ${offset} of producer ${producerId} is ${decision}, and ${shown}`;
  }
  return null;
}
