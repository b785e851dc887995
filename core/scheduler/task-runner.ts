/** Runs one attempt of a task on its executor, on virtual time: fetches what it reads, computes at
 *  once, and ends when the work would have been done. Like Spark: Executor.TaskRunner. */

import { StreamscopeError } from "../base/errors.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import type { ConsumerRecord, SentRecord } from "../record/record.ts";
import type { Accumulators, AccumulatorUpdates } from "../rdd/accumulators.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { BlockStore } from "./block-store.ts";
import { type CostModel, workMs } from "./cost-model.ts";
import type { Executors } from "./executors.ts";
import { type KafkaReaderOptions, readRange } from "./kafka-reader.ts";
import type { Lens } from "./lens.ts";
import type { SinkCondition } from "./sink-condition.ts";
import type { HeldTask } from "./stage.ts";
import { type BlockUse, type TaskInputs, type TaskResult, TaskRun } from "./task.ts";
import type { Attempt } from "./task-set.ts";
import { writeRecords } from "./task-writer.ts";

export interface TaskRunnerOptions {
  readonly runtime: Runtime;
  readonly executors: Executors;
  readonly store: BlockStore;
  readonly reader: KafkaReaderOptions;
  readonly cost: CostModel;
  readonly lens: Lens | null;
  readonly accumulators: Accumulators;
  /** Left out where stores cannot be made to fail. */
  readonly sink?: SinkCondition;
}

/** How an attempt ended. */
export type TaskOutcome = {
  /** Blocks it read or computed, in order. */
  readonly blocks: readonly BlockUse[];
} & (
  | { readonly isDone: true; readonly result: TaskResult; readonly updates: AccumulatorUpdates }
  | { readonly isDone: false; readonly thrown: unknown }
);

type Fetched = Map<OffsetRange, readonly (readonly ConsumerRecord[])[]>;

export class TaskRunner {
  readonly #options: TaskRunnerOptions;
  #isComputing = false;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
  }

  /** A task's function runs right now. */
  get isComputing(): boolean {
    return this.#isComputing;
  }

  /** `ended` is called once, unless the attempt is over before. */
  run(attempt: Attempt, inputs: TaskInputs, ended: (outcome: TaskOutcome) => void): void {
    const end = (outcome: TaskOutcome): void => {
      if (!attempt.isOver) ended(outcome);
    };
    const { stage } = attempt.set;
    const { hold } = stage.job;
    if (hold !== undefined && stage.dependency === null) this.#hold(attempt, hold, end);
    else this.#fetchInputs(attempt, inputs.ranges, end);
  }

  /** Keeps the core until the task says that it has ended. */
  #hold(
    attempt: Attempt,
    hold: (task: HeldTask) => void,
    ended: (outcome: TaskOutcome) => void,
  ): void {
    const { runtime, cost } = this.#options;
    const end = (error: Error | null): void => {
      runtime.schedule(0, () =>
        ended(
          error === null
            ? { isDone: true, result: emptyResult, updates: new Map(), blocks: [] }
            : { isDone: false, thrown: error, blocks: [] },
        ),
      );
    };
    runtime.schedule(cost.taskMs, () => {
      const { executor, number } = attempt;
      if (!attempt.isOver) hold({ executor, attempt: number, end });
    });
  }

  #fetchInputs(
    attempt: Attempt,
    ranges: readonly OffsetRange[],
    ended: (outcome: TaskOutcome) => void,
  ): void {
    const { reader } = this.#options;
    const fetched: Fetched = new Map();
    const next = (index: number): void => {
      const range = ranges[index];
      if (range === undefined) {
        this.#compute(attempt, fetched, ended);
        return;
      }
      readRange(reader, `executor ${attempt.executor}`, range, (result) => {
        if (attempt.isOver) return;
        if ("error" in result) ended({ isDone: false, thrown: result.error, blocks: [] });
        else {
          fetched.set(range, result.records);
          next(index + 1);
        }
      });
    };
    next(0);
  }

  #compute(attempt: Attempt, fetched: Fetched, ended: (outcome: TaskOutcome) => void): void {
    const { runtime, store, lens, cost, executors, accumulators } = this.#options;
    const { set, partition, number: attemptNumber, executor } = attempt;
    const options = { stage: set.stage, partition, attemptNumber, store, fetched, lens };
    const run = new TaskRun(options);
    const refused = this.#options.sink?.errorOf(set.stage, "before") ?? null;
    if (refused !== null) {
      const thrown = new StreamscopeError("JOB_ABORTED", refused);
      runtime.schedule(cost.taskMs, () => ended({ isDone: false, thrown, blocks: [] }));
      return;
    }
    let result: TaskResult;
    let updates: AccumulatorUpdates;
    this.#isComputing = true;
    try {
      ({ result, updates } = accumulators.within(() => run.run()));
    } catch (thrown) {
      const blocks = run.blockUses;
      runtime.schedule(cost.taskMs, () =>
        this.#write(attempt, run.sent, () => ended({ isDone: false, thrown, blocks })),
      );
      return;
    } finally {
      this.#isComputing = false;
    }
    const work =
      result.recordsRead * cost.recordUs +
      (result.shuffleRecordsRead + result.shuffleRecordsWritten) * cost.shuffleRecordUs;
    const durationMs = cost.taskMs + workMs(work, executors.speedPercent(executor));
    runtime.schedule(durationMs, () => {
      const broken = this.#options.sink?.errorOf(set.stage, "after") ?? null;
      const fault = attempt.isOver
        ? null
        : (executors.faultOf(executor, result.mapOutput !== null) ?? broken);
      const blocks = run.blockUses;
      this.#write(attempt, run.sent, (error) => {
        const thrown = fault === null ? error : new StreamscopeError("JOB_ABORTED", fault);
        if (thrown === null) ended({ isDone: true, result, updates, blocks });
        else ended({ isDone: false, thrown, blocks });
      });
    });
  }

  /** Writes what a task's functions sent; at once through when they sent nothing. */
  #write(
    attempt: Attempt,
    records: readonly SentRecord[],
    done: (error: Error | null) => void,
  ): void {
    if (records.length === 0) {
      done(null);
      return;
    }
    const { runtime, reader } = this.#options;
    const { task, executor } = attempt;
    const client = `executor ${executor}`;
    const name = `producer of task ${task}`;
    const isGone = (): boolean => attempt.isOver;
    const options = { runtime, broker: reader.broker, client, name, isGone };
    if (runtime.canWait) {
      writeRecords(options, records, done);
      return;
    }
    writeRecords(options, records, reader.writeBehind.begin());
    done(null);
  }
}

const emptyResult: TaskResult = {
  result: null,
  mapOutput: null,
  updates: [],
  operators: [],
  recordsRead: 0,
  shuffleRecordsRead: 0,
  shuffleRecordsWritten: 0,
};
