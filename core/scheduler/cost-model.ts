/** How long work takes in virtual time. Microseconds, so that a thousand records may cost less than
 *  a millisecond each; sums are rounded up to whole milliseconds. */

export interface CostModel {
  /** Driver: making the jobs of one batch. */
  readonly generateBatchMs: number;
  /** Driver and network: launching one task and reporting it back. */
  readonly taskMs: number;
  /** Executor: one record through one stage. */
  readonly recordUs: number;
  /** Executor: one record written to or read from a shuffle. */
  readonly shuffleRecordUs: number;
  /** Network: one request to a broker and its reply. */
  readonly requestMs: number;
  /** Checkpoint store: writing one file. */
  readonly checkpointMs: number;
}

export const defaultCost: CostModel = {
  generateBatchMs: 5,
  taskMs: 10,
  recordUs: 5,
  shuffleRecordUs: 2,
  requestMs: 2,
  checkpointMs: 20,
};

/** Whole milliseconds for microseconds of work on an executor of that speed; at least 0. */
export function workMs(microseconds: number, speedPercent: number): number {
  return Math.ceil(microseconds / (10 * speedPercent));
}
