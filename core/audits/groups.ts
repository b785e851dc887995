/** A group shares its partitions. */

import { topicPartitionName } from "../record/topic-partition.ts";
import type { TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

export const groups: Audit = {
  name: "a partition has one member",
  promise: "In one generation of a group each partition is given to at most one member.",
  check: checkGroups,
};

function checkGroups(events: readonly TraceEvent[]): Verdict {
  const findings = new Findings();
  let checked = 0;
  for (const event of events) {
    if (event.kind !== "group.changed" || event.state !== "Stable") continue;
    checked += 1;
    const owners = new Map<string, string>();
    for (const { member, partitions } of event.members) {
      for (const of of partitions) {
        const name = topicPartitionName(of);
        const other = owners.get(name);
        owners.set(name, member);
        if (other === undefined) continue;
        findings.add(
          `${event.group}, generation ${event.generation}: ${name} is given to ${other} and ` +
            `to ${member}`,
          event.seq,
        );
      }
    }
  }
  return findings.verdict(checked, "assignments");
}
