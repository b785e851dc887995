/** What the page and its worker say to each other.
 *
 *    page ──▶ worker   RunRequest        once per worker: compile the text, build the run, step it
 *                      InspectRequest    after the run: record-level detail of one batch
 *    worker ──▶ page   Ready             the worker has loaded and may be given a run
 *                      Events            facts, in order, while the run goes on
 *                      Rejected          the text did not compile, or the run could not be built
 *                      Ended             the run is over; nothing but inspections follow
 *                      Inspected         the answer to an InspectRequest
 *
 *  A worker lives for one run. Silence while a run is under way means that the person's code has
 *  not returned, since the worker speaks before each piece of work and every few milliseconds. */

import type {
  BatchInspection,
  ErrorPlace,
  LogRecord,
  RunEnd,
  RunSummary,
  TraceEvent,
} from "streamscope";
import type { Verdict } from "streamscope/lesson";

/** Page to worker. */
export interface RunRequest {
  readonly kind: "run";
  /** The folder of the lesson, whose world the program runs in. */
  readonly lesson: string;
  /** What the text is called in error messages: `pipeline.ts`. */
  readonly file: string;
  readonly text: string;
  /** The fault script of the run, whole: the faults of the lesson's world are among its lines, as
   *  far as they were left there. */
  readonly faults: string;
  /** Whether the lesson's check judges the run. */
  readonly judge: boolean;
  /** The run is stopped after this many facts. */
  readonly eventsMax: number;
}

/** Page to worker. */
export interface InspectRequest {
  readonly kind: "inspect";
  readonly batchTimeMs: number;
}

export type ToWorker = RunRequest | InspectRequest;

/** A mistake of the person's as plain data: an Error loses its fields on the way. */
export interface Problem {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly place: ErrorPlace;
}

/** Where in the text a DStream was made; lines and columns from 1, in the text as written. */
export interface Site {
  readonly node: number;
  readonly line: number;
  readonly column: number;
}

/** Worker to page. */
export interface Ready {
  readonly kind: "ready";
}

/** Worker to page. Empty when the worker only says that it is alive. */
export interface Events {
  readonly kind: "events";
  readonly events: readonly TraceEvent[];
}

/** Worker to page. */
export interface Rejected {
  readonly kind: "rejected";
  readonly problem: Problem;
}

/** Worker to page. */
export interface Ended {
  readonly kind: "ended";
  readonly reason: RunEnd | null;
  /** The first error of the run; null when all went well. */
  readonly problem: Problem | null;
  readonly summary: RunSummary;
  readonly sites: readonly Site[];
  /** What the partitions' logs hold, as far as the lanes show it. */
  readonly log: readonly LogRecord[];
  /** Null unless the check was asked for. */
  readonly verdict: Verdict | null;
}

/** Worker to page. */
export interface Inspected {
  readonly kind: "inspected";
  readonly batchTimeMs: number;
  /** Null when the batch cannot be computed again. */
  readonly inspection: BatchInspection | null;
}

export type FromWorker = Ready | Events | Rejected | Ended | Inspected;
