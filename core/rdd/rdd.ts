/** An RDD as the engine sees it: an immutable description of partitioned data and of where it comes
 *  from.
 *
 *  Five things make one, as in Spark: its partitions, how to compute one of them, the RDDs it
 *  depends on, optionally how its keys are partitioned, optionally where a partition is best
 *  computed. Nothing is computed until a job asks for it; a lost partition is computed again the
 *  same way, back through its parents (its lineage).
 *
 *      KafkaRDD ──▶ flatMap ──▶ map ══▶ ShuffledRDD        ──▶ narrow: partition i reads i
 *      └──────── one stage ───────┘ └─ next stage ─┘        ══▶ shuffle: reads all partitions
 *
 *  Records are pushed, not pulled: `compute` calls `push` for each, so the narrow operators of a
 *  stage run fused as one nested loop with no allocation of their own.
 *  Like Spark: org.apache.spark.rdd.RDD (core/src/main/scala/org/apache/spark/rdd/RDD.scala). */

import type { ErrorPlace } from "../base/errors.ts";
import type { FileSystem } from "../files/file-system.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import type { ConsumerRecord, SentRecord } from "../record/record.ts";
import type { Accumulators } from "./accumulators.ts";
import type { Partitioner } from "./partitioner.ts";
import type { ShuffleBlock } from "./shuffle-block.ts";
import type { StorageLevel } from "./storage-level.ts";

export type Push<T> = (record: T) => void;

