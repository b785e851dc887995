/** What an idempotent producer hands over is in the log once. */

import { topicPartitionName } from "../record/topic-partition.ts";
import { contentsOf } from "../trace/contents.ts";
import type { TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, holds, type Verdict } from "./audit.ts";

/** Each record of the load has a value of its own; the topic has been read in the end (`readBack`
 *  of the world). */
export function once(topic: string): Audit {
  return {
    name: "a record is written once",
    promise:
      `A record that one idempotent producer hands over is in ${topic} at most once, however ` +
      "often it was sent.",
    check: (events) => checkOnce(events, topic),
  };
}

function checkOnce(events: readonly TraceEvent[], topic: string): Verdict {
  const records = contentsOf(events, topic);
  if (records === null) return holds(0, "contents of the topic");
  const findings = new Findings();
  const places = new Map<string, string>();
  for (const { partition, offset, value } of records) {
    const place = `${topicPartitionName({ topic, partition })} offset ${offset}`;
    const first = places.get(`${value}`);
    if (first === undefined) places.set(`${value}`, place);
    else findings.add(`${value} is at ${first} and at ${place}`, null);
  }
  return findings.verdict(records.length, "records");
}
