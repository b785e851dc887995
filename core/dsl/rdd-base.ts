/** What every RDD has: its place in the lineage, its name, how it is kept, and how to run a job.
 *  Like Spark: org.apache.spark.rdd.RDD. */

import { PipelineError } from "../base/errors.ts";
import { levelForCheckpoint } from "../rdd/local-checkpoint.ts";
import { toDebugString } from "../rdd/lineage.ts";
import type { Partitioner } from "../rdd/partitioner.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import { partitionsOf, runAction } from "../rdd/run-action.ts";
import type { StorageLevel } from "../rdd/storage-level.ts";
import { type OffsetRange, offsetRangesOf } from "./offset-range.ts";
import { None, type Option, Some } from "../record/option.ts";
import type { RDD } from "./rdd.ts";
import type { SparkContext } from "./spark-context.ts";

/** A part of an RDD, computed by one task. */
export interface Partition {
  readonly index: number;
}

/** Like Spark: Dependency. */
export interface RDDDependency {
  readonly rdd: RDD<unknown>;
  /** The partitions of `rdd` that a partition reads; null where a shuffle lies between. */
  readonly getParents: ((partition: number) => readonly number[]) | null;
}

export abstract class RDDBase<T> {
  /** What the engine computes. */
  readonly node: RDDNode<T>;

  constructor(node: RDDNode<T>) {
    this.node = node;
  }

  /** The layers of the class give RDDs, and know it only as a type. */
  protected abstract of<U>(node: RDDNode<U>): RDD<U>;

  /** RDDs and jobs made by `run` are steps of one call of the person's. */
  protected scoped<R>(operator: string, run: () => R): R {
    const { context } = this.node;
    return context.within(context.site(operator), run);
  }

  /** Runs a job over partitions as a whole, all of them unless some are named. */
  protected run<R>(
    action: string,
    ofPartition: (records: T[], partition: number) => R,
    partitions?: readonly number[],
  ): readonly R[] {
    return runAction(this.node, action, ofPartition, partitions);
  }

  get id(): number {
    return this.node.id;
  }

  get name(): string | null {
    return this.node.name;
  }

  setName(name: string): this {
    this.node.name = name;
    return this;
  }

  getNumPartitions(): number {
    this.node.settlePartitions();
    return this.node.numPartitions;
  }

  get partitions(): readonly Partition[] {
    this.node.settlePartitions();
    return partitionsOf(this.node).map((index) => ({ index }));
  }

  /** How keys are placed, where that is known. */
  get partitioner(): Option<Partitioner> {
    const { partitioner } = this.node;
    return partitioner === null ? None : Some(partitioner);
  }

  /** The RDDs this one is made from. */
  get dependencies(): readonly RDDDependency[] {
    return this.node.dependencies.map((dependency) => ({
      rdd: this.of(dependency.rdd),
      getParents: dependency.kind === "narrow" ? dependency.parents : null,
    }));
  }

  /** The hosts where a partition is best computed, the best first. */
  preferredLocations(split: Partition): readonly string[] {
    return this.node.preferredExecutors(split.index).map((executor) => `host-${executor}`);
  }

  get sparkContext(): SparkContext {
    // Only a SparkContext makes RDDs for people.
    return this.node.context.application as SparkContext;
  }

  get context(): SparkContext {
    return this.sparkContext;
  }

  /** Whether its data is written and its lineage cut. */
  get isCheckpointed(): boolean {
    return this.node.checkpointFile !== null || this.node.localCheckpoint === "done";
  }

  get getCheckpointFile(): Option<string> {
    const { checkpointFile } = this.node;
    return checkpointFile === null ? None : Some(checkpointFile);
  }

  /** Its data is written after the first job that uses it: in one more job, so cache it.
   *  Throws: PipelineError GRAPH_INVALID without a checkpoint directory. */
  checkpoint(): void {
    if (this.node.context.checkpointDirectory === null) {
      throw new PipelineError(
        "GRAPH_INVALID",
        "org.apache.spark.SparkException: " +
          "Checkpoint directory has not been set in the SparkContext",
      );
    }
    this.node.isCheckpointMarked = true;
  }

  /** Kept by the executors in place of its lineage, from the first job that uses it on: faster than
   *  `checkpoint`, and lost with an executor. */
  localCheckpoint(): this {
    this.node.storageLevel = levelForCheckpoint(this.node.storageLevel);
    this.node.localCheckpoint = "marked";
    return this;
  }

  get getStorageLevel(): StorageLevel {
    return this.node.storageLevel;
  }

  persist(level: StorageLevel = "MEMORY_ONLY"): this {
    const current = this.node.storageLevel;
    if (current !== "NONE" && current !== level) {
      throw new PipelineError(
        "GRAPH_INVALID",
        "org.apache.spark.SparkUnsupportedOperationException: " +
          "Cannot change storage level of an RDD after it was already assigned a level",
      );
    }
    this.node.storageLevel = level;
    return this;
  }

  cache(): this {
    return this.persist();
  }

  unpersist(): this {
    this.node.context.unpersist(this.node);
    this.node.storageLevel = "NONE";
    return this;
  }

  /** Of an RDD that a direct stream made, by partition.
   *  Throws: PipelineError GRAPH_INVALID for any other. Like Spark: HasOffsetRanges. */
  get offsetRanges(): readonly OffsetRange[] {
    return offsetRangesOf(this.node);
  }

  toDebugString(): string {
    this.node.settlePartitions();
    return toDebugString(this.node);
  }

  toString(): string {
    return String(this.node);
  }
}
