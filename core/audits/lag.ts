/** Once nothing breaks any more, lag drains. */

import { topicPartitionName } from "../record/topic-partition.ts";
import type { TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, holds, type Verdict } from "./audit.ts";

export const lag: Audit = {
  name: "lag drains",
  promise:
    "A run that ends because its input is consumed has read every visible record of each " +
    "partition it reads; one whose faults are over ends so. Not where a producer may fail: an " +
    "idempotent one that is told its sequence is wrong, one whose transaction timed out, one " +
    "that another with its transactional id has fenced.",
  check: checkLag,
};

function checkLag(events: readonly TraceEvent[]): Verdict {
  const read = new Map<string, number>();
  const visible = new Map<string, number>();
  const findings = new Findings();
  const producers = new Producers();
  for (const event of events) {
    producers.apply(event);
    if (event.kind === "records.appended" || event.kind === "highWatermark.advanced") {
      visible.set(topicPartitionName(event), event.highWatermark);
    }
    if (event.kind === "batch.planned") {
      for (const range of event.ranges) read.set(topicPartitionName(range), range.untilOffset);
    }
  }
  const end = events.at(-1);
  if (end?.kind !== "run.ended") return holds(0, "end of the run");
  if (end.reason !== "input consumed") {
    if (producers.mayFail && end.reason === "client failed")
      return holds(0, "producer that goes on");
    findings.add(`the run ends: ${end.reason}`, end.seq);
    return findings.verdict(0, "partitions");
  }
  let checked = 0;
  for (const [name, offset] of read) {
    checked += 1;
    const highWatermark = visible.get(name) ?? 0;
    if (offset >= highWatermark) continue;
    findings.add(`${name} was read up to ${offset} of ${highWatermark}`, end.seq);
  }
  return findings.verdict(checked, "partitions");
}

/** Whether one of them may fail though the cluster is whole. */
class Producers {
  /** Where one was told that its sequence is wrong. */
  readonly #confused = new Set<string>();
  /** The last one a process has got, by transactional id. */
  readonly #epochs = new Map<string, number>();
  mayFail = false;

  apply(event: TraceEvent): void {
    if (event.kind === "request.failed" && event.request === "produce") {
      const name = `${event.client} ${topicPartitionName(event)}`;
      if (event.error === "OUT_OF_ORDER_SEQUENCE_NUMBER") this.#confused.add(name);
      if (event.retryInMs === null && this.#confused.has(name)) this.mayFail = true;
    }
    if (event.kind === "transaction.changed") {
      // Its coordinator raised the epoch to abort: it had timed out, whoever tells of it.
      const epoch = this.#epochs.get(event.transactionalId) ?? 0;
      const isAborted = event.state === "PrepareAbort" || event.state === "CompleteAbort";
      if (isAborted && event.producerEpoch > epoch) this.mayFail = true;
    }
    if (event.kind === "producer.initialised" && event.transactionalId !== null) {
      // The second process of that id fences the first.
      if (this.#epochs.has(event.transactionalId)) this.mayFail = true;
      this.#epochs.set(event.transactionalId, event.producerEpoch);
    }
  }
}
