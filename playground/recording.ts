/** One run as the page keeps it: what was run, what it has told so far, and where the reader is. */

import { type BatchInspection, TraceCursor, type TraceEvent } from "streamscope";
import { idleLines, type ScriptLine } from "./fault-script.ts";
import { TraceIndex } from "./trace-index.ts";
import type { Ended, Problem } from "./worker/messages.ts";

/** The two cells of a lesson. */
export type CellName = "pipeline" | "exercise";

export type RecordingStatus =
  | { readonly kind: "running" }
  | { readonly kind: "ended"; readonly ended: Ended }
  /** The text did not compile, or no run could be made of it. */
  | { readonly kind: "rejected"; readonly problem: Problem }
  /** The code did not return; what it had told remains. */
  | { readonly kind: "silent" }
  /** The page's own worker failed. */
  | { readonly kind: "failed"; readonly message: string };

export class Recording {
  readonly cell: CellName;
  /** The text that was run; the cell may have moved on. */
  readonly text: string;
  /** The fault script it runs with. */
  readonly faults: string;
  readonly cursor = new TraceCursor();
  readonly index = new TraceIndex();
  status: RecordingStatus = { kind: "running" };
  readonly #inspections = new Map<number, BatchInspection | null>();

  constructor(what: { cell: CellName; text: string; faults: string }) {
    this.cell = what.cell;
    this.text = what.text;
    this.faults = what.faults;
  }

  append(events: readonly TraceEvent[]): void {
    this.cursor.append(events);
    this.index.append(events);
  }

  /** The fact shown last; null before the first. */
  get event(): TraceEvent | null {
    return this.index.events[this.cursor.position] ?? null;
  }

  get ended(): Ended | null {
    return this.status.kind === "ended" ? this.status.ended : null;
  }

  /** The lines of its script that struck nothing, once it is over. */
  get idle(): readonly ScriptLine[] {
    return this.ended === null ? [] : idleLines(this.faults, this.index.injected);
  }

  /** What went wrong in the person's text; null when nothing did. */
  get problem(): Problem | null {
    if (this.status.kind === "rejected") return this.status.problem;
    return this.ended?.problem ?? null;
  }

  /** Undefined when it has not been asked for. */
  inspectionOf(batchTimeMs: number): BatchInspection | null | undefined {
    return this.#inspections.get(batchTimeMs);
  }

  setInspection(batchTimeMs: number, inspection: BatchInspection | null): void {
    this.#inspections.set(batchTimeMs, inspection);
  }
}
