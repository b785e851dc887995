/** What a live run remembers of the records it writes, so that the same command, started again,
 *  goes on where the last one stopped: where each partition's log ended when the first one began.
 *  How much was written since, the log itself says, also after a kill.
 *
 *    <checkpoint directory>/input-<topic>.json   {"version":1,"startOffsets":[0,0]} */

import { LiveError } from "../base/errors.ts";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import type { ProducerRecord } from "../record/record.ts";
import type { LiveTopic } from "./live-topics.ts";

const version = 1;

export class LiveInput {
  readonly topic: string;
  /** Where the log of each partition ended before anything of this input. */
  readonly startOffsets: readonly number[];
  /** Records of this input that were in the log when it was opened. */
  readonly writtenBefore: number;
  /** Those of them that have not come by again: by partition, and altogether. */
  readonly #left: number[];
  #leftAnywhere: number;
  readonly #store: CheckpointStore;
  readonly #file: string | null;

  private constructor(
    found: LiveTopic,
    startOffsets: readonly number[],
    store: CheckpointStore,
    file: string | null,
  ) {
    this.topic = found.topic;
    this.startOffsets = startOffsets;
    this.#left = found.ends.map((end, partition) => end - (startOffsets[partition] ?? end));
    this.writtenBefore = this.#left.reduce((sum, count) => sum + count, 0);
    this.#leftAnywhere = this.writtenBefore;
    this.#store = store;
    this.#file = file;
  }

  /** Without a checkpoint directory nothing is remembered, as nothing else of the run is.
   *  Throws: LiveError CHECKPOINT_CORRUPT. */
  static open(found: LiveTopic, store: CheckpointStore, directory: string | null): LiveInput {
    const file = directory === null ? null : `${directory}/input-${found.topic}.json`;
    const text = file === null ? null : store.read(file);
    if (file === null || text === null) return new LiveInput(found, found.ends, store, file);
    const startOffsets = parseStarts(text);
    const isPossible =
      startOffsets?.length === found.ends.length &&
      found.ends.every((end, partition) => end >= (startOffsets[partition] ?? 0));
    if (startOffsets === null || !isPossible) {
      throw new LiveError(
        "CHECKPOINT_CORRUPT",
        `${file} does not fit topic ${found.topic} as it is now: it was made anew since, or the ` +
          `file was changed; delete the directory ${directory} to start afresh`,
        { place: { file, topic: found.topic } },
      );
    }
    return new LiveInput(found, startOffsets, store, file);
  }

  /** Remembers where it began: before the first record is written. */
  begin(done: (error: string | null) => void): void {
    if (this.#file === null) done(null);
    else {
      const text = JSON.stringify({ version, startOffsets: this.startOffsets });
      this.#store.write(this.#file, text, done);
    }
  }

  /** All of it is written and read: the same command writes it again, as something new. */
  forget(): void {
    if (this.#file !== null) this.#store.remove(this.#file);
  }

  /** The record, its partition one the topic has, if it is not in the log yet; else null.
   *  Why by count: records with a partition of their own keep its order, so as many of them as the
   *  partition has gained are there; of the others, as many as the whole topic has gained. */
  take(record: ProducerRecord): ProducerRecord | null {
    if (record.partition === undefined) {
      this.#leftAnywhere -= 1;
      return this.#leftAnywhere >= 0 ? null : record;
    }
    const partition = record.partition % this.#left.length;
    const left = this.#left[partition] ?? 0;
    if (left > 0) {
      this.#left[partition] = left - 1;
      return null;
    }
    return { ...record, partition };
  }

  /** The records that are not in the log yet, in real time from `startMs` on. */
  *remaining(records: Iterable<ProducerRecord>, startMs: number): Generator<ProducerRecord> {
    let firstMs: number | null = null;
    for (const record of records) {
      const wanted = this.take(record);
      if (wanted === null) continue;
      // What was written before took its time then.
      firstMs ??= this.writtenBefore === 0 ? 0 : record.atMs;
      yield { ...wanted, atMs: startMs + record.atMs - firstMs };
    }
  }
}

function parseStarts(text: string): readonly number[] | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return null;
    if (!("version" in value) || value.version !== version) return null;
    if (!("startOffsets" in value) || !Array.isArray(value.startOffsets)) return null;
    const offsets: readonly unknown[] = value.startOffsets;
    return offsets.every((offset) => typeof offset === "number" && Number.isSafeInteger(offset))
      ? offsets.map(Number)
      : null;
  } catch {
    return null;
  }
}
