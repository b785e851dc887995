/** The port to time: what an actor may ask of the world it runs in. The simulation and the wall
 *  clock both carry it, so that no actor knows which one it lives in. */

import type { RandomStream } from "../base/random.ts";
import type { TraceFact } from "../trace/event.ts";

export interface Runtime {
  /** Milliseconds since the world's epoch: virtual, or of the wall clock. */
  now(): number;
  /** Runs an action later; actions due at the same time run in the order they were scheduled.
   *  The facts the action emits carry, as their cause, the last fact emitted before scheduling. */
  schedule(delayMs: number, action: () => void): void;
  /** The random stream of that name, the same one at each call. */
  random(name: string): RandomStream;
  /** Adds a fact to the trace and gives its `seq`. */
  emit(fact: TraceFact): number;
  /** False where nothing can arrive during `runUntil` (the wall clock: replies of a real broker
   *  come between actions only), so that what it needs must be read before. */
  readonly canWait: boolean;
  /** Runs due and coming actions, here and now, until the condition holds: how an action of an RDD
   *  called from a function of the person's waits for its job.
   *  Throws: AssertionFailure when nothing is left that could make it hold. */
  runUntil(condition: () => boolean): void;
}
