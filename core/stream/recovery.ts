/** From a checkpoint to a driver that goes on: which file is whole, what it holds, and which
 *  batches run again. Like Spark: CheckpointReader.read, JobGenerator.restart. */

import { PipelineError, StreamscopeError } from "../base/errors.ts";
import { compareNumbers } from "../base/order.ts";
import { nextBatchTime } from "../base/time.ts";
import {
  type Checkpoint,
  metadataFiles,
  parseCheckpoint,
  parseData,
} from "../checkpoint/checkpoint.ts";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import { checkpointed } from "../rdd/checkpointed.ts";
import { hashPartitioner } from "../rdd/partitioner.ts";
import type { RDDContext } from "../rdd/rdd.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { BatchTable } from "./batch-table.ts";
import type { StreamGraph } from "./graph.ts";

export interface Recovered {
  readonly file: string;
  readonly checkpoint: Checkpoint;
}

/** The newest readable checkpoint; null when there is none at all. Torn and foreign files are
 *  skipped.
 *  Throws: PipelineError CHECKPOINT_CORRUPT when there are files and none can be read;
 *  CHECKPOINT_MISMATCH when the program is not the one that wrote it. */
export function readCheckpoint(
  store: CheckpointStore,
  graph: StreamGraph,
  runtime: Pick<Runtime, "emit">,
): Recovered | null {
  const directory = graph.checkpointDirectory;
  if (directory === null) return null;
  const files = metadataFiles(store, directory);
  for (const file of files) {
    try {
      const checkpoint = parseCheckpoint(file, store.read(file) ?? "");
      requireSameProgram(file, checkpoint, graph);
      return { file, checkpoint };
    } catch (error) {
      if (!(error instanceof StreamscopeError) || error.code !== "CHECKPOINT_CORRUPT") throw error;
      runtime.emit({ kind: "checkpoint.skipped", file, error: error.message });
    }
  }
  if (files.length === 0) return null;
  throw new PipelineError(
    "CHECKPOINT_CORRUPT",
    `Failed to read checkpoint from directory ${directory}: none of its ${files.length} files is ` +
      "whole; delete the directory to start afresh (state and offsets are lost), or restore a " +
      "whole file",
    { place: { file: directory } },
  );
}

function requireSameProgram(file: string, checkpoint: Checkpoint, graph: StreamGraph): void {
  if (checkpoint.fingerprint === graph.fingerprint()) return;
  throw new PipelineError(
    "CHECKPOINT_MISMATCH",
    `checkpoint ${file} was written by another version of this program: an operator, a parameter ` +
      "or a function has changed since. Spark would fail to read it, or run the old code. Go " +
      "back to that version, or delete the checkpoint directory and start afresh (state and " +
      "offsets are lost)",
    { place: { file } },
  );
}

/** Where a driver begins. */
export interface StartTimes {
  readonly zeroTimeMs: number;
  /** Of the first batch that is new. */
  readonly firstMs: number;
  /** Of batches that run again. */
  readonly againMs: readonly number[];
}

export function startTimes(
  recovered: Recovered | null,
  nowMs: number,
  batchIntervalMs: number,
): StartTimes {
  if (recovered !== null) return restartTimes(recovered.checkpoint, nowMs);
  const firstMs = nextBatchTime(nowMs, batchIntervalMs);
  return { zeroTimeMs: firstMs - batchIntervalMs, firstMs, againMs: [] };
}

/** Down times include the checkpoint's own. */
function restartTimes(checkpoint: Checkpoint, nowMs: number): StartTimes {
  const { batchIntervalMs, zeroTimeMs, checkpointTimeMs, pendingMs } = checkpoint;
  const firstMs = nextBatchTime(nowMs, batchIntervalMs, zeroTimeMs);
  const times = new Set(pendingMs);
  for (let timeMs = checkpointTimeMs; timeMs < firstMs; timeMs += batchIntervalMs) {
    times.add(timeMs);
  }
  const againMs = [...times].filter((timeMs) => timeMs < firstMs).sort(compareNumbers);
  return { zeroTimeMs, againMs, firstMs };
}

/** Puts the checkpointed RDDs back under their times.
 *  Throws: PipelineError CHECKPOINT_CORRUPT for data that cannot be read. */
export function restoreRDDs(options: {
  readonly checkpoint: Checkpoint;
  readonly store: CheckpointStore;
  readonly rdds: RDDContext;
  readonly table: BatchTable;
}): void {
  for (const { node, timeMs, file } of options.checkpoint.rdds) {
    const text = options.store.read(file);
    if (text === null) throw missingData(file);
    const data = parseData(file, text);
    const partitioner = data.numPartitions === null ? null : hashPartitioner(data.numPartitions);
    const rdd = checkpointed(options.rdds, {
      file,
      partitionTexts: data.partitionTexts,
      partitioner,
      operator: "checkpoint",
    });
    rdd.origin = { node, batchTimeMs: timeMs };
    options.table.put(node, timeMs, rdd);
  }
}

function missingData(file: string): PipelineError {
  return new PipelineError(
    "CHECKPOINT_CORRUPT",
    `checkpoint data ${file} is missing, and the metadata names it; put the file back, or delete ` +
      "the checkpoint directory and start afresh (state and offsets are lost)",
    { place: { file } },
  );
}
