/** The batches of a stream follow each other. */

import { topicPartitionName } from "../record/topic-partition.ts";
import type { TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

export const ranges: Audit = {
  name: "batches follow each other",
  promise:
    "While a driver lives, each new batch of a direct stream begins on each partition where the " +
    "batch before ended; a batch that the checkpoint knew has its old range when it runs again.",
  check: checkRanges,
};

interface Range {
  readonly from: number;
  readonly until: number;
}

function checkRanges(events: readonly TraceEvent[]): Verdict {
  const findings = new Findings();
  /** Where the batches of each stream and partition have got to with the driver that lives. */
  let ends = new Map<string, number>();
  /** By stream, partition and batch time. */
  const planned = new Map<string, Range>();
  let knownMs = -1;
  let checked = 0;
  for (const event of events) {
    if (event.kind === "driver.started") {
      ends = new Map();
      knownMs = event.recoveredFrom === null ? -1 : checkpointTimeMs(event.recoveredFrom);
      if (event.recoveredFrom === null) planned.clear();
    }
    if (event.kind !== "batch.planned") continue;
    const { batchTimeMs, seq } = event;
    for (const { node, topic, partition, fromOffset: from, untilOffset: until } of event.ranges) {
      checked += 1;
      const name = `stream ${node} ${topicPartitionName({ topic, partition })}`;
      const what = `batch ${batchTimeMs} of ${name}`;
      const key = `${name} ${batchTimeMs}`;
      const end = ends.get(name);
      const first = planned.get(key);
      planned.set(key, { from, until });
      ends.set(name, Math.max(end ?? 0, until));
      if (batchTimeMs <= knownMs && first !== undefined) {
        if (first.from === from && first.until === until) continue;
        findings.add(
          `${what} was [${first.from}, ${first.until}), and is [${from}, ${until}) again`,
          seq,
        );
      } else if (end !== undefined && from !== end) {
        findings.add(`${what} begins at ${from}, and the one before ended at ${end}`, seq);
      }
    }
  }
  return findings.verdict(checked, "ranges");
}

/** A checkpoint knows the ranges of its own batch and of those before. */
function checkpointTimeMs(file: string): number {
  return Number(/checkpoint-(\d+)/u.exec(file)?.[1] ?? -1);
}
