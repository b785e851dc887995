/** A run one can walk through: forwards by running the engine, backwards by looking into the trace.
 *  The engine may be ahead of the position shown; going back never runs it, going on from the
 *  past shows again what happened. A change in the past is a fork: the same program and seed
 *  with another fault script, its trace equal up to the change. */

import { readFaults } from "../scenario/fault-script.ts";
import type { FaultScript } from "../scenario/faults.ts";
import { Run, type RunOptions } from "../scenario/run.ts";
import type { TraceEvent } from "../trace/event.ts";
import type { Snapshot } from "../trace/replay.ts";
import { type StepGranularity, TraceCursor } from "./cursor.ts";
import { inspectBatch } from "./inspect.ts";
import type { BatchInspection } from "./inspection.ts";

export class Session {
  /** The engine's run, as far as it got. */
  readonly engine: Run;
  readonly #options: RunOptions;
  readonly #cursor = new TraceCursor();
  #arrived: TraceEvent[] = [];
  #isRunning = false;

  /** Throws: ScenarioError BAD_WORLD. */
  constructor(options: RunOptions) {
    this.#options = options;
    this.engine = new Run(options);
    this.engine.trace.listen((event) => this.#arrived.push(event));
  }

  /** The seq of the event shown last; -1 before the first. */
  get position(): number {
    return this.#cursor.position;
  }

  /** The event shown last; null before the first. */
  get event(): TraceEvent | null {
    return this.#cursor.event;
  }

  /** The world at the position. */
  get snapshot(): Snapshot {
    return this.#cursor.snapshot;
  }

  /** Events there are so far. */
  get length(): number {
    return this.#cursor.length;
  }

  /** True between `run` and `pause`, until the end. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** From now on `advance` moves. */
  run(): void {
    this.#isRunning = true;
  }

  /** From now on `advance` stays where it is. */
  pause(): void {
    this.#isRunning = false;
  }

  /** While running: shows up to `eventsMax` more events, running the engine where the trace ends.
   *  False when nothing moved: paused, or at the end. */
  advance(eventsMax: number): boolean {
    if (!this.#isRunning) return false;
    const target = this.position + eventsMax;
    while (this.length <= target && this.#runEngine()) {
      // Each turn is one action of the world.
    }
    const reached = Math.min(target, this.length - 1);
    const hasMoved = reached > this.position;
    this.#cursor.seek(reached);
    if (this.engine.ended !== null && reached === this.length - 1) this.#isRunning = false;
    return hasMoved;
  }

  /** Goes to the next or previous event, or end of a task, stage or batch; runs the engine as far
   *  as that takes. False when there is nowhere to go. Pauses. */
  step(granularity: StepGranularity, direction: 1 | -1 = 1): boolean {
    this.#isRunning = false;
    while (!this.#cursor.step(granularity, direction)) {
      if (direction === -1 || !this.#runEngine()) return false;
    }
    return true;
  }

  /** Goes to right after an event, whether it has happened yet or not; to the last one there is
   *  when the run ends before. Pauses. */
  seek(seq: number): void {
    this.#isRunning = false;
    while (this.length <= seq && this.#runEngine()) {
      // Each turn is one action of the world.
    }
    this.#cursor.seek(Math.max(-1, Math.min(seq, this.length - 1)));
  }

  /** The same run with more faults, at the same position. */
  fork(faults: FaultScript): Session {
    const session = new Session({
      ...this.#options,
      faults: [this.#options.faults ?? [], faults].flatMap(readFaults),
    });
    session.seek(this.position);
    return session;
  }

  /** What passed between the operators of a batch, as far as the run has been seen. */
  inspect(batchTimeMs: number): BatchInspection {
    return inspectBatch(this.#options, batchTimeMs, this.length - 1);
  }

  /** One action of the world; false when the run had ended before. */
  #runEngine(): boolean {
    if (this.engine.ended !== null) return false;
    this.engine.step();
    this.#cursor.append(this.#arrived);
    this.#arrived = [];
    return true;
  }
}
