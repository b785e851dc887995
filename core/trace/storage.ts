/** What is cached, at one moment of a run. Like Spark: the Storage page of its UI. */

import { compareNumbers } from "../base/order.ts";
import type { EventOf, TraceEvent } from "./event.ts";

export interface StoredRDD {
  readonly rdd: number;
  /** Its name, or its class. */
  readonly name: string;
  readonly level: string;
  readonly cachedPartitions: number;
  readonly partitions: number;
  /** Cached partitions of all, in whole percent, rounded down. */
  readonly percent: number;
  /** Blocks in memory and on disk, copies included. */
  readonly inMemory: number;
  readonly onDisk: number;
}

interface Stored {
  readonly fact: EventOf<"rdd.cached">;
  /** `block@executor` to where it is. */
  readonly copies: Map<string, "memory" | "disk">;
}

/** Shape: the RDDs with blocks after the last of the events, by number. */
export function storedRDDs(events: Iterable<TraceEvent>): readonly StoredRDD[] {
  const stored = new Map<number, Stored>();
  for (const event of events) applyTo(stored, event);
  return [...stored.values()]
    .filter(({ copies }) => copies.size > 0)
    .map(rowOf)
    .sort((a, b) => compareNumbers(a.rdd, b.rdd));
}

function applyTo(stored: Map<number, Stored>, event: TraceEvent): void {
  switch (event.kind) {
    case "rdd.cached":
      stored.set(event.rdd, { fact: event, copies: new Map() });
      return;
    case "block.stored":
      copiesWith(stored, event.block)?.set(`${event.block}@${event.executor}`, event.storage);
      return;
    case "block.dropped": {
      const copy = `${event.block}@${event.executor}`;
      if (event.to === null) copiesWith(stored, event.block)?.delete(copy);
      else copiesWith(stored, event.block)?.set(copy, event.to);
      return;
    }
    case "blocks.removed":
      stored.delete(event.rdd);
      return;
    case "executor.lost":
      for (const { copies } of stored.values()) {
        for (const copy of copies.keys()) {
          if (copy.endsWith(`@${event.executor}`)) copies.delete(copy);
        }
      }
      return;
    case "driver.crashed":
    case "driver.stopped":
      stored.clear();
      return;
    default:
      return;
  }
}

function copiesWith(stored: Map<number, Stored>, block: string): Stored["copies"] | undefined {
  return stored.get(Number(block.split("_")[1]))?.copies;
}

function rowOf({ fact, copies }: Stored): StoredRDD {
  const { rdd, name, level, partitions } = fact;
  const cachedPartitions = new Set(Array.from(copies.keys(), (copy) => copy.split("@")[0])).size;
  const inMemory = [...copies.values()].filter((storage) => storage === "memory").length;
  return {
    rdd,
    name,
    level,
    cachedPartitions,
    partitions,
    percent: Math.floor((100 * cachedPartitions) / partitions),
    inMemory,
    onDisk: copies.size - inMemory,
  };
}