/** Where in the person's source an RDD or DStream was made. */
export interface Site {
  readonly operator: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** A thing of the person's program: its place, and the DStream and batch it was made for. */
export interface Located {
  readonly site: Site;
  readonly origin: StreamOrigin | null;
}

/** What a function of the person's may ask of the task it runs in.
 *  Like Spark: TaskContext, which a function gets by `TaskContext.get()`. */
export interface PartitionTask {
  readonly partitionId: number;
  /** 0 for the first attempt at this partition. */
  readonly attemptNumber: number;
  /** Hands a record to a Kafka producer of this task. It is written before the task ends, and has
   *  been written even when the task fails: the next attempt writes it again. */
  send(record: SentRecord): void;
}

/** What computing a partition may ask of the task it runs in. */
export interface TaskContext extends PartitionTask {
  /** Pushes the records of a partition: from its cached block, its checkpoint, or by computing. */
  iterate<T>(rdd: RDDNode<T>, partition: number, push: Push<T>): void;
  /** The records of a leaf's offset range, fetched before the task computes. */
  fetched(range: OffsetRange): readonly (readonly ConsumerRecord[])[];
  /** The map outputs for one reduce partition, by ascending map partition. */
  shuffled(dependency: ShuffleDependency, partition: number): readonly ShuffleBlock[];
  /** Notes how many records an operator handed on in this partition. */
  count(rdd: RDDNode<unknown>, records: number): void;
  /** True while a lens wants each key's state before and after. */
  readonly wantsEntries: boolean;
  /** Notes what an update of state did; becomes a fact when the task finishes. */
  stateUpdated(update: StateUpdate): void;
  /** Wraps what a function of the person's threw: which operator, batch, partition, record. */
  userError(at: Located, thrown: unknown, record: unknown): Error;
}

export interface StateUpdate {
  readonly node: number;
  readonly batchTimeMs: number;
  readonly partition: number;
  readonly keysTouched: number;
  readonly keysWithValues: number;
  readonly keysRemoved: number;
  readonly keysKept: number;
  /** Before and after of each key; only made while a lens is on. */
  readonly entries: readonly { key: unknown; before: unknown; after: unknown }[] | null;
}

/** How values of a key become one. Like Spark: Aggregator. */
export interface Aggregator {
  readonly create: (value: unknown) => unknown;
  readonly mergeValue: (combined: unknown, value: unknown) => unknown;
  readonly mergeCombined: (a: unknown, b: unknown) => unknown;
}

export interface NarrowDependency {
  readonly kind: "narrow";
  readonly rdd: RDDNode<unknown>;
  /** Partitions of the parent that a partition reads. */
  readonly parents: (partition: number) => readonly number[];
}

/** Every partition may read every partition of the parent. One object is one shuffle: jobs that
 *  reach the same object share its output. */
export interface ShuffleDependency {
  readonly kind: "shuffle";
  readonly shuffle: number;
  readonly rdd: RDDNode<unknown>;
  readonly partitioner: Partitioner;
  readonly aggregator: Aggregator | null;
  /** What its map tasks write: groups where only the order of the values of one key matters. */
  readonly writes: ShuffleBlock["kind"];
  /** The operation that reads it. */
  readonly site: Site;
}

export type Dependency = NarrowDependency | ShuffleDependency;

/** Numbers for RDDs and shuffles, the defaults of the application, and the way to run a job. */
export interface RDDContext {
  readonly defaultParallelism: number;
  readonly files: FileSystem;
  /** An output operation of a batch runs: what it writes may be there from before a crash. */
  readonly isOutputRunning: boolean;
  /** Offsets may be missing in a range of Kafka's: it says no longer how many records there are. */
  readonly allowsMissingOffsets: boolean;
  /** What people make RDDs with, once there is one. */
  application: object | null;
  /** Where RDDs are checkpointed; null until it is set. */
  readonly checkpointDirectory: string | null;
  setCheckpointDirectory(directory: string): void;
  nextRddId(): number;
  nextShuffleId(): number;
  /** Where the call came from, for `toDebugString` and messages. */
  site(operator: string): Site;
  /** RDDs made by `run` are steps of one call of the person's; null: of their own. */
  within<R>(site: Site | null, run: () => R): R;
  /** Runs a job now and waits for it. Shape: one result per partition asked for, in that order.
   *  Throws: what aborted the job. */
  runJob<T, R>(rdd: RDDNode<T>, partitions: readonly number[], action: Action<T, R>): readonly R[];
  readonly accumulators: Accumulators;
  /** True while a function of a task runs. */
  readonly isComputing: boolean;
  nextBroadcastId(): number;
  /** RDDs with a storage level, by number. */
  readonly persisted: Map<number, RDDNode<unknown>>;
  /** How many partitions of an RDD are in some cache. */
  cachedPartitions(rdd: number): number;
  /** Records of an RDD's cached partitions, copies included. */
  cachedRecords(rdd: number): { readonly memory: number; readonly disk: number };
  /** Executors a partition is best computed on, by what is cached and where its inputs are. */
  preferredExecutors(rdd: RDDNode<unknown>, partition: number): readonly number[];
  /** Forgets the cached blocks of an RDD. */
  unpersist(rdd: RDDNode<unknown>): void;
}

/** What a result task makes of its partition. */
export interface Action<T, R> {
  readonly name: string;
  readonly run: (task: TaskContext, rdd: RDDNode<T>, partition: number) => R;
}

/** The DStream and batch an RDD was made for. */
export interface StreamOrigin {
  readonly node: number;
  readonly batchTimeMs: number;
}

export interface RDDOptions<T> {
  readonly context: RDDContext;
  readonly className: string;
  readonly operator: string;
  readonly numPartitions: number;
  readonly dependencies: readonly Dependency[];
  readonly partitioner?: Partitioner | null;
  /** Offset range a partition reads, for leaves over a log. */
  readonly rangeOf?: (partition: number) => OffsetRange | null;
  /** Executors a partition is best computed on, the best first. */
  readonly preferredExecutors?: (partition: number) => readonly number[];
  /** Decides what its partitions read, if that is open. */
  readonly settle?: () => void;
  readonly compute: (
    rdd: RDDNode<unknown>,
    partition: number,
    task: TaskContext,
    push: Push<T>,
  ) => void;
}

export class RDDNode<T> {
  readonly id: number;
  readonly context: RDDContext;
  readonly className: string;
  readonly site: Site;
  readonly numPartitions: number;
  readonly partitioner: Partitioner | null;
  readonly rangeOf: (partition: number) => OffsetRange | null;
  readonly preferredExecutors: (partition: number) => readonly number[];
  #dependencies: readonly Dependency[];
  readonly #settle: () => void;
  #compute: RDDOptions<T>["compute"];
  /** Set by the DStream that made it; an RDD made inside `transform` keeps null. */
  origin: StreamOrigin | null = null;
  name: string | null = null;
  #storageLevel: StorageLevel = "NONE";
  /** To be checkpointed after the first job that uses it. */
  isCheckpointMarked = false;
  /** Where its data was written; null before. */
  checkpointFile: string | null = null;
  /** To be kept by the executors in place of its lineage, from the first job that uses it on. */
  localCheckpoint: "none" | "marked" | "done" = "none";

