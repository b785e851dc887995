/** State is what the input makes it. */

import { contentsOf } from "../trace/contents.ts";
import type { TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, holds, type Verdict } from "./audit.ts";

export interface CountsOptions {
  /** The topic that is read. */
  readonly from: string;
  /** The topic that is written. */
  readonly to: string;
  /** The group of the stream. */
  readonly group: string;
}

/** The last value written for each key of a topic is the number of records with that key in
 *  another. Both have to have been read in the end (`readBack` of the world). */
export function countsOf(options: CountsOptions): Audit {
  return {
    name: "counts are those of the input",
    promise:
      `The last count in ${options.to} of each key is the number of its records in ` +
      `${options.from}: each was counted once, whatever ran again. Not where a driver that has ` +
      "committed offsets dies before its first checkpoint: the next one begins there, without " +
      "state.",
    check: (events) => checkCounts(events, options),
  };
}

function checkCounts(events: readonly TraceEvent[], { from, to, group }: CountsOptions): Verdict {
  if (beginsWithoutState(events, group)) return holds(0, "state from the beginning on");
  const input = contentsOf(events, from);
  const output = contentsOf(events, to);
  if (input === null || output === null) return holds(0, "contents of both topics");
  const expected = new Map<string, number>();
  for (const { key } of input) expected.set(`${key}`, (expected.get(`${key}`) ?? 0) + 1);
  const written = new Map<string, number>();
  // A batch that runs again writes older counts once more: the greatest is the last one made.
  for (const { key, value } of output) {
    written.set(`${key}`, Math.max(written.get(`${key}`) ?? 0, Number(value)));
  }
  const findings = new Findings();
  for (const [key, count] of expected) {
    const found = written.get(key) ?? 0;
    if (found === count) continue;
    findings.add(`key ${key} has ${count} records in ${from}, and ${to} says ${found}`, null);
  }
  return findings.verdict(expected.size, "keys");
}

/** A driver found no checkpoint, and offsets that one before it had committed. */
function beginsWithoutState(events: readonly TraceEvent[], group: string): boolean {
  let hasCommitted = false;
  return events.some((event) => {
    hasCommitted ||= event.kind === "offsets.committed" && event.group === group;
    return (
      event.kind === "driver.started" &&
      event.attempt > 1 &&
      event.recoveredFrom === null &&
      hasCommitted
    );
  });
}
