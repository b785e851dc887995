/** A group goes forward. */

import type { TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

export const generations: Audit = {
  name: "generations of a group grow",
  promise:
    "The generation of a group never goes back, whoever coordinates it, as long as the topic of " +
    "offsets loses nothing; nor does an offset that is committed for it, while it only goes on.",
  check: checkGenerations,
};

function checkGenerations(events: readonly TraceEvent[]): Verdict {
  const findings = new Findings();
  const last = new Map<string, number>();
  let checked = 0;
  for (const { seq, ...event } of events) {
    // The others are in the memory of a coordinator alone, which may have been replaced.
    if (event.kind !== "group.changed" || event.state !== "Stable") continue;
    checked += 1;
    const { group, generation } = event;
    const before = last.get(group) ?? 0;
    last.set(group, Math.max(before, generation));
    if (generation < before)
      findings.add(`${group}: generation ${generation} after ${before}`, seq);
  }
  return findings.verdict(checked, "changes of groups");
}
