/** Time travel: a position in a trace that is still being written, and the world at it.
 *  Why key frames: a snapshot is kept every so many events, so that going anywhere folds fewer
 *  events than lie between two frames, however long the run is.
 *
 *     events  0 ......... K-1 | K ......... 2K-1 | 2K ... (the engine runs ahead)
 *     frames             ^ 0               ^ 1
 */

import { assert, at } from "../base/assert.ts";
import type { TraceEvent } from "../trace/event.ts";
import { applyEvent, emptySnapshot, type Snapshot } from "../trace/replay.ts";

/** How far a step goes: to the next event, or to the next end of a task, stage or batch. */
export type StepGranularity = "event" | "task" | "stage" | "batch";

/** Events between two key frames. */
export const FRAME_EVENTS = 128;

export class TraceCursor {
  readonly #events: TraceEvent[] = [];
  readonly #frames: Snapshot[] = [];
  /** Where steps stop, ascending. */
  readonly #boundaries: Readonly<Record<Exclude<StepGranularity, "event">, number[]>> = {
    task: [],
    stage: [],
    batch: [],
  };
  /** The world after the last event there is. */
  #head: Snapshot = emptySnapshot;
  /** The world at the position. */
  #shown: Snapshot = emptySnapshot;

  /** Takes the next events of the trace. The position stays.
   *  Throws: AssertionFailure when an event is missing or comes twice. */
  append(events: readonly TraceEvent[]): void {
    for (const event of events) {
      const expected = this.#events.length;
      assert(event.seq === expected, "events must come in order", { seq: event.seq, expected });
      this.#events.push(event);
      this.#head = applyEvent(this.#head, event);
      if (this.#events.length % FRAME_EVENTS === 0) this.#frames.push(this.#head);
      this.#noteBoundary(event);
    }
  }

  #noteBoundary({ kind, seq }: TraceEvent): void {
    const { task, stage, batch } = this.#boundaries;
    if (kind === "task.finished" || kind === "task.failed") task.push(seq);
    else if (kind === "stage.completed") stage.push(seq);
    else if (kind === "batch.completed" || kind === "batch.generationFailed") batch.push(seq);
    else if (kind === "run.ended") for (const list of [task, stage, batch]) list.push(seq);
  }

  /** Events so far. */
  get length(): number {
    return this.#events.length;
  }

  /** The seq of the event shown last; -1 before the first. */
  get position(): number {
    return this.#shown.seq;
  }

  /** The event shown last; null before the first. */
  get event(): TraceEvent | null {
    return this.#events[this.position] ?? null;
  }

  /** The world at the position. */
  get snapshot(): Snapshot {
    return this.#shown;
  }

  /** Goes to right after an event; -1 is before the first.
   *  Throws: AssertionFailure for a position outside the events there are. */
  seek(seq: number): void {
    assert(
      Number.isInteger(seq) && seq >= -1 && seq < this.length,
      "position must be in the trace",
      {
        seq,
        length: this.length,
      },
    );
    if (seq === this.#head.seq) {
      this.#shown = this.#head;
      return;
    }
    const frame = this.#frames[Math.floor((seq + 1) / FRAME_EVENTS) - 1] ?? emptySnapshot;
    const isNear = this.position <= seq && this.position >= frame.seq;
    let shown = isNear ? this.#shown : frame;
    for (let next = shown.seq + 1; next <= seq; next += 1) {
      shown = applyEvent(shown, at(this.#events, next));
    }
    this.#shown = shown;
  }

  /** One step; false when there is nowhere to go. The start and the end of the run end a step of
   *  any granularity. */
  step(granularity: StepGranularity, direction: 1 | -1): boolean {
    const target = this.#target(granularity, direction);
    if (target === null) return false;
    this.seek(target);
    return true;
  }

  #target(granularity: StepGranularity, direction: 1 | -1): number | null {
    const { position } = this;
    if (direction === -1 && position === -1) return null;
    if (granularity === "event") {
      const next = position + direction;
      return next < this.length ? next : null;
    }
    const stops = this.#boundaries[granularity];
    const before = countBelow(stops, position);
    if (direction === -1) return stops[before - 1] ?? -1;
    return stops[stops[before] === position ? before + 1 : before] ?? null;
  }
}

/** How many of an ascending list are below a number. */
function countBelow(ascending: readonly number[], limit: number): number {
  let from = 0;
  let until = ascending.length;
  while (from < until) {
    const middle = (from + until) >> 1;
    if (at(ascending, middle) < limit) from = middle + 1;
    else until = middle;
  }
  return from;
}
