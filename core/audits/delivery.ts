/** What goes in comes out. */

import { topicPartitionName } from "../record/topic-partition.ts";
import { contentsOf } from "../trace/contents.ts";
import type { EventOf, TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, holds, type Verdict } from "./audit.ts";

export interface DeliveryOptions {
  /** The topic that is read. */
  readonly from: string;
  /** The topic that is written, one record for each of the other, with the same value. */
  readonly to: string;
  /** What may not happen. Duplicated is what comes out oftener than it went in; made up is what
   *  never went in. A record that is written again by its key (upsert) counts as one: then
   *  `byKey`. */
  readonly refuses: readonly ("lost" | "duplicated" | "reordered" | "made up")[];
  readonly byKey?: boolean;
}

/** Both topics have to have been read in the end (`readBack` of the world). */
export function delivery(options: DeliveryOptions): Audit {
  const refused = options.refuses.join(", ");
  return {
    name: options.refuses.includes("duplicated")
      ? "what goes in comes out once"
      : "what goes in comes out",
    promise: `Every record of ${options.from} is in ${options.to} in the end; not ${refused}.`,
    check: (events) => checkDelivery(events, options),
  };
}

function checkDelivery(events: readonly TraceEvent[], options: DeliveryOptions): Verdict {
  const input = contentsOf(events, options.from);
  const output = contentsOf(events, options.to);
  if (input === null || output === null) return holds(0, "contents of both topics");
  const { byKey = false, refuses } = options;
  const nameOf = ({ key, value }: Item): string => (byKey ? `${key}` : `${value}`);
  const places = placesOf(output, nameOf);
  const went = placesOf(input, nameOf);
  const findings = new Findings();
  const last = new Map<string, number>();
  const seen = new Map<string, number>();
  for (const record of input) {
    const name = nameOf(record);
    const found = places.get(name) ?? [];
    // What went in twice comes out twice, one after the other.
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    const of = { topic: options.from, partition: record.partition };
    const where = `${topicPartitionName(of)} offset ${record.offset}`;
    const place = found[Math.min(nth, found.length - 1)];
    if (place === undefined) {
      if (refuses.includes("lost")) findings.add(`${where} (${name}) is lost`, null);
      continue;
    }
    const times = went.get(name)?.length ?? 1;
    if (found.length > times && !byKey && refuses.includes("duplicated")) {
      findings.add(`${where} (${name}) comes ${found.length} times, not ${times}`, null);
    }
    const lane = `${record.partition} ${output[place]?.partition ?? 0}`;
    const before = last.get(lane) ?? -1;
    if (place < before && refuses.includes("reordered")) {
      findings.add(`${where} (${name}) comes before the record ahead of it`, null);
    }
    last.set(lane, Math.max(before, place));
  }
  if (refuses.includes("made up")) {
    for (const name of places.keys()) {
      if (went.has(name)) continue;
      findings.add(`${options.to} holds ${name}, which ${options.from} does not`, null);
    }
  }
  return findings.verdict(input.length, "records");
}

type Item = EventOf<"contents.read">["records"][number];

function placesOf(
  records: readonly Item[],
  nameOf: (record: Item) => string,
): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, record] of records.entries()) {
    const name = nameOf(record);
    const known = places.get(name) ?? [];
    places.set(name, known);
    known.push(index);
  }
  return places;
}
