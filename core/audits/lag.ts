/** Once nothing breaks any more, lag drains. */

import { topicPartitionName } from "../record/topic-partition.ts";
import type { TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, holds, type Verdict } from "./audit.ts";

export const lag: Audit = {
  name: "lag drains",
  promise:
    "A run that ends because its input is consumed has read every visible record of each " +
    "partition it reads; one whose faults are over ends so. Not where an idempotent producer " +
    "gives up (with batches under way to two leaders the new one may no longer know the oldest), " +
    "or where a transaction timed out, and its producer is fenced.",
  check: checkLag,
};

function checkLag(events: readonly TraceEvent[]): Verdict {
  const read = new Map<string, number>();
  const visible = new Map<string, number>();
  const findings = new Findings();
  /** Where a producer was told that its sequence is wrong. */
  const confused = new Set<string>();
  let hasGivenUp = false;
  for (const event of events) {
    if (event.kind === "request.failed" && event.request === "produce") {
      const name = `${event.client} ${topicPartitionName(event)}`;
      if (event.error === "OUT_OF_ORDER_SEQUENCE_NUMBER") confused.add(name);
      hasGivenUp ||= event.retryInMs === null && confused.has(name);
    }
    if (event.kind === "transaction.changed") hasGivenUp ||= event.reason === "timed out";
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
    if (hasGivenUp) return holds(0, "producer that goes on");
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
