/** A stage: the narrow operators that run as one task per partition, cut where a shuffle begins.
 *  Like Spark: ShuffleMapStage and ResultStage. */

import type { RDDNode, ShuffleDependency, TaskContext } from "../rdd/rdd.ts";
import type { StageOperator } from "../trace/event.ts";

/** One action of a job, types erased: results go back to who submitted it. */
export interface Job {
  readonly id: number;
  readonly rdd: RDDNode<unknown>;
  readonly partitions: readonly number[];
  readonly action: string;
  readonly batchTimeMs: number | null;
  readonly output: number | null;
  readonly run: (task: TaskContext, partition: number) => unknown;
  /** For a task that keeps its core until it says so: called instead of `run`. */
  readonly hold?: (task: HeldTask) => void;
  readonly onResult: (partition: number, result: unknown) => void;
  readonly onDone: (error: Error | null) => void;
}

/** A task that goes on until its end is told; with its executor it is lost without a word. */
export interface HeldTask {
  readonly executor: number;
  /** 0 for the first attempt. */
  readonly attempt: number;
  end(error: Error | null): void;
}

export interface Stage {
  readonly id: number;
  readonly rdd: RDDNode<unknown>;
  /** The shuffle it writes; null for a result stage. */
  readonly dependency: ShuffleDependency | null;
  /** The job it was made for, which names it; other jobs may wait for it as well. */
  readonly job: Job;
  /** -1 before the first attempt. */
  attempt: number;
  /** Attempts that ended in a fetch failure, one after another. */
  failedAttempts: number;
  isRunning: boolean;
  readonly unfinished: Set<number>;
}

/** RDDs computed inside a stage, leaves first, each once. */
export function stageRDDs(
  rdd: RDDNode<unknown>,
  isCut: (rdd: RDDNode<unknown>) => boolean,
): RDDNode<unknown>[] {
  const found: RDDNode<unknown>[] = [];
  const seen = new Set<number>();
  const visit = (of: RDDNode<unknown>): void => {
    if (seen.has(of.id)) return;
    seen.add(of.id);
    if (!isCut(of)) {
      for (const dependency of of.dependencies) {
        if (dependency.kind === "narrow") visit(dependency.rdd);
      }
    }
    found.push(of);
  };
  visit(rdd);
  return found;
}

/** The operators of a stage, as the trace tells them. */
export function stageOperators(
  stage: Stage,
  isCut: (rdd: RDDNode<unknown>) => boolean,
  stageOfShuffle: (shuffle: number) => number | null,
): StageOperator[] {
  const rdds = stageRDDs(stage.rdd, isCut);
  const inside = new Set(rdds.map((rdd) => rdd.id));
  return rdds.map((rdd) => {
    const dependencies = isCut(rdd) ? [] : rdd.dependencies;
    return {
      rdd: rdd.id,
      className: rdd.className,
      operator: rdd.site.operator,
      node: rdd.origin?.node ?? null,
      parents: dependencies
        .filter((dependency) => dependency.kind === "narrow" && inside.has(dependency.rdd.id))
        .map((dependency) => dependency.rdd.id),
      readsStages: dependencies.flatMap((dependency) => {
        const of = dependency.kind === "shuffle" ? stageOfShuffle(dependency.shuffle) : null;
        return of === null ? [] : [of];
      }),
    };
  });
}
