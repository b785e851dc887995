/** A lens on one batch: hears of every record between operators while that batch computes. Off in
 *  ordinary runs, so that they pay nothing for it; it never changes what a run does. */

import type { RDDNode, StateUpdate } from "../rdd/rdd.ts";

export interface Lens {
  readonly batchTimeMs: number;
  /** A record that an RDD handed on in a task of the batch. */
  record(rdd: RDDNode<unknown>, stage: number, partition: number, record: unknown): void;
  /** The entries of an update of state. */
  state(update: StateUpdate): void;
}
