/** What goes in comes out. */

import { topicPartitionName } from "../record/topic-partition.ts";
import { contentsOf } from "../trace/contents.ts";
import type { TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, holds, type Verdict } from "./audit.ts";

export interface DeliveryOptions {
  /** The topic that is read. */
  readonly from: string;
  /** The topic that is written, one record for each of the other, with the same value. */
  readonly to: string;
  /** Which of the four may not happen. A record that is written again by its key (upsert) counts as
   *  one: then `byKey`. */
  readonly refuses: readonly ("lost" | "duplicated" | "reordered")[];
  readonly byKey?: boolean;
}

/** Both topics have to have been read in the end (`readBack` of the world). */
export function delivery(options: DeliveryOptions): Audit {
  const refused = options.refuses.join(", ");
  return {
    name: "what goes in comes out",
    promise: `Every record of ${options.from} is in ${options.to} in the end; not ${refused}.`,
    check: (events) => checkDelivery(events, options),
  };
}

function checkDelivery(events: readonly TraceEvent[], options: DeliveryOptions): Verdict {
  const input = contentsOf(events, options.from);
  const output = contentsOf(events, options.to);
  if (input === null || output === null) return holds(0, "contents of both topics");
  const places = new Map<string, number[]>();
  for (const [index, { key, value }] of output.entries()) {
    const name = options.byKey === true ? `${key}` : `${value}`;
    places.set(name, [...(places.get(name) ?? []), index]);
  }
  const findings = new Findings();
  const last = new Map<string, number>();
  for (const record of input) {
    const name = options.byKey === true ? `${record.key}` : `${record.value}`;
    const found = places.get(name) ?? [];
    const of = { topic: options.from, partition: record.partition };
    const where = `${topicPartitionName(of)} offset ${record.offset}`;
    const [first] = found;
    if (first === undefined) {
      if (options.refuses.includes("lost")) findings.add(`${where} (${name}) is lost`, null);
      continue;
    }
    if (found.length > 1 && options.byKey !== true && options.refuses.includes("duplicated")) {
      findings.add(`${where} (${name}) comes ${found.length} times`, null);
    }
    const target = output[first];
    const lane = `${record.partition} ${target?.partition ?? 0}`;
    const before = last.get(lane) ?? -1;
    if (first < before && options.refuses.includes("reordered")) {
      findings.add(`${where} (${name}) comes before the record ahead of it`, null);
    }
    last.set(lane, Math.max(before, first));
  }
  return findings.verdict(input.length, "records");
}
