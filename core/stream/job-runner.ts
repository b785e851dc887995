/** Runs jobs for a driver: for its output operations with a call-back, for actions inside functions
 *  of the person's by waiting; and after each job writes the RDDs it used that were marked for
 *  checkpointing. Like Spark: SparkContext.runJob, RDD.doCheckpoint. */

import { assert, get } from "../base/assert.ts";
import { PipelineError, StreamscopeError } from "../base/errors.ts";
import type { FileSystem } from "../files/file-system.ts";
import type { Accumulators } from "../rdd/accumulators.ts";
import { checkpointed } from "../rdd/checkpointed.ts";
import { localCheckpoint } from "../rdd/local-checkpoint.ts";
import { hashPartitions } from "../rdd/partitioner.ts";
import type { Action, RDDContext, RDDNode, Site } from "../rdd/rdd.ts";
import { CHECKPOINT_VERSION } from "../checkpoint/checkpoint.ts";
import type { CheckpointWriter } from "../checkpoint/checkpoint-writer.ts";
import { valueToText } from "../record/value-text.ts";
import type { BlockStore } from "../scheduler/block-store.ts";
import type { DAGScheduler } from "../scheduler/dag-scheduler.ts";
import type { Runtime } from "../sim/runtime.ts";

/** Which batch and output operation a job belongs to.
 *  Like Spark: the local properties `spark.streaming.internal.*`. */
export interface JobProperties {
  readonly batchTimeMs: number | null;
  readonly output: number | null;
}

/** A job after which RDDs are checkpointed: their new leaves are made by its action. */
interface EndedJob {
  readonly action: string;
  readonly properties: JobProperties;
}

export interface JobRunnerOptions {
  readonly runtime: Runtime;
  readonly dag: DAGScheduler;
  readonly store: BlockStore;
  readonly defaultParallelism: number;
  readonly files: FileSystem;
  readonly siteOf: (operator: string) => Site;
  readonly openWriter: (directory: string) => CheckpointWriter;
  readonly allowsMissingOffsets: () => boolean;
}

