/** A DStream as the engine sees it: an immutable node of the graph.
 *
 *  Three things make one, as in Spark: how far apart its RDDs are (the slide), the streams it comes
 *  from, and its RDD at a time. What exists at run time (RDDs made, offsets reached) is kept by the
 *  driver, by node id, so that the graph can be drawn, compared and checkpointed.
 *
 *      createDirectStream ──▶ flatMap ──▶ map ──▶ reduceByKey ──▶ print
 *            at 1000 ms: KafkaRDD ─▶ MapPartitionsRDD ─▶ ... ═▶ ShuffledRDD ─▶ a job
 *
 *  Like Spark: org.apache.spark.streaming.dstream.DStream. */

import { PipelineError } from "../base/errors.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import type { BlocksOptions } from "../rdd/blocks.ts";
import type { RDDContext, RDDNode, Site } from "../rdd/rdd.ts";
import type { StorageLevel } from "../rdd/storage-level.ts";
import type { KafkaSource } from "./kafka-source.ts";
import type { RunnableReceiver } from "./receiver-port.ts";

/** What computing the RDD of a batch may ask of the driver. */
export interface BatchContext {
  readonly rdds: RDDContext;
  readonly zeroTimeMs: number;
  /** The RDD of a stream at a time; null at a time that is not one of its own. */
  rddOf<T>(node: StreamNode<T>, timeMs: number): RDDNode<T> | null;
  /** The offset ranges planned for a direct stream. */
  rangesOf(node: StreamNode<unknown>, timeMs: number): readonly OffsetRange[];
  /** The files chosen for a stream of files. */
  filesOf(node: StreamNode<unknown>, timeMs: number): readonly string[];
  /** The blocks allocated to a batch of a receiver's stream. */
  receivedOf(
    node: StreamNode<unknown>,
    timeMs: number,
  ): Pick<BlocksOptions, "source" | "blocks" | "isLogged">;
  /** Notes which batches a window covers. */
  windowComputed(window: {
    readonly node: number;
    readonly batchTimeMs: number;
    readonly batchesMs: readonly number[];
    readonly leavingMs: readonly number[];
    readonly enteringMs: readonly number[];
  }): void;
}

/** What a stream's executors run to take in its records. */
export type ReceiverSource = RunnableReceiver;

/** Where an input stream's records come from; the driver does the reading. */
export type InputSource =
  | KafkaSource
  | { readonly kind: "queue"; readonly batches: number }
  | { readonly kind: "receiver"; readonly receiver: ReceiverSource }
  | { readonly kind: "files"; readonly directory: string; readonly newFilesOnly: boolean };

/** What an output operation does with the RDD of each batch. */
export type OutputAction =
  | { readonly kind: "print"; readonly count: number }
  | { readonly kind: "foreachRDD"; readonly run: (rdd: RDDNode<unknown>, timeMs: number) => void };

export interface StreamNodeOptions<T> {
  /** The method that made it: `reduceByKey`. */
  readonly operator: string;
  /** The function the person gave makes RDDs of its own, which carry the calls it makes.
   *  Like Spark: the `displayInnerRDDOps` of TransformedDStream. */
  readonly showsInnerCalls?: boolean;
  /** Spark's class: `ShuffledDStream`. */
  readonly className: string;
  readonly parents: readonly StreamNode<unknown>[];
  readonly slideMs: number;
  /** What the person gave: numbers, names and functions; part of the graph's fingerprint. */
  readonly parameters?: readonly unknown[];
  readonly windowMs?: number;
  /** State that must not grow its lineage for ever. */
  readonly mustCheckpoint?: boolean;
  /** How often, where the person does not say; the slide or ten seconds when left out. */
  readonly defaultCheckpointMs?: number;
  readonly storageLevel?: StorageLevel;
  /** Whose RDDs `persist` keeps: a window hands it on to its parent. */
  readonly persists?: "itself" | "parents" | "both";
  /** Why a checkpoint with this stream cannot be read again. */
  readonly checkpointRefusal?: string;
  readonly input?: InputSource;
  readonly output?: OutputAction;
  /** The RDD at a time; null where the parents have none. A method, so that a stream of pairs is
   *  also a stream of anything. */
  compute(timeMs: number, batch: BatchContext, self: StreamNode<T>): RDDNode<T> | null;
}

