/** The lines of facts about receivers. */

import { unreachable } from "../base/assert.ts";
import type { EventOf } from "./event.ts";

/** Facts about receivers and the blocks they store. */
export type ReceiverEvent = EventOf<
  | "receiver.started"
  | "receiver.stopped"
  | "receiver.error"
  | "receiver.rateUpdated"
  | "receiver.blockStored"
  | "receiver.blocksAllocated"
  | "receiver.blocksLost"
  | "receiver.blocksRemoved"
>;

export function describeReceiver(event: ReceiverEvent): string {
  switch (event.kind) {
    case "receiver.started":
      return `stream ${event.stream}, ${event.receiver} on executor ${event.executor}`;
    case "receiver.stopped":
    case "receiver.error": {
      const error = event.error === null ? "" : ` - ${event.error}`;
      return `stream ${event.stream}: ${event.message}${error}`;
    }
    case "receiver.rateUpdated":
      return `stream ${event.stream}, at most ${event.rate} records/s`;
    case "receiver.blockStored": {
      const log = event.logFile === null ? "" : `, log ${event.logFile}`;
      return (
        `stream ${event.stream}, ${event.block} on executor ${event.executors.join(" ")}, ` +
        `${records(event.records)}${log}`
      );
    }
    case "receiver.blocksAllocated": {
      const blocks = event.blocks.map(({ block, records: count }) => `${block} (${count})`);
      const again = event.isNew ? "" : ", as before";
      return `batch ${event.batchTimeMs}: ${blocks.join(" ") || "no blocks"}${again}`;
    }
    case "receiver.blocksLost":
      return `batch ${event.batchTimeMs}, stream ${event.stream}: ${event.blocks.join(" ")}`;
    case "receiver.blocksRemoved":
      return `batch ${event.batchTimeMs}: ${event.blocks}`;
    default:
      return unreachable(event);
  }
}

function records(count: number): string {
  return `${count} record${count === 1 ? "" : "s"}`;
}
