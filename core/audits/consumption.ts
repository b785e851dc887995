/** A consumer goes forward, and sees only what is committed to all. */

import { topicPartitionName } from "../record/topic-partition.ts";
import type { TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, type Verdict } from "./audit.ts";

export const consumption: Audit = {
  name: "a consumer goes forward",
  promise:
    "On each partition a consumer is given offsets that only grow until it is given another " +
    "position, and none at or above the highest high watermark so far.",
  check: checkConsumption,
};

function checkConsumption(events: readonly TraceEvent[]): Verdict {
  const findings = new Findings();
  const positions = new Map<string, number>();
  const visible = new Map<string, number>();
  let checked = 0;
  for (const event of events) {
    switch (event.kind) {
      case "records.appended":
      case "highWatermark.advanced": {
        const name = topicPartitionName(event);
        visible.set(name, Math.max(visible.get(name) ?? 0, event.highWatermark));
        break;
      }
      case "topic.deleted":
        // One that is created again begins at 0.
        positions.clear();
        break;
      case "group.changed":
        // Who is given partitions anew begins at what is committed.
        positions.clear();
        break;
      case "position.reset":
        positions.delete(`${event.client} ${topicPartitionName(event)}`);
        break;
      case "records.polled": {
        const name = topicPartitionName(event);
        const key = `${event.client} ${name}`;
        const before = positions.get(key);
        checked += event.count;
        if (before !== undefined && event.fromOffset < before) {
          findings.add(
            `${event.client} is given ${name} from ${event.fromOffset} after ${before}`,
            event.seq,
          );
        }
        if (event.untilOffset > (visible.get(name) ?? 0)) {
          findings.add(
            `${event.client} is given ${name} up to ${event.untilOffset}, and the high ` +
              `watermark was never above ${visible.get(name) ?? 0}`,
            event.seq,
          );
        }
        positions.set(key, event.untilOffset);
        break;
      }
      default:
    }
  }
  return findings.verdict(checked, "records given");
}