  constructor(options: RDDOptions<T>) {
    this.context = options.context;
    this.id = options.context.nextRddId();
    this.className = options.className;
    this.site = options.context.site(options.operator);
    this.numPartitions = options.numPartitions;
    this.#dependencies = options.dependencies;
    this.partitioner = options.partitioner ?? null;
    this.rangeOf = options.rangeOf ?? (() => null);
    this.preferredExecutors = options.preferredExecutors ?? (() => []);
    this.#settle = options.settle ?? (() => {});
    this.#compute = options.compute;
  }

  /** Its partitions are asked for: from now on what they read is settled. A job asks for those of
   *  the whole lineage.
   *  Like Spark: RDD.partitions, DAGScheduler.eagerlyComputePartitionsForRddAndAncestors. */
  settlePartitions(reach: "stage" | "lineage" = "stage"): void {
    const seen = new Set<RDDNode<unknown>>([this]);
    // A set may grow while it is walked: what is added is visited too.
    for (const one of seen) {
      one.#settle();
      for (const { kind, rdd } of one.dependencies) {
        if (kind === "narrow" || reach === "lineage") seen.add(rdd);
      }
    }
  }

  get storageLevel(): StorageLevel {
    return this.#storageLevel;
  }

  set storageLevel(level: StorageLevel) {
    this.#storageLevel = level;
    if (level === "NONE") this.context.persisted.delete(this.id);
    else this.context.persisted.set(this.id, this);
  }

  get dependencies(): readonly Dependency[] {
    return this.#dependencies;
  }

  /** Reads from the written data from now on; the lineage before it is forgotten. No file: from the
   *  blocks of a local checkpoint. Like Spark: RDD.markCheckpointed. */
  cutLineage(file: string | null, data: RDDNode<T>): void {
    this.checkpointFile = file;
    this.#dependencies = [oneToOne(data)];
    this.#compute = (_rdd, partition, task, push) => {
      task.iterate(data, partition, push);
    };
  }

  /** Pushes the records of a partition, computed from the parents. */
  compute(partition: number, task: TaskContext, push: Push<T>): void {
    this.#compute(this, partition, task, push);
  }

  /** As Spark prints an RDD: `MapPartitionsRDD[2] at flatMap at line 4`. */
  toString(): string {
    const line = this.site.line === null ? "" : ` at line ${this.site.line}`;
    const name = this.name === null ? "" : `${this.name} `;
    return `${name}${this.className}[${this.id}] at ${this.site.operator}${line}`;
  }
}

/** The place in the person's program, for errors. */
export function placeOf(at: Located): ErrorPlace {
  return {
    operator: at.site.operator,
    ...(at.site.line === null ? {} : { line: at.site.line }),
    ...(at.site.column === null ? {} : { column: at.site.column }),
    ...(at.origin === null ? {} : { batchTimeMs: at.origin.batchTimeMs }),
  };
}

/** Reads partition i of the parent for partition i. */
export function oneToOne(rdd: RDDNode<unknown>): NarrowDependency {
  return { kind: "narrow", rdd, parents: (partition) => [partition] };
}
