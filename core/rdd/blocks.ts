/** Leaves over blocks that receivers stored: one partition per block.
 *  Like Spark: BlockRDD (core/.../rdd/BlockRDD.scala) and WriteAheadLogBackedBlockRDD
 *  (S/rdd/WriteAheadLogBackedBlockRDD.scala). */

import { at } from "../base/assert.ts";
import { StreamscopeError } from "../base/errors.ts";
import { copyValue } from "../record/copy-value.ts";
import { type RDDContext, RDDNode } from "./rdd.ts";

/** A block as the driver knows it. */
export interface ReceivedBlock {
  /** `input-0-1000`. */
  readonly block: string;
  readonly records: number;
  /** Where the write-ahead log holds its records; null when they are not logged. */
  readonly logFile: string | null;
}

/** Where the records of blocks are. */
export interface BlockSource {
  /** Executors that hold the block, ascending. */
  holders(block: string): readonly number[];
  /** Null where no executor holds it. */
  read(block: string): readonly unknown[] | null;
  /** What the write-ahead log holds of it; null where the log does not. */
  readLog(file: string): readonly unknown[] | null;
}

export interface BlocksOptions {
  readonly context: RDDContext;
  readonly operator: string;
  readonly source: BlockSource;
  readonly blocks: readonly ReceivedBlock[];
  /** Read from the log what no executor holds. */
  readonly isLogged: boolean;
}

export function blockRDD<T>(options: BlocksOptions): RDDNode<T> {
  const { context, operator, source, blocks, isLogged } = options;
  return new RDDNode<T>({
    context,
    className: isLogged ? "WriteAheadLogBackedBlockRDD" : "BlockRDD",
    operator,
    numPartitions: blocks.length,
    dependencies: [],
    preferredExecutors: (partition) => source.holders(at(blocks, partition).block),
    compute: (rdd, partition, task, push) => {
      const { block, logFile } = at(blocks, partition);
      const records =
        source.read(block) ?? (isLogged && logFile !== null ? source.readLog(logFile) : null);
      if (records === null) throw blockNotFound(block, rdd.id);
      // A block holds what its receiver stored, which is what the stream is of.
      for (const record of records) push(copyValue(record) as T);
      task.count(rdd, records.length);
    },
  });
}

/** As SparkCoreErrors.rddBlockNotFoundError words it. */
function blockNotFound(block: string, rdd: number): StreamscopeError {
  return new StreamscopeError(
    "JOB_ABORTED",
    `java.lang.Exception: Could not compute split, block ${block} of RDD ${rdd} not found`,
  );
}
