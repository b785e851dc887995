/** Writes checkpoints one after the other, keeps the last ten metadata files, and removes the data
 *  of RDDs that the newest metadata does not need.
 *  Like Spark: CheckpointWriter (S/Checkpoint.scala), DStreamCheckpointData. */

import { compareNumbers } from "../base/order.ts";
import type { Runtime } from "../sim/runtime.ts";
import { type Checkpoint, type DataCheckpoint, metadataFile, metadataFiles } from "./checkpoint.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import { utf8Length } from "../record/record.ts";

const FILES_MAX = 10;
const ATTEMPTS_MAX = 3;
/** Writes that may wait; one more is refused. */
const QUEUE_MAX = 1000;

interface Write {
  readonly file: string;
  readonly text: string;
  readonly backup: string | null;
  /** In the log's words, when it failed for good. */
  readonly failure: string;
  readonly done: (error: string | null) => void;
}

/** What the cleaning up of a stream's data knows. Like Spark: DStreamCheckpointData. */
interface StreamFiles {
  /** Files by the time of their RDD. */
  readonly files: Map<number, string>;
  /** By the time of a checkpoint, the oldest RDD it names. */
  readonly oldestMs: Map<number, number>;
}

export class CheckpointWriter {
  readonly directory: string;
  readonly #store: CheckpointStore;
  readonly #runtime: Pick<Runtime, "emit" | "schedule">;
  readonly #queue: Write[] = [];
  readonly #runDirectory: string;
  /** By node. Only what this driver has named: what an earlier one left behind stays. */
  readonly #streams = new Map<number, StreamFiles>();
  #isWriting = false;
  #isClosed = false;
  #closed: (() => void) | null = null;
  #latestTimeMs = 0;

  constructor(options: {
    readonly directory: string;
    readonly store: CheckpointStore;
    readonly runtime: Pick<Runtime, "emit" | "schedule">;
  }) {
    this.directory = options.directory;
    this.#store = options.store;
    this.#runtime = options.runtime;
    this.#runDirectory = `${options.directory}/run-${nextRun(options.store, options.directory)}`;
  }

  /** Writes metadata under the newest checkpoint time seen, then calls back. */
  writeMetadata(checkpoint: Checkpoint, done: (error: string | null) => void): void {
    this.#note(checkpoint);
    const { checkpointTimeMs } = checkpoint;
    this.#latestTimeMs = Math.max(this.#latestTimeMs, checkpointTimeMs);
    const file = metadataFile(this.directory, this.#latestTimeMs);
    const text = JSON.stringify(checkpoint);
    this.#enqueue({
      file,
      text,
      backup: `${file}.bk`,
      failure: `Could not write checkpoint for time ${checkpointTimeMs} ms to file '${file}'`,
      done: (error) => {
        if (error === null) {
          this.#emitWritten(file, text, checkpoint);
          this.#dropOldMetadata();
        }
        done(error);
      },
    });
  }

  #note({ checkpointTimeMs, rdds }: Checkpoint): void {
    for (const { node, timeMs, file } of rdds) {
      const stream = this.#streams.get(node) ?? { files: new Map(), oldestMs: new Map() };
      this.#streams.set(node, stream);
      stream.files.set(timeMs, file);
    }
    for (const [node, { oldestMs }] of this.#streams) {
      const times = rdds.filter((rdd) => rdd.node === node).map(({ timeMs }) => timeMs);
      if (times.length > 0) oldestMs.set(checkpointTimeMs, Math.min(...times));
    }
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
      backup: null,
      failure: `Could not write the data of RDD ${of.rdd} to file '${file}'`,
      done: (error) => {
        if (error === null) this.#emitData(file, text, of);
        done(error === null ? { file } : { error });
      },
    });
  }

  #emitData(
    file: string,
    text: string,
    { node, batchTimeMs }: { readonly node: number | null; readonly batchTimeMs: number },
  ): void {
    this.#runtime.emit({
      kind: "checkpoint.written",
      file,
      type: "rdd",
      batchTimeMs,
      sizeBytes: utf8Length(text),
      pendingMs: [],
      ranges: [],
      node,
    });
  }

  #enqueue(write: Write): void {
    if (this.#isClosed || this.#queue.length >= QUEUE_MAX) {
      this.#refuse(write, "Could not submit checkpoint task to the thread pool executor");
      return;
    }
    this.#queue.push(write);
    this.#writeNext();
  }

  #refuse(write: Write, message: string): void {
    this.#runtime.emit({ kind: "error.reported", message });
    write.done(message);
  }

  #writeNext(): void {
    if (this.#isWriting) return;
    const write = this.#queue.shift();
    if (write === undefined) {
      this.#closed?.();
      return;
    }
    this.#isWriting = true;
    this.#attempt(write, 1);
  }

  #attempt(write: Write, number: number): void {
    const { file, text, backup, failure } = write;
    const ended = (error: string | null): void => {
      if (error !== null && number < ATTEMPTS_MAX) {
        this.#attempt(write, number + 1);
        return;
      }
      if (error !== null) {
        const message = `${failure} after ${ATTEMPTS_MAX} attempts: ${error}`;
        this.#runtime.emit({ kind: "error.reported", message });
      }
      this.#isWriting = false;
      write.done(error);
      this.#writeNext();
    };
    this.#store.write(file, text, ended, backup);
  }

  /** Takes no more writes; calls back when those it has are through, or after the time given.
   *  Like Spark: CheckpointWriter.stop. */
  close(withinMs: number, done: () => void): void {
    this.#isClosed = true;
    const end = (): void => {
      if (this.#closed === null) return;
      this.#closed = null;
      this.#queue.length = 0;
      done();
    };
    this.#closed = end;
    if (this.#isWriting) this.#runtime.schedule(withinMs, end);
    else end();
  }

  #dropOldMetadata(): void {
    for (const file of metadataFiles(this.#store, this.directory).slice(FILES_MAX)) {
      this.#remove(file);
    }
  }

  /** The checkpoint of a time is written: data of RDDs older than the oldest that it names goes.
   *  Older metadata may name it still, and can then not be restored.
   *  Like Spark: DStreamCheckpointData.cleanup. */
  dropOldData(checkpointTimeMs: number): void {
    for (const { files, oldestMs } of this.#streams.values()) {
      const keptFromMs = oldestMs.get(checkpointTimeMs);
      if (keptFromMs === undefined) continue;
      oldestMs.delete(checkpointTimeMs);
      for (const [timeMs, file] of files) {
        if (timeMs >= keptFromMs) continue;
        files.delete(timeMs);
        this.#remove(file);
      }
    }
  }

  #remove(file: string): void {
    this.#store.remove(file);
    this.#runtime.emit({ kind: "checkpoint.removed", file });
  }
}

/** One more than the highest run that left data in the directory. */
function nextRun(store: CheckpointStore, directory: string): number {
  const runs = store.list(directory).flatMap((file) => {
    const match = /^run-(\d+)\//u.exec(file.slice(directory.length + 1));
    return match === null ? [] : [Number(match[1])];
  });
  return (runs.sort(compareNumbers).at(-1) ?? 0) + 1;
}
