/** Records that come from outside while a run goes on, as lines of `tail -f` do: taken in as they
 *  arrive, no faster than they can be written. */

import type { ProducerRecord } from "../record/record.ts";
import type { LiveInput } from "./live-input.ts";

export interface LiveFeed {
  readonly topic: string;
  /** What arrived together; `atMs` is of no account. Ends where nothing more will come. */
  readonly arrivals: AsyncIterable<readonly ProducerRecord[]>;
  /** Records per second, at most. */
  readonly rate: number;
}

/** Writes what arrives until the feed ends. Throws: whatever the feed throws. */
export async function writeFeed(
  feed: LiveFeed,
  input: LiveInput,
  world: {
    readonly now: () => number;
    /** Writes records as a producer and calls back when all are acknowledged. */
    readonly produce: (records: Iterable<ProducerRecord>, done: () => void) => void;
  },
): Promise<void> {
  let earliestMs = 0;
  for await (const arrived of feed.arrivals) {
    const records: ProducerRecord[] = [];
    for (const record of arrived) {
      const wanted = input.take(record);
      if (wanted === null) continue;
      earliestMs = Math.max(earliestMs, world.now());
      records.push({ ...wanted, atMs: Math.floor(earliestMs) });
      earliestMs += 1000 / feed.rate;
    }
    if (records.length === 0) continue;
    await new Promise<void>((resolve) => world.produce(records, resolve));
  }
}
