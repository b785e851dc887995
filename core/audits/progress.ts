/** A group gets on. */

import { topicPartitionName } from "../record/topic-partition.ts";
import type { TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

/** For a group whose members only read on: none seeks, or starts from elsewhere. */
export function progress(group: string): Audit {
  return {
    name: "committed offsets go forward",
    promise:
      "A commit of a member that is no longer part of the group changes nothing: what is " +
      `committed for ${group} on a partition never goes back.`,
    check: (events) => checkProgress(events, group),
  };
}

function checkProgress(events: readonly TraceEvent[], group: string): Verdict {
  const findings = new Findings();
  const last = new Map<string, number>();
  let checked = 0;
  for (const event of events) {
    if (event.kind === "position.reset") last.delete(topicPartitionName(event));
    if (event.kind !== "offsets.committed" || event.group !== group) continue;
    for (const of of event.offsets) {
      checked += 1;
      const name = topicPartitionName(of);
      const before = last.get(name) ?? 0;
      last.set(name, of.offset);
      if (of.offset >= before) continue;
      findings.add(`${group} commits ${name} at ${of.offset} after ${before}`, event.seq);
    }
  }
  return findings.verdict(checked, "commits");
}
