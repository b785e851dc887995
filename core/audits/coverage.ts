/** No part of a topic is passed over. */

import { compareNumbers } from "../base/order.ts";
import { topicPartitionName } from "../record/topic-partition.ts";
import type { EventOf, TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

export const coverage: Audit = {
  name: "batches leave nothing out",
  promise:
    "From where a stream first began to where it has got, every offset is in a batch that ran to " +
    "its end, however often its driver died: with a checkpoint, or when it commits after its " +
    "outputs and runs one batch at a time.",
  check: checkCoverage,
};

interface Range {
  readonly from: number;
  readonly until: number;
}

type Planned = EventOf<"batch.planned">["ranges"];

function checkCoverage(events: readonly TraceEvent[]): Verdict {
  const covered = new Map<string, Range[]>();
  /** Where each stream began on each partition. */
  const begins = new Map<string, number>();
  /** Batches of the driver that lives, which have not run to their end. */
  const pending = new Map<number, Planned>();
  const cover = (ranges: Planned): void => {
    for (const { node, topic, partition, fromOffset, untilOffset } of ranges) {
      if (fromOffset >= untilOffset) continue;
      const name = `stream ${node} ${topicPartitionName({ topic, partition })}`;
      const known = covered.get(name) ?? [];
      covered.set(name, known);
      known.push({ from: fromOffset, until: untilOffset });
    }
  };
  for (const event of events) {
    if (event.kind === "driver.started") pending.clear();
    if (event.kind === "batch.planned") {
      pending.set(event.batchTimeMs, event.ranges);
      for (const { node, topic, partition, fromOffset } of event.ranges) {
        const name = `stream ${node} ${topicPartitionName({ topic, partition })}`;
        if (!begins.has(name)) begins.set(name, fromOffset);
      }
    }
    if (event.kind === "batch.completed") {
      cover(pending.get(event.batchTimeMs) ?? []);
      pending.delete(event.batchTimeMs);
    }
  }
  // What is under way in the end is not passed over.
  for (const ranges of pending.values()) cover(ranges);
  return checkHoles(begins, covered);
}

function checkHoles(
  begins: ReadonlyMap<string, number>,
  covered: ReadonlyMap<string, readonly Range[]>,
): Verdict {
  const findings = new Findings();
  let checked = 0;
  for (const [name, begin] of begins) {
    const ranges = covered.get(name) ?? [];
    let end = begin;
    const byStart = [...ranges].sort(
      (a, b) => compareNumbers(a.from, b.from) || compareNumbers(a.until, b.until),
    );
    for (const { from, until } of byStart) {
      checked += 1;
      if (from > end) findings.add(`${name}: [${end}, ${from}) is in no batch that ended`, null);
      end = Math.max(end, until);
    }
  }
  return findings.verdict(checked, "ranges of batches that ended");
}
