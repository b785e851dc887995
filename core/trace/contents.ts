/** What a topic held in the end. */

import type { EventOf, TraceEvent } from "./event.ts";

/** By partition, then offset; null when nobody looked. */
export function contentsOf(
  events: readonly TraceEvent[],
  topic: string,
): EventOf<"contents.read">["records"] | null {
  const read = events.findLast((event) => event.kind === "contents.read" && event.topic === topic);
  return read?.kind === "contents.read" ? read.records : null;
}
