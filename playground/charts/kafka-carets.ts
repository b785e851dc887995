/** The offsets of a lane that different tools read, each where it stands: the next to read, the one
 *  in the checkpoint, what groups have committed, and how far readers may see. The log's end has
 *  its own line. Carets at one offset share a label; labels that would touch go a row down. */

import * as Plot from "@observablehq/plot";
import type { ChartInput } from "./chart.ts";
import type { Lane } from "./kafka-lanes.ts";
import { cellGap, cellHeight, type Frame, offsetX, type PlacedLane } from "./kafka-marks.ts";
import { kafkaWords } from "./kafka-words.ts";

export interface Caret {
  /** Of the label's left edge. */
  readonly x: number;
  /** Of the offset itself. */
  readonly at: number;
  /** 0 for the first below the bracket's label. */
  readonly row: number;
  readonly text: string;
  readonly fill: string;
}

const rowHeight = 15;
/** A character of 11 px, and one of Chinese. */
const characterWidth = 6.2;
const wideWidth = 11.2;

/** None where the lane says it all: a position that is only read is the bracket's end. */
export function caretsOf(input: ChartInput, frame: Frame, lane: Lane): readonly Caret[] {
  const named = namesOf(input, lane);
  if (named.length === 0) return [];
  const offsets = [...new Set(named.map(({ offset }) => offset))].toSorted((a, b) => a - b);
  const rowEnds: number[] = [];
  return offsets.map((offset) => {
    const here = named.filter((one) => one.offset === offset);
    const last = lane.first + lane.cells.length;
    // What lies beyond what is drawn, or beyond a log that begins anew, points there.
    const glyph = offset > last ? "▸" : offset < lane.first ? "◂" : "▴";
    const text = `${glyph} ${offset} ${here.map(({ name }) => name).join(" · ")}`;
    const shown = Math.min(Math.max(offset, lane.first), last);
    const at = offsetX(frame, lane, shown) - cellGap / 2;
    const width = widthOf(text);
    const x = Math.max(0, Math.min(at - 4, input.width - width));
    const free = rowEnds.findIndex((end) => end + 8 <= x);
    const row = free === -1 ? rowEnds.length : free;
    rowEnds[row] = x + width;
    return { x, at, row, text, fill: here[0]?.fill ?? "var(--muted)" };
  });
}

interface NamedOffset {
  readonly offset: number;
  readonly name: string;
  readonly fill: string;
}

function namesOf(input: ChartInput, lane: Lane): readonly NamedOffset[] {
  const say = kafkaWords[input.language];
  const isOne = new Set(lane.committed.map(({ group }) => group)).size === 1;
  const ends = [
    ...(lane.lastStable < lane.highWatermark
      ? [{ offset: lane.lastStable, name: say.stable, fill: "var(--warn)" }]
      : []),
    ...(lane.highWatermark < lane.logEnd
      ? [{ offset: lane.highWatermark, name: say.watermark, fill: "var(--warn)" }]
      : []),
  ];
  const kept = [
    ...(lane.checkpointed === null
      ? []
      : [{ offset: lane.checkpointed, name: say.checkpointed, fill: "var(--checkpoint)" }]),
    ...lane.committed.map(({ group, offset }) => ({
      offset,
      name: say.committed(isOne ? "" : group),
      fill: "var(--done)",
    })),
  ];
  const read =
    lane.readOffset === null || kept.length === 0
      ? []
      : [{ offset: lane.readOffset, name: say.read, fill: "var(--text)" }];
  return [...read, ...kept, ...ends];
}

function widthOf(text: string): number {
  return [...text].reduce(
    (sum, character) => sum + (character > "\u2e80" ? wideWidth : characterWidth),
    0,
  );
}

/** What the lanes of a topic need below their brackets, the same for each. */
export function caretsHeight(lanes: readonly (readonly Caret[])[]): number {
  const rows = Math.max(0, ...lanes.flat().map(({ row }) => row + 1));
  return rows * rowHeight;
}

export function caretMarks(
  frame: Frame,
  placed: readonly PlacedLane[],
  carets: readonly (readonly Caret[])[],
): readonly Plot.Markish[] {
  const below = frame.cellTop + cellHeight + 26;
  const labels = placed.flatMap(({ top }, index) =>
    (carets[index] ?? []).map((caret) => ({ ...caret, y: top + below + caret.row * rowHeight })),
  );
  const style = { fontSize: 11, textAnchor: "start" } as const;
  return [Plot.text(labels, { x: "x", y: "y", text: "text", fill: "fill", ...style })];
}
