/** The contract of the pictures beside this file: one question, one picture, found by file name.
 *  A picture reads the world at a position and the batch under the lens; it computes nothing that
 *  the engine should have said. */

import type { BatchInspection, LogRecord, Snapshot, TraceEvent, TraceKind } from "streamscope";

/** One record of a log. */
export interface RecordId {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** What the reader points at: one selection drives every picture. */
export interface Selection {
  readonly batchTimeMs: number | null;
  readonly partition: number | null;
  readonly record: RecordId | null;
}

export type ChartLanguage = "en" | "zh";

export interface ChartInput {
  readonly snapshot: Snapshot;
  /** The event that led to the snapshot; null before the first. */
  readonly event: TraceEvent | null;
  /** Of the selected batch; null while it is not known. */
  readonly inspection: BatchInspection | null;
  /** Records by their text; empty while they are not known. */
  readonly log: readonly LogRecord[];
  readonly selection: Selection;
  /** CSS pixels. */
  readonly width: number;
  readonly language: ChartLanguage;
  readonly select: (selection: Selection) => void;
}

export interface Chart<Row = unknown> {
  readonly id:
    | "checkpoint"
    | "cluster"
    | "executors"
    | "groups"
    | "kafka"
    | "lineage"
    | "output"
    | "sources"
    | "state"
    | "timeline"
    | "transactions"
    | "windows";
  readonly title: Readonly<Record<ChartLanguage, string>>;
  readonly question: Readonly<Record<ChartLanguage, string>>;
  /** A run that tells none of these facts is not offered the picture; it is always offered when
   *  left out. */
  readonly about?: readonly TraceKind[];
  /** Whether this run has anything the picture is about. */
  applies(input: ChartInput): boolean;
  /** What is drawn, as data: finite, sorted, the same for the same input. */
  rows(input: ChartInput): readonly Row[];
  draw(input: ChartInput): Element;
  /** The same as a table, for those who read rather than look. */
  table(input: ChartInput): {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
}
