/** Writes checkpoints one after the other, keeps the last ten metadata files, and forgets the data
 *  of RDDs that no metadata names any more.
 *  Like Spark: CheckpointWriter (S/Checkpoint.scala), ReliableRDDCheckpointData. */

import { compareNumbers } from "../base/order.ts";
import type { Runtime } from "../sim/runtime.ts";
import {
  type Checkpoint,
  type DataCheckpoint,
  metadataFile,
  metadataFiles,
  parseCheckpoint,
} from "./checkpoint.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import { utf8Length } from "../record/record.ts";

const FILES_MAX = 10;
const ATTEMPTS_MAX = 3;

interface Write {
  readonly file: string;
  readonly text: string;
  readonly done: (error: string | null) => void;
}

export class CheckpointWriter {
  readonly directory: string;
  readonly #store: CheckpointStore;
  readonly #runtime: Pick<Runtime, "emit">;
  readonly #queue: Write[] = [];
  readonly #runDirectory: string;
  #isWriting = false;
  #latestTimeMs = 0;

  constructor(options: {
    readonly directory: string;
    readonly store: CheckpointStore;
    readonly runtime: Pick<Runtime, "emit">;
  }) {
    this.directory = options.directory;
    this.#store = options.store;
    this.#runtime = options.runtime;
    this.#runDirectory = `${options.directory}/run-${nextRun(options.store, options.directory)}`;
  }

  /** Writes metadata under the newest checkpoint time seen, then calls back. */
  writeMetadata(checkpoint: Checkpoint, done: () => void): void {
    this.#latestTimeMs = Math.max(this.#latestTimeMs, checkpoint.checkpointTimeMs);
    const file = metadataFile(this.directory, this.#latestTimeMs);
    const text = JSON.stringify(checkpoint);
    const replaced = this.#store.read(file);
    if (replaced !== null) this.#enqueue({ file: `${file}.bk`, text: replaced, done: () => {} });
    this.#enqueue({
      file,
      text,
      done: (error) => {
        if (error === null) {
          this.#emitWritten(file, text, checkpoint);
          this.#dropOldMetadata();
        }
        done();
      },
    });
  }

  #emitWritten(file: string, text: string, checkpoint: Checkpoint): void {
    this.#runtime.emit({
      kind: "checkpoint.written",
      file,
      type: "metadata",
      batchTimeMs: checkpoint.checkpointTimeMs,
      sizeBytes: utf8Length(text),
      pendingMs: checkpoint.pendingMs,
      ranges: checkpoint.inputs.flatMap(({ planned }) =>
        planned.flatMap(({ timeMs, ranges }) =>
          ranges.map((range) => ({ ...range, batchTimeMs: timeMs })),
        ),
      ),
      node: null,
    });
  }

  /** Writes the data of an RDD; gives the file, or null when it could not be written. */
  writeData(
    of: { readonly rdd: number; readonly node: number | null; readonly batchTimeMs: number },
    data: DataCheckpoint,
    done: (file: string | null) => void,
  ): void {
    const file = `${this.#runDirectory}/rdd-${of.rdd}`;
    const text = JSON.stringify(data);
    this.#enqueue({
      file,
      text,
      done: (error) => {
        if (error === null) {
          this.#runtime.emit({
            kind: "checkpoint.written",
            file,
            type: "rdd",
            batchTimeMs: of.batchTimeMs,
            sizeBytes: utf8Length(text),
            pendingMs: [],
            ranges: [],
            node: of.node,
          });
        }
        done(error === null ? file : null);
      },
    });
  }

  #enqueue(write: Write): void {
    this.#queue.push(write);
    this.#writeNext();
  }

  #writeNext(): void {
    if (this.#isWriting) return;
    const write = this.#queue.shift();
    if (write === undefined) return;
    this.#isWriting = true;
    this.#attempt(write, 1);
  }

  #attempt(write: Write, number: number): void {
    this.#store.write(write.file, write.text, (error) => {
      if (error !== null && number < ATTEMPTS_MAX) {
        this.#attempt(write, number + 1);
        return;
      }
      if (error !== null) {
        const message = `Could not write checkpoint ${write.file} after 3 attempts: ${error}`;
        this.#runtime.emit({ kind: "error.reported", message });
      }
      this.#isWriting = false;
      write.done(error);
      this.#writeNext();
    });
  }

  #dropOldMetadata(): void {
    for (const file of metadataFiles(this.#store, this.directory).slice(FILES_MAX)) {
      this.#remove(file);
    }
  }

  /** Removes RDD data older than the oldest that the newest metadata names.
   *  Like Spark: DStreamCheckpointData.cleanup. */
  dropOldData(inUse: ReadonlySet<string>): void {
    const kept = new Set(inUse);
    for (const metadata of metadataFiles(this.#store, this.directory)) {
      const text = this.#store.read(metadata);
      if (text === null) continue;
      try {
        for (const { file } of parseCheckpoint(metadata, text).rdds) kept.add(file);
      } catch {
        // A file nobody can read names no data.
      }
    }
    for (const file of this.#store.list(this.directory)) {
      if (isData(this.directory, file) && !kept.has(file)) this.#remove(file);
    }
  }

  #remove(file: string): void {
    this.#store.remove(file);
    this.#runtime.emit({ kind: "checkpoint.removed", file });
  }
}

function isData(directory: string, file: string): boolean {
  return /^run-\d+\/rdd-\d+$/u.test(file.slice(directory.length + 1));
}

/** One more than the highest run that left data in the directory. */
function nextRun(store: CheckpointStore, directory: string): number {
  const runs = store.list(directory).flatMap((file) => {
    const match = /^run-(\d+)\//u.exec(file.slice(directory.length + 1));
    return match === null ? [] : [Number(match[1])];
  });
  return (runs.sort(compareNumbers).at(-1) ?? 0) + 1;
}
