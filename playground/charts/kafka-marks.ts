/** The marks of the lanes: cells, brackets, log start and end, and the words beside them. */

import * as Plot from "@observablehq/plot";
import type { Language } from "../lessons.ts";
import { silence } from "./broker-state.ts";
import type { ChartInput } from "./chart.ts";
import {
  batchInView,
  batchNumber,
  partitionColour,
  partitionGlyph,
  partitionSoft,
} from "./drawing.ts";
import { isServed, type Lane, type LaneCell } from "./kafka-lanes.ts";
import { kafkaWords } from "./kafka-words.ts";

/** Below this width a lane's name and end stand above its cells instead of beside them. */
const narrowBelow = 620;
export const cellHeight = 30;
export const cellGap = 4;

export interface Frame {
  readonly isNarrow: boolean;
  readonly left: number;
  readonly cellWidth: number;
  readonly cellsMax: number;
  readonly laneHeight: number;
  /** Of the cells, from the top of the lane. */
  readonly cellTop: number;
}

export function frameOf(input: ChartInput): Frame {
  const isNarrow = input.width < narrowBelow;
  const ends = input.snapshot.topics.flatMap((one) => one.partitions.map((of) => of.logEndOffset));
  const digits = String(Math.max(0, ...ends)).length;
  const cellWidth = Math.max(isNarrow ? 32 : 36, digits * 8 + 8);
  const isCopied = input.snapshot.topics.some(({ partitions }) =>
    partitions.some(({ replicas }) => replicas.length > 1),
  );
  const [left, right] = isNarrow ? [34, 30] : [isCopied ? 162 : 136, 160];
  const room = Math.max(1, Math.floor((input.width - left - right) / (cellWidth + cellGap)));
  return {
    isNarrow,
    left,
    cellWidth,
    cellsMax: room,
    laneHeight: isNarrow ? 82 : 62,
    cellTop: isNarrow ? 26 : 6,
  };
}

