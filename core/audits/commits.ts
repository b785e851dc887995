/** What is committed to the group has been put out. */

import { topicPartitionName } from "../record/topic-partition.ts";
import type { TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

/** `group` is the one that the stream commits for. */
export function commits(group: string): Audit {
  return {
    name: "commits follow outputs",
    promise:
      "With commitAsync after its outputs, a stream never commits offsets of a batch before an " +
      "output of that batch, or of a later one, has completed without an error.",
    check: (events) => checkCommits(events, group),
  };
}

function checkCommits(events: readonly TraceEvent[], group: string): Verdict {
  const findings = new Findings();
  /** Ends of the ranges of batches, by batch time. */
  const ends = new Map<number, Map<string, number>>();
  const done = new Map<string, number>();
  const planned = new Set<string>();
  let checked = 0;
  for (const event of events) {
    if (event.kind === "batch.planned") {
      const of = new Map<string, number>();
      for (const range of event.ranges) {
        const name = topicPartitionName(range);
        planned.add(name);
        of.set(name, range.untilOffset);
        // What came before the first batch is nobody's output.
        if (!done.has(name)) done.set(name, range.fromOffset);
      }
      ends.set(event.batchTimeMs, of);
    }
    if (event.kind === "output.completed" && event.error === null) {
      for (const [name, end] of ends.get(event.batchTimeMs) ?? []) {
        done.set(name, Math.max(done.get(name) ?? 0, end));
      }
    }
    if (event.kind !== "offsets.committed" || event.group !== group) continue;
    for (const of of event.offsets) {
      const name = topicPartitionName(of);
      if (!planned.has(name)) continue;
      checked += 1;
      const end = done.get(name) ?? 0;
      if (of.offset <= end) continue;
      findings.add(
        `${event.group} commits ${name} at ${of.offset}, and outputs have got to ${end}`,
        event.seq,
      );
    }
  }
  return findings.verdict(checked, "commits");
}
