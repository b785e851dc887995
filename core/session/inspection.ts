/** Record-level detail of one batch. The trace is per batch, stage and task; what passed between
 *  operators is recomputed by running the same program once more with a lens on that batch, which
 *  determinism makes exact. All values are rendered as text (Scala's toString forms). */

export interface BatchInspection {
  readonly batchTimeMs: number;
  readonly flows: readonly OperatorFlow[];
  readonly states: readonly StateEntry[];
}

/** Records one operator handed on in one partition. */
export interface OperatorFlow {
  readonly rdd: number;
  readonly operator: string;
  readonly node: number | null;
  readonly stage: number;
  readonly partition: number;
  /** The first records, at most `INSPECTION_RECORDS_MAX`. */
  readonly records: readonly string[];
  readonly total: number;
}

/** A key of `updateStateByKey` after the batch. */
export interface StateEntry {
  readonly node: number;
  readonly partition: number;
  readonly key: string;
  /** Null where there was none. */
  readonly before: string | null;
  /** Null where it was dropped. */
  readonly after: string | null;
}

export const INSPECTION_RECORDS_MAX = 200;
