/** Which received blocks wait, and which batch got which. Each change is written to the log first,
 *  where the application has a checkpoint directory, so that a new driver knows it.
 *  Like Spark: ReceivedBlockTracker (S/scheduler/ReceivedBlockTracker.scala). */

import type { ReceivedBlock } from "../rdd/blocks.ts";
import type { LogEvent, ReceiverLog, StreamBlocks } from "./receiver-log.ts";

export class ReceivedBlockTracker {
  readonly #streams: readonly number[];
  readonly #log: ReceiverLog | null;
  /** By stream, oldest first. */
  readonly #waiting = new Map<number, ReceivedBlock[]>();
  readonly #allocated = new Map<number, readonly StreamBlocks[]>();
  #lastTimeMs: number | null = null;

  constructor(streams: readonly number[], log: ReceiverLog | null) {
    this.#streams = streams;
    this.#log = log;
    for (const stream of streams) this.#waiting.set(stream, []);
  }

  /** Takes up what earlier drivers logged: no block of theirs is on an executor any more. */
  recover(): void {
    for (const event of this.#log?.recover() ?? []) this.#replay(event);
  }

  #replay(event: LogEvent): void {
    switch (event.kind) {
      case "added":
        this.#waiting.get(event.stream)?.push(event.block);
        return;
      case "allocated": {
        const names = new Set(
          event.streams.flatMap(({ blocks }) => blocks.map(({ block }) => block)),
        );
        for (const [stream, blocks] of this.#waiting) {
          this.#waiting.set(
            stream,
            blocks.filter(({ block }) => !names.has(block)),
          );
        }
        this.#allocated.set(event.batchTimeMs, event.streams);
        this.#lastTimeMs = event.batchTimeMs;
        return;
      }
      case "cleaned":
        for (const timeMs of event.batchTimesMs) this.#allocated.delete(timeMs);
        return;
    }
  }

  get hasWaiting(): boolean {
    return [...this.#waiting.values()].some((blocks) => blocks.length > 0);
  }

  waiting(stream: number): readonly ReceivedBlock[] {
    return this.#waiting.get(stream) ?? [];
  }

  blocksOf(batchTimeMs: number): readonly StreamBlocks[] | null {
    return this.#allocated.get(batchTimeMs) ?? null;
  }

  add(stream: number, block: ReceivedBlock, done: (error: string | null) => void): void {
    this.#write({ kind: "added", stream, block }, (error) => {
      if (error === null) this.#waiting.get(stream)?.push(block);
      done(error);
    });
  }

  /** Gives a batch every block that waits. A batch that is not later than the last one had its
   *  blocks from an earlier driver: false. */
  allocate(batchTimeMs: number, done: (isNew: boolean) => void): void {
    if (this.#lastTimeMs !== null && batchTimeMs <= this.#lastTimeMs) {
      done(false);
      return;
    }
    const streams = this.#streams.map((stream) => ({
      stream,
      blocks: [...this.waiting(stream)],
    }));
    this.#write({ kind: "allocated", batchTimeMs, streams }, (error) => {
      if (error === null) {
        for (const { stream, blocks } of streams) {
          this.#waiting.set(
            stream,
            this.waiting(stream).filter((one) => !blocks.includes(one)),
          );
        }
        this.#allocated.set(batchTimeMs, streams);
        this.#lastTimeMs = batchTimeMs;
      }
      done(error === null);
    });
  }

  /** Forgets batches before a time; gives their blocks. */
  clean(beforeMs: number): readonly ReceivedBlock[] {
    const batchTimesMs = [...this.#allocated.keys()].filter((timeMs) => timeMs < beforeMs);
    if (batchTimesMs.length === 0) return [];
    const blocks = batchTimesMs.flatMap((timeMs) =>
      (this.#allocated.get(timeMs) ?? []).flatMap((of) => of.blocks),
    );
    for (const timeMs of batchTimesMs) this.#allocated.delete(timeMs);
    this.#write({ kind: "cleaned", batchTimesMs }, () => this.#log?.clean(blocks, batchTimesMs));
    return blocks;
  }

  #write(event: LogEvent, done: (error: string | null) => void): void {
    if (this.#log === null) done(null);
    else this.#log.writeEvent(event, done);
  }
}