export class JobRunner implements RDDContext {
  readonly defaultParallelism: number;
  readonly files: FileSystem;
  readonly persisted = new Map<number, RDDNode<unknown>>();
  application: object | null = null;
  readonly #options: JobRunnerOptions;
  /** Set once the application's checkpoint directory is known. */
  writer: CheckpointWriter | null = null;
  #nextRdd = 0;
  #nextShuffle = 0;
  #scope: Site | null = null;
  #properties: JobProperties = { batchTimeMs: null, output: null };

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.defaultParallelism = options.defaultParallelism;
    this.files = options.files;
  }

  get allowsMissingOffsets(): boolean {
    return this.#options.allowsMissingOffsets();
  }

  get isOutputRunning(): boolean {
    return this.#properties.output !== null;
  }

  nextRddId(): number {
    this.#requireDriver();
    this.#nextRdd += 1;
    return this.#nextRdd - 1;
  }

  /** Tasks have no SparkContext. In Spark's words.
   *  Throws: PipelineError GRAPH_INVALID while a task computes. */
  #requireDriver(): void {
    if (!this.#options.dag.isComputing) return;
    throw new PipelineError(
      "GRAPH_INVALID",
      "org.apache.spark.SparkException: This RDD lacks a SparkContext. It could happen in the " +
        "following cases: (1) RDD transformations and actions are NOT invoked by the driver, but " +
        "inside of other transformations; for example, rdd1.map(x => rdd2.values.count() * x) is " +
        "invalid because the values transformation and count action cannot be performed inside " +
        "of the rdd1.map transformation. For more information, see SPARK-5063.",
    );
  }

  nextShuffleId(): number {
    this.#nextShuffle += 1;
    return this.#nextShuffle - 1;
  }

  /** RDDs made by a stream carry the stream's call, as in Spark; those of a null site their own. */
  site(operator: string): Site {
    return this.#scope ?? this.#options.siteOf(operator);
  }

  within<R>(site: Site | null, run: () => R): R {
    const outer = this.#scope;
    this.#scope = site;
    try {
      return run();
    } finally {
      this.#scope = outer;
    }
  }

  /** Runs a function of the person's on the driver: its jobs carry the batch and output. */
  withProperties<R>(properties: JobProperties, run: () => R): R {
    const outer = { properties: this.#properties, scope: this.#scope };
    this.#properties = properties;
    this.#scope = null;
    try {
      return run();
    } finally {
      this.#properties = outer.properties;
      this.#scope = outer.scope;
    }
  }

  runJob<T, R>(rdd: RDDNode<T>, partitions: readonly number[], action: Action<T, R>): readonly R[] {
    this.#requireDriver();
    let outcome: { readonly error: Error | null; readonly results: readonly R[] } | null = null;
    this.submit(rdd, partitions, action, this.#properties, (error, results) => {
      outcome = { error, results };
    });
    const ended = (): typeof outcome => outcome;
    this.#options.runtime.runUntil(() => ended() !== null);
    const { error, results } = ended() ?? { error: null, results: [] };
    if (error !== null) throw error;
    return results;
  }

  /** Shape: results in the order of the partitions asked for; empty on error. */
  submit<T, R>(
    rdd: RDDNode<T>,
    partitions: readonly number[],
    action: Action<T, R>,
    properties: JobProperties,
    done: (error: Error | null, results: readonly R[]) => void,
  ): void {
    const results = new Map<number, R>();
    this.#options.dag.submit({
      rdd,
      partitions,
      action: action.name,
      ...properties,
      run: (task, partition) => {
        const result = action.run(task, rdd, partition);
        return () => results.set(partition, result);
      },
      onResult: (_partition, keep) => {
        assert(typeof keep === "function", "a result must be kept by its job");
        keep();
      },
      onDone: (error) => {
        if (error !== null) {
          done(error, []);
          return;
        }
        this.#checkpointMarked(rdd, { action: action.name, properties }, (failure) => {
          if (failure !== null) done(failure, []);
          else
            done(
              null,
              partitions.map((partition) => get(results, partition, "the result")),
            );
        });
      },
    });
  }

  /** Writes every marked RDD the job could see, parents first. */
  #checkpointMarked(
    rdd: RDDNode<unknown>,
    job: EndedJob,
    done: (error: Error | null) => void,
  ): void {
    const { writer } = this;
    // Jobs of batches write every RDD that is marked, others only the nearest.
    const marked = markedRDDs(rdd, job.properties.batchTimeMs !== null);
    const next = (index: number): void => {
      const one = marked[index];
      const written = (error: Error | null): void => {
        if (error === null) next(index + 1);
        else done(error);
      };
      if (one === undefined) {
        done(null);
      } else if (one.localCheckpoint === "marked") {
        this.#checkpointLocally(one, job, written);
      } else if (writer === null) {
        next(index + 1);
      } else {
        one.isCheckpointMarked = false;
        this.#checkpointOne(one, writer, job, written);
      }
    };
    next(0);
  }

  /** Computes the partitions that no executor has yet, then cuts the lineage. */
  #checkpointLocally(
    rdd: RDDNode<unknown>,
    { action, properties }: EndedJob,
    done: (error: Error | null) => void,
  ): void {
    const { dag, store } = this.#options;
    rdd.localCheckpoint = "done";
    const cut = (): void => rdd.cutLineage(null, localCheckpoint(rdd, action));
    const partitions = allPartitions(rdd).filter((one) => store.cachedBlock(rdd, one) === null);
    if (partitions.length === 0) {
      cut();
      done(null);
      return;
    }
    dag.submit({
      rdd,
      partitions,
      action: "localCheckpoint",
      ...properties,
      run: (task, partition) => task.iterate(rdd, partition, () => {}),
      onResult: () => {},
      onDone: (error) => {
        if (error === null) cut();
        done(error);
      },
    });
  }

  #checkpointOne(
    rdd: RDDNode<unknown>,
    writer: CheckpointWriter,
    { action, properties }: EndedJob,
    done: (error: Error | null) => void,
  ): void {
    const texts = new Map<number, string>();
    const partitions = allPartitions(rdd);
    this.#options.dag.submit({
      rdd,
      partitions,
      action: "checkpoint",
      ...properties,
      run: (task, partition) => {
        const records: unknown[] = [];
        task.iterate(rdd, partition, (record) => records.push(record));
        try {
          return valueToText(records);
        } catch (thrown) {
          throw task.userError(rdd, thrown, undefined);
        }
      },
      onResult: (partition, text) => texts.set(partition, String(text)),
      onDone: (error) => {
        if (error !== null) {
          done(error);
          return;
        }
        const partitionTexts = partitions.map((partition) => get(texts, partition, "the text"));
        const numPartitions = hashPartitions(rdd.partitioner);
        const of = {
          rdd: rdd.id,
          node: rdd.origin?.node ?? null,
          batchTimeMs: rdd.origin?.batchTimeMs ?? properties.batchTimeMs ?? 0,
        };
        const data = { version: CHECKPOINT_VERSION, numPartitions, partitionTexts };
        writer.writeData(of, data, (written) => {
          if ("error" in written) {
            done(new StreamscopeError("JOB_ABORTED", `${String(rdd)}: ${written.error}`));
            return;
          }
          const { file } = written;
          const { partitioner } = rdd;
          const operator = action;
          rdd.cutLineage(file, checkpointed(this, { file, partitionTexts, partitioner, operator }));
          done(null);
        });
      },
    });
  }

  get checkpointDirectory(): string | null {
    return this.writer?.directory ?? null;
  }

  setCheckpointDirectory(directory: string): void {
    if (directory !== this.checkpointDirectory) this.writer = this.#options.openWriter(directory);
  }

  get accumulators(): Accumulators {
    return this.#options.dag.accumulators;
  }

  get isComputing(): boolean {
    return this.#options.dag.isComputing;
  }

  nextBroadcastId(): number {
    this.#requireDriver();
    return this.#options.dag.nextBroadcastId();
  }

  cachedPartitions(rdd: number): number {
    return this.#options.store.cachedPartitions(rdd);
  }

  cachedRecords(rdd: number): { readonly memory: number; readonly disk: number } {
    return this.#options.store.cachedRecords(rdd);
  }

  preferredExecutors(rdd: RDDNode<unknown>, partition: number): readonly number[] {
    return this.#options.dag.preferredExecutors(rdd, partition);
  }

  unpersist(rdd: RDDNode<unknown>): void {
    rdd.storageLevel = "NONE";
    const blocks = this.#options.store.removeBlocks(rdd.id);
    if (blocks > 0) this.#options.runtime.emit({ kind: "blocks.removed", rdd: rdd.id, blocks });
  }
}

export function allPartitions(rdd: RDDNode<unknown>): number[] {
  return Array.from({ length: rdd.numPartitions }, (_, partition) => partition);
}

/** Marked and not written, parents before children; without `all`, only those whose data no other
 *  checkpoint stands before. */
function markedRDDs(rdd: RDDNode<unknown>, all: boolean): RDDNode<unknown>[] {
  const found: RDDNode<unknown>[] = [];
  const seen = new Set<number>();
  const visit = (of: RDDNode<unknown>): void => {
    if (seen.has(of.id)) return;
    seen.add(of.id);
    const isLocal = of.localCheckpoint === "marked";
    const isMarked = isLocal || (of.isCheckpointMarked && of.checkpointFile === null);
    if (all || !isMarked) for (const { rdd: parent } of of.dependencies) visit(parent);
    if (isMarked) found.push(of);
  };
  visit(rdd);
  return found;
}
