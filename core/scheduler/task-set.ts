/** The tasks of one attempt of a stage: which wait, run, have succeeded or failed, and which are so
 *  slow that a second copy may help. Like Spark: TaskSetManager. */

import { assert } from "../base/assert.ts";
import { compareNumbers } from "../base/order.ts";
import type { Stage } from "./stage.ts";

/** `spark.speculation` and its kin. */
export interface SpeculationSettings {
  readonly enabled: boolean;
  readonly intervalMs: number;
  readonly multiplier: number;
  readonly quantile: number;
  readonly minTaskRuntimeMs: number;
}

/** One attempt of one task. */
export interface Attempt {
  /** Unique in the application; Spark's TID. */
  readonly task: number;
  readonly set: TaskSet;
  readonly partition: number;
  readonly number: number;
  readonly executor: number;
  readonly startedAtMs: number;
  isOver: boolean;
}

export class TaskSet {
  readonly stage: Stage;
  readonly attempt: number;
  /** A task is named by its place here. */
  readonly partitions: readonly number[];
  /** Partitions to start next, in order. */
  readonly pending: number[];
  /** Partitions of which a copy is to start. */
  readonly speculative: number[] = [];
  readonly failures = new Map<number, number>();
  readonly attempts = new Map<number, number>();
  readonly running = new Set<Attempt>();
  readonly succeeded = new Map<number, Attempt | null>();
  readonly #durationsMs: number[] = [];
  /** Set once a fetch failed or the stage was aborted: nothing more is started. */
  isZombie = false;

  constructor(stage: Stage, partitions: readonly number[]) {
    this.stage = stage;
    this.attempt = stage.attempt;
    this.partitions = partitions;
    this.pending = [...partitions];
  }

  /** `0.1`: the stage and its attempt. */
  get id(): string {
    return `${this.stage.id}.${this.attempt}`;
  }

  /** `3.1 in stage 0.1 (TID 7) (executor 2)`. */
  nameOf(attempt: Attempt): string {
    const index = this.partitions.indexOf(attempt.partition);
    return (
      `${index}.${attempt.number} in stage ${this.id} (TID ${attempt.task}) ` +
      `(executor ${attempt.executor})`
    );
  }

  get isComplete(): boolean {
    return this.succeeded.size === this.partitions.length;
  }

  /** Null for a task that another attempt of the stage finished. */
  markSucceeded(partition: number, attempt: Attempt | null, nowMs: number): void {
    if (!this.partitions.includes(partition) || this.succeeded.has(partition)) return;
    this.succeeded.set(partition, attempt);
    if (attempt !== null) this.#durationsMs.push(nowMs - attempt.startedAtMs);
    remove(this.pending, partition);
    remove(this.speculative, partition);
  }

  /** Takes back what has not started. */
  retire(): void {
    this.isZombie = true;
    this.pending.length = 0;
    this.speculative.length = 0;
  }

  putBack(partition: number): void {
    if (this.succeeded.has(partition) || this.pending.includes(partition)) return;
    if (this.copiesOf(partition).length === 0) this.pending.unshift(partition);
  }

  /** Finished map tasks whose output went with their executor have to run again. */
  takeBack(executor: number): readonly Attempt[] {
    if (this.stage.dependency === null || this.isZombie) return [];
    const lost = [...this.succeeded.values()].filter((attempt) => attempt?.executor === executor);
    return lost.flatMap((attempt) => {
      if (attempt === null || attempt === undefined) return [];
      this.succeeded.delete(attempt.partition);
      this.putBack(attempt.partition);
      return [attempt];
    });
  }

  copiesOf(partition: number): readonly Attempt[] {
    return [...this.running].filter((attempt) => attempt.partition === partition);
  }

  /** Notes the tasks that have run much longer than those that have finished; gives them.
   *  Like Spark: TaskSetManager.checkSpeculatableTasks. */
  speculate(nowMs: number, settings: SpeculationSettings): readonly SlowTask[] {
    const count = this.partitions.length;
    const enough = Math.max(Math.floor(settings.quantile * count), 1);
    if (this.isZombie || count === 1 || this.#durationsMs.length < enough) return [];
    const thresholdMs = Math.max(
      settings.multiplier * median(this.#durationsMs),
      settings.minTaskRuntimeMs,
    );
    const slow = [...this.running].filter(
      ({ partition, startedAtMs }) =>
        nowMs - startedAtMs > thresholdMs &&
        !this.succeeded.has(partition) &&
        !this.speculative.includes(partition) &&
        this.copiesOf(partition).length === 1,
    );
    for (const { partition } of slow) this.speculative.push(partition);
    return slow.map((attempt) => ({ attempt, thresholdMs }));
  }
}

export interface SlowTask {
  readonly attempt: Attempt;
  readonly thresholdMs: number;
}

/** The middle one; of an even number the mean of the two in the middle. */
function median(durations: readonly number[]): number {
  const sorted = [...durations].sort(compareNumbers);
  const middle = sorted[Math.floor(sorted.length / 2)];
  assert(middle !== undefined, "a median needs durations");
  if (sorted.length % 2 === 1) return middle;
  return (middle + (sorted[sorted.length / 2 - 1] ?? middle)) / 2;
}

function remove(list: number[], item: number): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}
