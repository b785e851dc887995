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
  /** RDDs named by each metadata file there is, and by the newest. */
  readonly #named = new Map<string, Checkpoint["rdds"]>();
  #newest: Checkpoint["rdds"] = [];
  /** Files with the data of RDDs; null for what an earlier driver left without a name. */
  readonly #data = new Map<string, { readonly node: number; readonly timeMs: number } | null>();
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
    this.#lookAround();
  }

  /** Learns what earlier drivers left. */
  #lookAround(): void {
    for (const file of this.#store.list(this.directory)) {
      if (isData(this.directory, file)) this.#data.set(file, null);
    }
    for (const metadata of metadataFiles(this.#store, this.directory)) {
      const rdds = namedRDDs(this.#store, metadata);
      this.#named.set(metadata, rdds);
      for (const { file, node, timeMs } of rdds) this.#data.set(file, { node, timeMs });
    }
  }

  /** Writes metadata under the newest checkpoint time seen, then calls back. */
  writeMetadata(checkpoint: Checkpoint, done: () => void): void {
    this.#latestTimeMs = Math.max(this.#latestTimeMs, checkpoint.checkpointTimeMs);
    const file = metadataFile(this.directory, this.#latestTimeMs);
    const text = JSON.stringify(checkpoint);
    const replaced = this.#store.read(file);
    if (replaced !== null) {
      const rdds = this.#named.get(file) ?? [];
      const backup = `${file}.bk`;
      this.#enqueue({ file: backup, text: replaced, done: () => this.#named.set(backup, rdds) });
    }
    this.#enqueue({
      file,
      text,
      done: (error) => {
        if (error === null) {
          this.#named.set(file, checkpoint.rdds);
          this.#newest = checkpoint.rdds;
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

  /** Writes the data of an RDD, then calls back with the file, or with what went wrong. */
  writeData(
    of: { readonly rdd: number; readonly node: number | null; readonly batchTimeMs: number },
    data: DataCheckpoint,
    done: (written: { readonly file: string } | { readonly error: string }) => void,
  ): void {
    const file = `${this.#runDirectory}/rdd-${of.rdd}`;
    const text = JSON.stringify(data);
    this.#enqueue({
      file,
      text,
      done: (error) => {
        if (error === null) {
          const { node, batchTimeMs: timeMs } = of;
          this.#data.set(file, { node: node ?? -1, timeMs });
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
        done(error === null ? { file } : { error });
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
      this.#named.delete(file);
      this.#remove(file);
    }
  }

  /** Removes the data of RDDs older than the oldest of the same stream that the newest metadata
   *  names, and what earlier drivers left that no metadata names. What kept metadata still names
   *  stays. Like Spark: DStreamCheckpointData.cleanup. */
  dropOldData(): void {
    const kept = new Set([...this.#named.values()].flatMap((rdds) => rdds.map(({ file }) => file)));
    const oldestMs = new Map<number, number>();
    for (const { node, timeMs } of this.#newest) {
      oldestMs.set(node, Math.min(timeMs, oldestMs.get(node) ?? Infinity));
    }
    for (const [file, of] of this.#data) {
      const isOld = of === null || of.timeMs < (oldestMs.get(of.node) ?? -Infinity);
      if (!isOld || kept.has(file)) continue;
      this.#data.delete(file);
      this.#remove(file);
    }
  }

  #remove(file: string): void {
    this.#store.remove(file);
    this.#runtime.emit({ kind: "checkpoint.removed", file });
  }
}

/** What a metadata file names; nothing for one that nobody can read. */
function namedRDDs(store: CheckpointStore, metadata: string): Checkpoint["rdds"] {
  try {
    return parseCheckpoint(metadata, store.read(metadata) ?? "").rdds;
  } catch {
    return [];
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
