/** The write-ahead log below the checkpoint directory: what blocks came, which batch got which, and
 *  the records of blocks where `spark.streaming.receiver.writeAheadLog.enable` says so.
 *
 *      receivedBlockMetadata/log-<n>                 one event of the driver's tracker
 *      receivedData/<stream>/log-<n>                 the records of one block
 *
 *  Like Spark: FileBasedWriteAheadLog, ReceivedBlockTrackerLogEvent. Unlike it: a file holds one
 *  record, so that nothing is rolled or joined. */

import { assert } from "../base/assert.ts";
import { PipelineError } from "../base/errors.ts";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import type { ReceivedBlock } from "../rdd/blocks.ts";
import { textToValue, valueToText } from "../record/value-text.ts";

export interface StreamBlocks {
  readonly stream: number;
  readonly blocks: readonly ReceivedBlock[];
}

export type LogEvent =
  | { readonly kind: "added"; readonly stream: number; readonly block: ReceivedBlock }
  | {
      readonly kind: "allocated";
      readonly batchTimeMs: number;
      readonly streams: readonly StreamBlocks[];
    }
  | { readonly kind: "cleaned"; readonly batchTimesMs: readonly number[] };

/** Wide enough that names sort as their numbers do. */
const NUMBER_DIGITS = 12;

export class ReceiverLog {
  readonly #store: CheckpointStore;
  readonly #metadata: string;
  readonly #data: string;
  #nextNumber: number;
  /** Metadata files by the batch they are done with. */
  readonly #events: { readonly file: string; readonly event: LogEvent }[] = [];

  constructor(store: CheckpointStore, directory: string) {
    this.#store = store;
    this.#metadata = `${directory}/receivedBlockMetadata`;
    this.#data = `${directory}/receivedData`;
    const numbers = [...store.list(this.#metadata), ...store.list(this.#data)].map(numberOf);
    this.#nextNumber = Math.max(-1, ...numbers) + 1;
  }

  /** What earlier drivers wrote, in order.
   *  Throws: PipelineError CHECKPOINT_CORRUPT. */
  recover(): readonly LogEvent[] {
    for (const file of this.#store.list(this.#metadata)) {
      this.#events.push({ file, event: parseEvent(file, this.#store.read(file) ?? "") });
    }
    return this.#events.map(({ event }) => event);
  }

  writeEvent(event: LogEvent, done: (error: string | null) => void): void {
    const file = `${this.#metadata}/${this.#nextName()}`;
    this.#store.write(file, JSON.stringify(event), (error) => {
      if (error === null) this.#events.push({ file, event });
      done(error);
    });
  }

  /** Calls back with the file. */
  writeBlock(
    stream: number,
    records: readonly unknown[],
    done: (written: { readonly file: string } | { readonly error: string }) => void,
  ): void {
    const file = `${this.#data}/${stream}/${this.#nextName()}`;
    this.#store.write(file, valueToText(records), (error) => {
      done(error === null ? { file } : { error });
    });
  }

  readBlock(file: string): readonly unknown[] | null {
    const text = this.#store.read(file);
    if (text === null) return null;
    const records = textToValue(text);
    assert(Array.isArray(records), "a logged block must be a list", { file });
    return records;
  }

  /** Removes the files of blocks, and the events that only tell of them or of cleaned batches. */
  clean(blocks: readonly ReceivedBlock[], batchTimesMs: readonly number[]): void {
    for (const { logFile } of blocks) if (logFile !== null) this.#store.remove(logFile);
    const names = new Set(blocks.map(({ block }) => block));
    for (let index = this.#events.length - 1; index >= 0; index -= 1) {
      const logged = this.#events[index];
      if (logged === undefined || !isOver(logged.event, names, batchTimesMs)) continue;
      this.#store.remove(logged.file);
      this.#events.splice(index, 1);
    }
  }

  #nextName(): string {
    this.#nextNumber += 1;
    return `log-${String(this.#nextNumber - 1).padStart(NUMBER_DIGITS, "0")}`;
  }
}

function isOver(
  event: LogEvent,
  names: ReadonlySet<string>,
  batchTimesMs: readonly number[],
): boolean {
  switch (event.kind) {
    case "added":
      return names.has(event.block.block);
    case "allocated":
      return batchTimesMs.includes(event.batchTimeMs);
    case "cleaned":
      return event.batchTimesMs.every((timeMs) => batchTimesMs.includes(timeMs));
  }
}

function numberOf(file: string): number {
  return Number(/log-(\d+)$/u.exec(file)?.[1] ?? -1);
}

function parseEvent(file: string, text: string): LogEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (isLogEvent(value)) return value;
  throw new PipelineError(
    "CHECKPOINT_CORRUPT",
    `write-ahead log file ${file} cannot be read; restore it, or delete the checkpoint directory ` +
      "and start afresh (blocks that no batch has finished are lost)",
    { place: { file } },
  );
}

function isLogEvent(value: unknown): value is LogEvent {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  switch (value.kind) {
    case "added":
      return "stream" in value && "block" in value;
    case "allocated":
      return "batchTimeMs" in value && "streams" in value && Array.isArray(value.streams);
    case "cleaned":
      return "batchTimesMs" in value && Array.isArray(value.batchTimesMs);
    default:
      return false;
  }
}
