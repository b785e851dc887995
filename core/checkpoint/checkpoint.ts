/** What a metadata checkpoint holds: plain data by node id, never code. The graph is made again by
 *  running the program, and its fingerprint compared.
 *  Like Spark: org.apache.spark.streaming.Checkpoint; unlike it: Spark serialises the graph itself.
 *
 *  Files below the checkpoint directory:
 *    checkpoint-<ms>, checkpoint-<ms>.bk    metadata, and the one before of the same time
 *    run-<n>/rdd-<id>                       the data of an RDD, written by the n-th driver */

import { PipelineError } from "../base/errors.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";

export const CHECKPOINT_VERSION = 2;

export interface Checkpoint {
  readonly version: number;
  /** Of the application: a driver that starts again goes by these. */
  readonly conf: readonly (readonly [name: string, value: string])[];
  /** Why it cannot be read again, whoever asks; null when it can. */
  readonly refused: string | null;
  readonly fingerprint: string;
  readonly batchIntervalMs: number;
  readonly zeroTimeMs: number;
  readonly checkpointTimeMs: number;
  /** Batches submitted and not finished. */
  readonly pendingMs: readonly number[];
  readonly inputs: readonly InputCheckpoint[];
  readonly files: readonly FileInputCheckpoint[];
  /** Remembered RDDs whose data is written. */
  readonly rdds: readonly {
    readonly node: number;
    readonly timeMs: number;
    readonly file: string;
  }[];
}

/** Where a direct stream stands, and the ranges of its remembered batches. */
export interface InputCheckpoint {
  readonly node: number;
  readonly current: readonly (TopicPartition & { readonly offset: number })[];
  readonly planned: readonly { readonly timeMs: number; readonly ranges: readonly OffsetRange[] }[];
  /** What it was asked to commit and has not sent yet. */
  readonly commits: readonly OffsetRange[];
  /** What its rate estimator has learnt; null without back-pressure. */
  readonly rate: RateCheckpoint | null;
}

/** The memory of a PID rate estimator. */
export interface RateCheckpoint {
  readonly isFirstRun: boolean;
  readonly latestMs: number;
  readonly latestRate: number;
  readonly latestError: number;
}

/** When a stream of files was made, and what its remembered batches took. */
export interface FileInputCheckpoint {
  readonly node: number;
  readonly startedMs: number;
  readonly selected: readonly { readonly timeMs: number; readonly paths: readonly string[] }[];
}

/** The data of an RDD: one text per partition. */
export interface DataCheckpoint {
  readonly version: number;
  /** Of its hash partitioner; null without one. */
  readonly numPartitions: number | null;
  readonly partitionTexts: readonly string[];
}

export function metadataFile(directory: string, timeMs: number): string {
  return `${directory}/checkpoint-${timeMs}`;
}

/** The time in a file's name; null for files that are no metadata checkpoints. */
export function metadataTime(directory: string, file: string): number | null {
  const match = /^checkpoint-(\d+)(?:\.bk)?$/u.exec(file.slice(directory.length + 1));
  return match === null ? null : Number(match[1]);
}

/** Metadata files, the newest time first, the plain file before its `.bk`.
 *  Like Spark: CheckpointReader.read. */
export function metadataFiles(store: CheckpointStore, directory: string): string[] {
  return store
    .list(directory)
    .flatMap((file) => {
      const timeMs = metadataTime(directory, file);
      return timeMs === null ? [] : [{ file, timeMs }];
    })
    .sort((a, b) => b.timeMs - a.timeMs || a.file.length - b.file.length)
    .map(({ file }) => file);
}

/** Throws: PipelineError CHECKPOINT_CORRUPT for a torn or foreign file. */
export function parseCheckpoint(file: string, text: string): Checkpoint {
  const value = parseVersioned(file, text);
  if (!isCheckpoint(value)) throw corrupt(file, "it lacks a field of a checkpoint");
  if (value.refused !== null) throw corrupt(file, value.refused);
  return value;
}

/** Throws: PipelineError CHECKPOINT_CORRUPT for a torn or foreign file. */
export function parseData(file: string, text: string): DataCheckpoint {
  const value = parseVersioned(file, text);
  if (!isData(value)) throw corrupt(file, "it lacks a field of an RDD's data");
  return value;
}

function parseVersioned(file: string, text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw corrupt(file, "it is not whole JSON");
  }
  if (typeof value !== "object" || value === null || !("version" in value)) {
    throw corrupt(file, "it has no version");
  }
  if (value.version !== CHECKPOINT_VERSION) {
    throw corrupt(file, `its version is ${String(value.version)}, not ${CHECKPOINT_VERSION}`);
  }
  return value;
}

function isCheckpoint(value: object): value is Checkpoint {
  return (
    "fingerprint" in value &&
    typeof value.fingerprint === "string" &&
    "refused" in value &&
    (value.refused === null || typeof value.refused === "string") &&
    ["batchIntervalMs", "zeroTimeMs", "checkpointTimeMs"].every((name) =>
      Number.isSafeInteger(Object.getOwnPropertyDescriptor(value, name)?.value),
    ) &&
    ["conf", "pendingMs", "inputs", "files", "rdds"].every((name) =>
      Array.isArray(Object.getOwnPropertyDescriptor(value, name)?.value),
    )
  );
}

function isData(value: object): value is DataCheckpoint {
  return "partitionTexts" in value && Array.isArray(value.partitionTexts);
}

function corrupt(file: string, why: string): PipelineError {
  return new PipelineError(
    "CHECKPOINT_CORRUPT",
    `checkpoint file ${file} cannot be read: ${why}; it is skipped for an older one`,
    { place: { file } },
  );
}
