/** What facts about receivers change in a snapshot. */

import { unreachable } from "../base/assert.ts";
import { compareNumbers } from "../base/order.ts";
import type { EventOf } from "./event.ts";
import {
  type Change,
  newest,
  type ReceiverSnapshot,
  type Snapshot,
  SNAPSHOT_LIMITS,
} from "./snapshot.ts";
import type { ReceiverEvent } from "./text-receivers.ts";

export function receiverChanged(at: Snapshot, event: ReceiverEvent): Change {
  switch (event.kind) {
    case "receiver.started":
      return receiverStarted(at, event);
    case "receiver.stopped": {
      const { message: lastMessage, error: lastError } = event;
      const ended = { executor: null, isActive: false, lastMessage, lastError };
      return changeReceiver(at, event.stream, (one) => ({ ...one, ...ended }));
    }
    case "receiver.error": {
      const { message: lastMessage, error: lastError } = event;
      return changeReceiver(at, event.stream, (one) => ({ ...one, lastMessage, lastError }));
    }
    case "receiver.rateUpdated":
      return changeReceiver(at, event.stream, (one) => ({ ...one, rateLimit: event.rate }));
    case "receiver.blockStored":
      return blockStored(at, event);
    case "receiver.blocksAllocated": {
      const given = new Set(event.blocks.map(({ block }) => block));
      return {
        allocations: newest(at.allocations, event, SNAPSHOT_LIMITS.allocations),
        receivers: at.receivers.map((one) => ({
          ...one,
          waiting: one.waiting.filter(({ block }) => !given.has(block)),
        })),
      };
    }
    case "receiver.blocksLost":
    case "receiver.blocksRemoved":
      return {};
    default:
      return unreachable(event);
  }
}

function receiverStarted(at: Snapshot, event: EventOf<"receiver.started">): Change {
  const { stream, receiver, executor, atMs } = event;
  const known = at.receivers.find((one) => one.stream === stream);
  const started: ReceiverSnapshot = {
    lastMessage: null,
    lastError: null,
    rateLimit: null,
    blocksStored: 0,
    recordsStored: 0,
    waiting: [],
    ...known,
    stream,
    receiver,
    executor,
    isActive: true,
    startedMs: atMs,
  };
  const others = at.receivers.filter((one) => one !== known);
  return {
    receivers: [...others, started].sort((a, b) => compareNumbers(a.stream, b.stream)),
  };
}

function blockStored(at: Snapshot, event: EventOf<"receiver.blockStored">): Change {
  const { stream, block, records, executors, logFile } = event;
  const waits = { block, records, executors, logFile };
  return changeReceiver(at, stream, (one) => ({
    ...one,
    blocksStored: one.blocksStored + 1,
    recordsStored: one.recordsStored + records,
    waiting: newest(one.waiting, waits, SNAPSHOT_LIMITS.waitingBlocks),
  }));
}

function changeReceiver(
  at: Snapshot,
  stream: number,
  change: (receiver: ReceiverSnapshot) => ReceiverSnapshot,
): Change {
  return { receivers: at.receivers.map((one) => (one.stream === stream ? change(one) : one)) };
}

/** An executor takes its copies of blocks with it. */
export function receiversLost(at: Snapshot, { executor }: EventOf<"executor.lost">): Change {
  return {
    receivers: at.receivers.map((one) => ({
      ...one,
      waiting: one.waiting.map((block) => ({
        ...block,
        executors: block.executors.filter((id) => id !== executor),
      })),
    })),
  };
}

/** The driver is gone, and the executors with it: what the log holds stays. */
export function receiversEnded(at: Snapshot): Change {
  return {
    receivers: at.receivers.map((one) => ({
      ...one,
      executor: null,
      isActive: false,
      waiting: one.waiting
        .filter(({ logFile }) => logFile !== null)
        .map((block) => ({ ...block, executors: [] })),
    })),
  };
}
