/** The batches of a stream follow each other. */

import { topicPartitionName } from "../record/topic-partition.ts";
import type { TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

export const ranges: Audit = {
  name: "batches leave nothing out",
  promise:
    "While a driver lives, each batch of a direct stream begins on each partition where the " +
    "batch before ended; a batch that runs again has the range it had.",
  check: checkRanges,
};

function checkRanges(events: readonly TraceEvent[]): Verdict {
  const findings = new Findings();
  /** Where the batches of each stream and partition end, by batch time. */
  let ends = new Map<string, number>();
  const planned = new Map<string, { readonly from: number; readonly until: number }>();
  let isRestored = false;
  let checked = 0;
  for (const event of events) {
    if (event.kind === "driver.started") {
      isRestored = event.recoveredFrom !== null;
      ends = new Map();
      if (!isRestored) planned.clear();
    }
    if (event.kind !== "batch.planned") continue;
    for (const { node, topic, partition, fromOffset, untilOffset } of event.ranges) {
      checked += 1;
      const name = `stream ${node} ${topicPartitionName({ topic, partition })}`;
      const end = ends.get(name);
      if (end !== undefined && fromOffset !== end) {
        const what = `batch ${event.batchTimeMs} of ${name}`;
        findings.add(
          `${what} begins at ${fromOffset}, and the one before ended at ${end}`,
          event.seq,
        );
      }
      ends.set(name, untilOffset);
      const key = `${name} ${event.batchTimeMs}`;
      const first = planned.get(key);
      planned.set(key, { from: fromOffset, until: untilOffset });
      if (!isRestored || first === undefined) continue;
      if (first.from === fromOffset && first.until === untilOffset) continue;
      // A batch that no checkpoint knew is made anew, from where the last known one ended.
      if (first.from >= fromOffset) continue;
      findings.add(
        `batch ${event.batchTimeMs} of ${name} was [${first.from}, ${first.until}), and is ` +
          `[${fromOffset}, ${untilOffset}) again: ${fromOffset - first.from} left out`,
        event.seq,
      );
    }
  }
  return findings.verdict(checked, "ranges");
}
