/** The blocks of the time line: one per batch, its shape telling its status. */

import * as Plot from "@observablehq/plot";
import type { BatchStatus } from "streamscope";
import type { timelineWords } from "./timeline-words.ts";

export interface TimelineRow {
  readonly batchTimeMs: number;
  readonly number: number;
  readonly status: BatchStatus;
  readonly attempt: number;
  readonly records: number;
  readonly isSelected: boolean;
  /** Null while it is not known. */
  readonly submittedMs: number | null;
  readonly startedMs: number | null;
  /** Of the block drawn: up to now while it runs. */
  readonly endMs: number | null;
  readonly schedulingDelayMs: number | null;
  readonly processingMs: number | null;
  readonly totalMs: number | null;
}

/** Where the block of a batch stands. */
export interface Block {
  readonly row: TimelineRow;
  readonly index: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A queued batch is hollow up to now; one that has no jobs yet is a thin mark at its time. */
export function blockOf(row: TimelineRow, index: number, nowMs: number): Block {
  const fromMs = row.startedMs ?? row.submittedMs ?? row.batchTimeMs;
  const isOpen = row.startedMs !== null || row.status === "queued";
  const untilMs = row.endMs ?? (isOpen ? nowMs : fromMs);
  return { row, index, fromMs, untilMs: Math.max(untilMs, fromMs) };
}

/** From the submission to the start: hollow, since nothing happens. */
export function leadIns(rows: readonly TimelineRow[]): Plot.Markish {
  const waits = rows.flatMap(({ submittedMs, startedMs }, index) =>
    submittedMs === null || startedMs === null || startedMs === submittedMs
      ? []
      : [{ index, fromMs: submittedMs, untilMs: startedMs }],
  );
  return Plot.rect(waits, {
    x1: "fromMs",
    x2: "untilMs",
    y1: ({ index }) => index + 0.3,
    y2: ({ index }) => index + 0.7,
    fill: "var(--surface)",
    stroke: "var(--edge)",
    rx: 3,
  });
}

/** Status by shape and colour: hollow, half, solid, crossed. */
export function blockMark(blocks: readonly Block[]): Plot.Markish {
  return Plot.rect(blocks, {
    className: "mark-blocks",
    x1: "fromMs",
    x2: "untilMs",
    y1: ({ index }: Block) => index + 0.16,
    y2: ({ index }: Block) => index + 0.84,
    insetRight: -3,
    rx: 3,
    fill: ({ row }: Block) => blockFill(row.status),
    stroke: ({ row }: Block) => blockStroke(row.status),
    strokeWidth: 1.5,
  });
}

function blockFill(status: BatchStatus): string {
  if (status === "completed") return "var(--accent)";
  if (status === "running") return "var(--accent-soft)";
  if (status === "failed" || status === "lost") return "var(--fail-soft)";
  return "var(--surface)";
}

function blockStroke(status: BatchStatus): string {
  if (status === "failed" || status === "lost") return "var(--fail)";
  return status === "waiting" || status === "idle" ? "var(--edge)" : "var(--accent)";
}

/** Right of the block, or left of all of the batch where the block is near the edge: a cross for a
 *  failure, how long it took where it is known. */
export function blockTexts(
  blocks: readonly Block[],
  say: (typeof timelineWords)["en" | "zh"],
  of: { readonly firstMs: number; readonly lastMs: number; readonly msPerPixel: number },
): Plot.Markish[] {
  const gapMs = 8 * of.msPerPixel;
  const roomMs = 110 * of.msPerPixel;
  const texts = blocks
    .map(({ row, index, untilMs }) => ({
      row,
      index,
      isRight: row.status !== "queued" && untilMs + roomMs < of.lastMs,
      leftMs: (row.submittedMs ?? row.batchTimeMs) - gapMs,
      rightMs: untilMs + gapMs,
    }))
    // Where there is no room on either side the tip and the table still say it.
    .filter(({ isRight, leftMs }) => isRight || leftMs - roomMs / 2 > of.firstMs);
  const draw = (isRight: boolean): Plot.Markish =>
    Plot.text(
      texts.filter((one) => one.isRight === isRight),
      {
        x: isRight ? "rightMs" : "leftMs",
        y: ({ index }) => index + 0.5,
        text: ({ row }) => blockText(row, say),
        textAnchor: isRight ? "start" : "end",
        fill: ({ row }) =>
          row.status === "failed" || row.status === "lost" ? "var(--fail)" : "var(--muted)",
        stroke: "var(--surface)",
        strokeWidth: 3,
        fontSize: 11,
      },
    );
  return [draw(true), draw(false)];
}

function blockText(row: TimelineRow, say: (typeof timelineWords)["en" | "zh"]): string {
  if (row.status === "failed" || row.status === "lost") return `✕ ${say.status[row.status]}`;
  if (row.status === "completed") {
    return row.attempt > 1
      ? `${row.processingMs} ms · ${say.attempt(row.attempt)}`
      : `${row.processingMs} ms`;
  }
  return say.status[row.status];
}
