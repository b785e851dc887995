/** What a live run remembers of the records it writes, so that the same command, started again,
 *  goes on where the last one stopped: where each partition's log ended when the first one began.
 *  How much was written since, the log itself says, also after a kill.
 *
 *    <checkpoint directory>/input-<topic>.json   {"version":1,"startOffsets":[0,0]} */

import { LiveError } from "../base/errors.ts";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import type { WorkloadRecord } from "../scenario/scenario.ts";
import type { LiveTopic } from "./live-topics.ts";

const version = 1;

export class LiveInput {
  readonly topic: string;
  /** Where the log of each partition ended before anything of this input. */
  readonly startOffsets: readonly number[];
  /** Records of this input that are in the log already, by partition. */
  readonly #written: number[];
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
    this.#written = found.ends.map((end, partition) => end - (startOffsets[partition] ?? end));
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

  get writtenBefore(): number {
    return this.#written.reduce((sum, count) => sum + count, 0);
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

  /** The records that are not in the log yet, in real time from `startMs` on.
   *  Why by count: records with a partition of their own keep its order, so as many of them as the
   *  partition has gained are there; of the others, as many as the whole topic has gained. */
  *remaining(records: Iterable<WorkloadRecord>, startMs: number): Generator<WorkloadRecord> {
    const written = [...this.#written];
    let writtenAnywhere = this.writtenBefore;
    let firstMs: number | null = null;
    for (const record of records) {
      if (record.partition === undefined) {
        writtenAnywhere -= 1;
        if (writtenAnywhere >= 0) continue;
      } else {
        const before = written[record.partition % written.length] ?? 0;
        if (before > 0) {
          written[record.partition % written.length] = before - 1;
          continue;
        }
      }
      // What was written before took its time then.
      firstMs ??= this.writtenBefore === 0 ? 0 : record.atMs;
      const atMs = startMs + record.atMs - firstMs;
      if (record.partition === undefined) yield { ...record, atMs };
      else yield { ...record, partition: record.partition % written.length, atMs };
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