export interface Placed {
  readonly cell: LaneCell;
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

export interface PlacedLane {
  readonly lane: Lane;
  readonly top: number;
}

export function offsetX(frame: Frame, lane: Lane, offset: number): number {
  return frame.left + (offset - lane.first) * (frame.cellWidth + cellGap);
}

export function cellPlace(frame: Frame, lane: Lane, offset: number, top: number) {
  const x1 = offsetX(frame, lane, offset);
  const y1 = top + frame.cellTop;
  return { x1, x2: x1 + frame.cellWidth, y1, y2: y1 + cellHeight };
}

export function cellFill(cell: LaneCell): string {
  const { partition, isInBatch, isNewest, isRemoved, marker } = cell;
  if (isRemoved || marker !== null) return "transparent";
  if (isInBatch) return partitionColour(partition);
  return isNewest ? partitionSoft(partition) : "var(--sunken)";
}

export function cellStroke(cell: LaneCell): string {
  const { partition, isNewest, isSelected, isRemoved, marker } = cell;
  if (isSelected) return "var(--text)";
  if (marker !== null) return markerInk(marker);
  if (isNewest) return partitionColour(partition);
  return isRemoved ? "var(--line)" : "transparent";
}

/** A marker shows how its transaction ended where a record shows its offset. */
export function cellText({ marker, offset }: LaneCell): string {
  if (marker === null) return String(offset);
  return marker === "COMMIT" ? "✓" : "✕";
}

function markerInk(marker: "COMMIT" | "ABORT"): string {
  return marker === "COMMIT" ? "var(--done)" : "var(--fail)";
}

export function cellInk(cell: LaneCell): string {
  const { partition, isInBatch, isNewest, isRemoved, marker } = cell;
  if (marker !== null) return markerInk(marker);
  if (isInBatch && !isRemoved) return "var(--on-partition)";
  return isNewest ? partitionColour(partition) : "var(--muted)";
}

/** The half-open range of the batch in view: a ring around its cells, a bar where it is empty. */
export function bracketRects(frame: Frame, placed: readonly PlacedLane[]): Plot.Markish {
  const rings = placed.flatMap(({ lane, top }) => {
    const { range } = lane;
    if (range === null) return [];
    const shownUntil = Math.min(range.until, lane.first + lane.cells.length);
    const isEmpty = range.until === range.from;
    const x1 = offsetX(frame, lane, range.from) - (isEmpty ? 3 : 3.5);
    const x2 = isEmpty ? x1 + 2 : offsetX(frame, lane, shownUntil) - cellGap + 3.5;
    const y1 = top + frame.cellTop - 4;
    return [{ partition: lane.partition, isEmpty, x1, x2, y1, y2: y1 + cellHeight + 8 }];
  });
  return Plot.rect(rings, {
    x1: "x1",
    x2: "x2",
    y1: "y1",
    y2: "y2",
    rx: 8,
    fill: ({ partition }) => partitionSoft(partition),
    stroke: ({ partition }) => partitionColour(partition),
    strokeWidth: 1.5,
  });
}

/** Log start, dotted; log end, solid; the high watermark and the last stable offset where they stay
 *  behind. */
export function edges(frame: Frame, placed: readonly PlacedLane[]): Plot.Markish[] {
  const rule = (
    at: (lane: Lane) => number | null,
    style: { readonly stroke: string; readonly strokeWidth: number; strokeDasharray?: string },
  ): Plot.Markish => {
    const lines = placed.flatMap(({ lane, top }) => {
      const offset = at(lane);
      if (offset === null || offset < lane.first) return [];
      const x = offsetX(frame, lane, offset) - cellGap / 2;
      return [{ x, y1: top + frame.cellTop - 4, y2: top + frame.cellTop + cellHeight + 4 }];
    });
    return Plot.ruleX(lines, { x: "x", y1: "y1", y2: "y2", ...style });
  };
  return [
    rule((lane) => (lane.logStart > lane.first ? lane.logStart : null), {
      stroke: "var(--muted)",
      strokeWidth: 1.5,
      strokeDasharray: "2 3",
    }),
    rule((lane) => (lane.highWatermark < lane.logEnd ? lane.highWatermark : null), {
      stroke: "var(--warn)",
      strokeWidth: 1.5,
      strokeDasharray: "4 2",
    }),
    rule((lane) => (lane.lastStable < lane.highWatermark ? lane.lastStable : null), {
      stroke: "var(--warn)",
      strokeWidth: 2,
      strokeDasharray: "2 2",
    }),
    rule((lane) => (lane.hiddenAfter > 0 ? null : lane.logEnd), {
      stroke: "var(--text)",
      strokeWidth: 2,
    }),
  ];
}

/** Slanted lines over what cannot be reached while its leader does not answer. */
export function hatching(frame: Frame, placed: readonly PlacedLane[]): Plot.Markish {
  const strokes = placed.flatMap(({ lane, top }) => {
    if (isServed(lane)) return [];
    const from = frame.left - 4;
    const end = offsetX(frame, lane, lane.first + Math.max(1, lane.cells.length)) - cellGap;
    const [y1, y2] = [top + frame.cellTop + cellHeight + 5, top + frame.cellTop - 5];
    return Array.from({ length: Math.floor((end - from) / 9) }, (_, index) => ({
      x1: from + index * 9 - 4,
      x2: from + index * 9 + 6,
      y1,
      y2,
    }));
  });
  const style = { stroke: "var(--fail)", strokeOpacity: 0.55, strokeWidth: 1.5 };
  return Plot.link(strokes, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", ...style });
}

/** Names, brokers, ends, brackets' labels, and how many records are out of sight. */
export function laneTexts(
  input: ChartInput,
  frame: Frame,
  placed: readonly PlacedLane[],
): Plot.Markish[] {
  const say = kafkaWords[input.language];
  const { isNarrow, cellTop } = frame;
  const middle = (top: number): number => (isNarrow ? top + 10 : top + cellTop + cellHeight / 2);
  const text = (
    rows: readonly { x: number; y: number; text: string; fill: string }[],
    style: Plot.TextOptions,
  ): Plot.Markish => Plot.text(rows, { x: "x", y: "y", text: "text", fill: "fill", ...style });
  const names = placed.map(({ lane, top }) => ({
    x: 0,
    y: middle(top),
    text: `${partitionGlyph(lane.partition)} p${lane.partition}`,
    fill: partitionColour(lane.partition),
  }));
  const brokers = placed.map(({ lane, top }) => ({
    x: 40,
    y: middle(top) - (isTwoLines(lane) && !isNarrow ? 7 : 0),
    text: say.leader(lane.leader, isNarrow ? leaderSilence(lane, input.language) : null),
    fill: brokerInk(lane),
  }));
  const below = placed
    .filter(({ lane }) => isTwoLines(lane) && !isNarrow)
    .map(({ lane, top }) => ({
      x: 40,
      y: middle(top) + 7,
      text: leaderSilence(lane, input.language) ?? say.inSync(lane.inSync, lane.replicas),
      fill: isServed(lane) && lane.inSync < lane.replicas ? "var(--warn)" : brokerInk(lane),
    }));
  const ends = placed.map(({ lane, top }) => ({
    x: isNarrow ? input.width : offsetX(frame, lane, lane.first + lane.cells.length) + endGap(lane),
    y: middle(top),
    text: say.end(lane.logEnd, lane.lag),
    fill: (lane.lag ?? 0) > 0 ? "var(--text)" : "var(--muted)",
  }));
  const hidden = placed.flatMap(({ lane, top }) => {
    const y = top + cellTop + cellHeight / 2;
    const after = offsetX(frame, lane, lane.first + lane.cells.length);
    return [
      ...(lane.hiddenBefore > 0
        ? [{ x: frame.left - 8, y, text: `‹ ${lane.hiddenBefore}`, anchor: "end" as const }]
        : []),
      ...(lane.hiddenAfter > 0
        ? [{ x: after + 2, y, text: `${lane.hiddenAfter} ›`, anchor: "start" as const }]
        : []),
    ].map((one) => ({ ...one, fill: "var(--muted)" }));
  });
  return [
    text(names, { fontSize: 13, fontWeight: 650, textAnchor: "start" }),
    text([...brokers, ...below], { fontSize: 12, textAnchor: "start" }),
    text(ends, { fontSize: 12, textAnchor: isNarrow ? "end" : "start" }),
    text(
      hidden.filter(({ anchor }) => anchor === "end"),
      { fontSize: 11, textAnchor: "end" },
    ),
    text(
      hidden.filter(({ anchor }) => anchor === "start"),
      { fontSize: 11, textAnchor: "start" },
    ),
    ...bracketLabels(input, frame, placed),
  ];
}

/** Why its leader does not answer; null where it does, and where there is none. */
export function leaderSilence({ leaderState }: Lane, language: Language): string | null {
  return leaderState === null ? null : silence(leaderState, language);
}

function brokerInk(lane: Lane): string {
  if (isServed(lane)) return "var(--muted)";
  return lane.leaderState === "starting" ? "var(--warn)" : "var(--fail)";
}

/** A second line where there is something to say: a silent leader, or more copies. */
function isTwoLines(lane: Lane): boolean {
  return (lane.leaderState !== null && !isServed(lane)) || lane.replicas > 1;
}

/** Room for the log end line, and for the count of what is hidden behind it. */
function endGap({ hiddenAfter }: Lane): number {
  return hiddenAfter > 0 ? 16 + String(hiddenAfter).length * 7 : 8;
}

function bracketLabels(
  input: ChartInput,
  frame: Frame,
  placed: readonly PlacedLane[],
): readonly Plot.Markish[] {
  const batch = batchInView(input);
  if (batch === null) return [];
  const say = kafkaWords[input.language];
  const number = batchNumber(input.snapshot, batch.batchTimeMs);
  const labels = placed.flatMap(({ lane, top }) => {
    const { range, partition } = lane;
    if (range === null) return [];
    const isEmpty = range.from === range.until;
    const label = isEmpty
      ? say.emptyRange(number, spanText(range))
      : say.batch(number, spanText(range));
    // A label is set under the start of its range, and moved left where it would run out.
    const widthMax = label.length * 7;
    const x = Math.min(offsetX(frame, lane, range.from), input.width - widthMax);
    const y = top + frame.cellTop + cellHeight + 12;
    return [{ x: Math.max(0, x), y, text: label, fill: partitionColour(partition) }];
  });
  const style = { fontSize: 11, fontWeight: 550, textAnchor: "start" } as const;
  return [Plot.text(labels, { x: "x", y: "y", text: "text", fill: "fill", ...style })];
}

/** `[6, 8)`. */
export function spanText({
  from,
  until,
}: {
  readonly from: number;
  readonly until: number;
}): string {
  return `[${from}, ${until})`;
}