/** Numbers nodes in the order they are made and knows the defaults. */
export interface NodeOwner {
  readonly batchIntervalMs: number;
  readonly defaultParallelism: number;
  /** What the person built the graph with: a StreamingContext. */
  readonly context: unknown;
  /** Throws: PipelineError CONTEXT_STATE after the context was started. */
  add(node: StreamNode<unknown>): number;
  /** The place of the person's call that is being made, or of the operator's own. */
  site(operator: string): Site;
  /** Streams made meanwhile are steps of one call of the person's: `count` makes a `reduceByKey`.
   *  Like Spark: StreamingContext.withScope. */
  within<R>(call: string, run: () => R): R;
  /** The context was started and an output needs the stream. */
  isInitialized(node: StreamNode<unknown>): boolean;
  /** The RDDs of a running stream from one time to another, both included.
   *  Throws: PipelineError CONTEXT_STATE before the start. */
  slice<T>(node: StreamNode<T>, fromMs: number, toMs: number): RDDNode<T>[];
}

export class StreamNode<T> {
  readonly owner: NodeOwner;
  readonly id: number;
  readonly operator: string;
  readonly className: string;
  readonly parents: readonly StreamNode<unknown>[];
  readonly slideMs: number;
  readonly windowMs: number | null;
  readonly mustCheckpoint: boolean;
  readonly defaultCheckpointMs: number | null;
  readonly parameters: readonly unknown[];
  readonly checkpointRefusal: string | null;
  readonly input: InputSource | null;
  readonly output: OutputAction | null;
  readonly site: Site;
  readonly showsInnerCalls: boolean;
  readonly #options: StreamNodeOptions<T>;
  storageLevel: StorageLevel;
  checkpointMs: number | null = null;

  constructor(owner: NodeOwner, options: StreamNodeOptions<T>) {
    this.owner = owner;
    this.operator = options.operator;
    this.className = options.className;
    this.parents = options.parents;
    this.slideMs = options.slideMs;
    this.windowMs = options.windowMs ?? null;
    this.mustCheckpoint = options.mustCheckpoint ?? false;
    this.defaultCheckpointMs = options.defaultCheckpointMs ?? null;
    this.parameters = options.parameters ?? [];
    this.storageLevel = options.storageLevel ?? "NONE";
    this.checkpointRefusal = options.checkpointRefusal ?? null;
    this.input = options.input ?? null;
    this.output = options.output ?? null;
    this.#options = options;
    this.showsInnerCalls = options.showsInnerCalls ?? false;
    this.site = owner.site(options.operator);
    this.id = owner.add(this);
  }

  compute(timeMs: number, batch: BatchContext): RDDNode<T> | null {
    return this.#options.compute(timeMs, batch, this);
  }

  /** Throws: PipelineError CONTEXT_STATE once the context was started. */
  persist(level: StorageLevel): void {
    const persists = this.#options.persists ?? "itself";
    if (persists !== "parents") {
      this.#requireNotInitialized("storage level");
      this.storageLevel = level;
    }
    if (persists !== "itself") for (const parent of this.parents) parent.persist(level);
  }

  /** Persists as well: what is written is computed only once.
   *  Throws: PipelineError CONTEXT_STATE once the context was started. */
  checkpoint(intervalMs: number): void {
    this.#requireNotInitialized("checkpoint interval");
    this.persist("MEMORY_ONLY_SER");
    this.checkpointMs = intervalMs;
  }

  #requireNotInitialized(what: string): void {
    if (!this.owner.isInitialized(this)) return;
    throw new PipelineError(
      "CONTEXT_STATE",
      `Cannot change ${what} of a DStream after streaming context has started`,
    );
  }
}

/** Batch times of a stream from `fromMs` to `toMs`, both inclusive, that lie after zero time. */
export function timesBetween(
  node: StreamNode<unknown>,
  zeroTimeMs: number,
  fromMs: number,
  toMs: number,
): number[] {
  const times: number[] = [];
  for (let timeMs = fromMs; timeMs <= toMs; timeMs += node.slideMs) {
    if (timeMs > zeroTimeMs) times.push(timeMs);
  }
  return times;
}

/** As Spark words it for unions, transforms and joins.
 *  Throws: PipelineError GRAPH_INVALID. */
export function requireSameSlide(parents: readonly StreamNode<unknown>[]): void {
  if (new Set(parents.map((parent) => parent.slideMs)).size <= 1) return;
  throw new PipelineError(
    "GRAPH_INVALID",
    "requirement failed: Some of the DStreams have different slide durations",
  );
}
