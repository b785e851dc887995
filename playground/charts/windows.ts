/** Which batches are in the window of the batch in view: a box per batch, a bracket around those
 *  inside, `-` on what leaves and `+` on what enters.
 *
 *      1    2    3    4    5
 *      -  ┌──────────────┐
 *      ▢  │ ■    ■    ■+ │                                   */

import * as Plot from "@observablehq/plot";
import type { BatchSnapshot } from "streamscope";
import type { Chart, ChartInput } from "./chart.ts";
import {
  accessible,
  batchInView,
  batchNumber,
  emptyState,
  html,
  makePressable,
  markElements,
  plural,
  secondsText,
  selectBatch,
} from "./drawing.ts";

/** One batch in or beside one window. */
export interface WindowRow {
  readonly node: number;
  readonly operator: string;
  readonly windowMs: number | null;
  readonly slideMs: number;
  readonly batchTimeMs: number;
  /** Of the batch the window was computed for. */
  readonly windowTimeMs: number;
  readonly place: "in" | "entering" | "leaving" | "outside";
  /** Null where the batch is not known (any more). */
  readonly records: number | null;
}

const words = {
  en: {
    none: "No window yet: the first is computed when its slide interval is due.",
    notThis: (batch: number) => `No window was due in batch ${batch}.`,
    window: (length: string, slide: string) => `window ${length}, every ${slide}`,
    batch: (number: number) => `batch ${number}`,
    count: (inside: number) => `${plural(inside, "batch").replace("batchs", "batches")} inside`,
    inverse: (leaving: number, entering: number) =>
      `computed from the window before: − ${leaving} leaving, + ${entering} entering`,
    records: (count: number) => plural(count, "record"),
    place: { in: "inside", entering: "enters", leaving: "leaves", outside: "outside" },
    drawing: "Batches of the window",
    columns: ["operator", "window of", "batch", "batch time", "place", "records"],
  },
  zh: {
    none: "还没有窗口：到了滑动步长才计算第一个。",
    notThis: (batch: number) => `批次 ${batch} 没有窗口要计算。`,
    window: (length: string, slide: string) => `窗口 ${length}，每 ${slide} 滑动`,
    batch: (number: number) => `批次 ${number}`,
    count: (inside: number) => `窗口内 ${inside} 个批次`,
    inverse: (leaving: number, entering: number) =>
      `由上一个窗口推出：− ${leaving} 个离开，+ ${entering} 个进入`,
    records: (count: number) => `${count} 条记录`,
    place: { in: "窗口内", entering: "进入", leaving: "离开", outside: "窗口外" },
    drawing: "窗口内的批次",
    columns: ["算子", "窗口属于", "批次", "批次时间", "位置", "记录"],
  },
} as const;

const boxHeight = 34;

export const chart: Chart<WindowRow> = {
  id: "windows",
  title: { en: "Windows", zh: "窗口" },
  question: {
    en: "Which batches are in this result?",
    zh: "这个结果里有哪些批次？",
  },
  applies: ({ snapshot }) =>
    (snapshot.driver?.nodes ?? []).some(({ windowMs }) => windowMs !== null),
  rows: windowRows,
  draw: (input) => {
    const say = words[input.language];
    const batch = batchOfWindows(input);
    if (batch === null) return emptyState(say.none);
    if (batch.windows.length === 0) {
      return emptyState(say.notThis(batchNumber(input.snapshot, batch.batchTimeMs)));
    }
    const rows = windowRows(input);
    return html(
      "div",
      {},
      ...batch.windows.map((window) =>
        drawWindow(
          input,
          window,
          rows.filter((row) => row.node === window.node),
        ),
      ),
    );
  },
  table: (input) => {
    const say = words[input.language];
    const number = (ms: number): string => say.batch(batchNumber(input.snapshot, ms));
    return {
      columns: say.columns,
      rows: windowRows(input).map((row) => [
        row.operator,
        number(row.windowTimeMs),
        number(row.batchTimeMs),
        secondsText(row.batchTimeMs),
        say.place[row.place],
        row.records === null ? "" : String(row.records),
      ]),
    };
  },
};

/** The selected batch, else the newest that has a window. */
function batchOfWindows(input: ChartInput): BatchSnapshot | null {
  const { snapshot, selection } = input;
  const selected = selection.batchTimeMs === null ? null : batchInView(input);
  return selected ?? snapshot.batches.findLast(({ windows }) => windows.length > 0) ?? null;
}

/** By node, then batch time. */
function windowRows(input: ChartInput): readonly WindowRow[] {
  const { snapshot } = input;
  const batch = batchOfWindows(input);
  const intervalMs = snapshot.run?.batchIntervalMs ?? 1000;
  return (batch?.windows ?? []).flatMap((window) => {
    const node = snapshot.driver?.nodes.find(({ id }) => id === window.node);
    const parents = node?.parents ?? [];
    const parent = snapshot.driver?.nodes.find(({ id }) => id === parents[0]);
    const stepMs = Math.max(intervalMs, parent?.slideMs ?? intervalMs);
    const named = new Set([...window.batchesMs, ...window.leavingMs, ...window.enteringMs]);
    const fromMs = Math.min(window.batchTimeMs, ...named) - stepMs;
    const times = new Set(named);
    for (let ms = fromMs; ms <= window.batchTimeMs; ms += stepMs) if (ms > 0) times.add(ms);
    return [...times]
      .toSorted((a, b) => a - b)
      .map((batchTimeMs) => ({
        node: window.node,
        operator: node?.operator ?? "",
        windowMs: node?.windowMs ?? null,
        slideMs: node?.slideMs ?? intervalMs,
        batchTimeMs,
        windowTimeMs: window.batchTimeMs,
        place: placeOf(window, batchTimeMs),
        records: snapshot.batches.find((one) => one.batchTimeMs === batchTimeMs)?.records ?? null,
      }));
  });
}

function placeOf(window: BatchSnapshot["windows"][number], timeMs: number): WindowRow["place"] {
  if (window.leavingMs.includes(timeMs)) return "leaving";
  if (window.enteringMs.includes(timeMs)) return "entering";
  return window.batchesMs.includes(timeMs) ? "in" : "outside";
}

function isInside({ place }: WindowRow): boolean {
  return place === "in" || place === "entering";
}

function drawWindow(
  input: ChartInput,
  window: BatchSnapshot["windows"][number],
  rows: readonly WindowRow[],
): Element {
  const say = words[input.language];
  const columnWidth = Math.min(72, (input.width - 8) / Math.max(1, rows.length));
  const place = (index: number) => ({
    x1: 4 + index * columnWidth,
    x2: 4 + (index + 1) * columnWidth,
  });
  const boxes = rows.map((row, index) => ({ row, ...place(index) }));
  const inside = boxes.filter(({ row }) => isInside(row));
  const ring = { x1: (inside[0]?.x1 ?? 4) - 1, x2: (inside.at(-1)?.x2 ?? 4) + 1 };
  const middle = ({ x1, x2 }: { x1: number; x2: number }): number => (x1 + x2) / 2;
  const top = 16;
  const plot = Plot.plot({
    width: input.width,
    height: top + boxHeight + 30,
    margin: 0,
    x: { type: "identity", axis: null },
    y: { type: "identity", axis: null },
    color: { type: "identity" },
    marks: [
      Plot.rect(inside.length > 0 ? [ring] : [], {
        x1: "x1",
        x2: "x2",
        y1: top - 5,
        y2: top + boxHeight + 5,
        rx: 9,
        fill: "var(--accent-soft)",
        stroke: "var(--accent)",
        strokeWidth: 1.5,
      }),
      Plot.rect(boxes, {
        className: "mark-boxes",
        x1: "x1",
        x2: "x2",
        y1: top,
        y2: top + boxHeight,
        inset: 2.5,
        rx: 5,
        fill: ({ row }) => boxFill(row),
        stroke: ({ row }) => boxStroke(row),
        strokeWidth: 1.5,
      }),
      Plot.text(boxes, {
        x: middle,
        y: top + boxHeight / 2,
        text: ({ row }) => (row.records === null ? "?" : String(row.records)),
        fill: ({ row }) => (isInside(row) ? "var(--on-accent)" : "var(--muted)"),
        fontSize: 12,
        fontFamily: "var(--font-code)",
      }),
      Plot.text(boxes, {
        x: middle,
        y: top - 10,
        text: ({ row }) => (row.place === "leaving" ? "−" : row.place === "entering" ? "+" : ""),
        fill: ({ row }) => (row.place === "leaving" ? "var(--fail)" : "var(--done)"),
        fontSize: 16,
        fontWeight: 700,
      }),
      Plot.text(boxes, {
        x: middle,
        y: top + boxHeight + 18,
        text: ({ row }) => secondsText(row.batchTimeMs),
        fill: ({ row }) => (isInside(row) ? "var(--text)" : "var(--muted)"),
        fontSize: 11,
        // Every label needs its room; where columns are narrow every other one is left out.
        filter: (_, index: number) => columnWidth >= 34 || (rows.length - 1 - index) % 2 === 0,
      }),
    ],
  });
  pressBoxes(input, markElements(plot, "boxes", boxes));
  return html(
    "figure",
    { class: "chart-figure" },
    windowCaption(input, window, rows),
    accessible(plot, say.drawing),
  );
}

function boxFill(row: WindowRow): string {
  if (isInside(row)) return "var(--accent)";
  return row.place === "leaving" ? "var(--fail-soft)" : "var(--sunken)";
}

function boxStroke({ place }: WindowRow): string {
  if (place === "leaving") return "var(--fail)";
  return place === "entering" ? "var(--done)" : "transparent";
}

function windowCaption(
  { snapshot, language }: ChartInput,
  window: BatchSnapshot["windows"][number],
  rows: readonly WindowRow[],
): HTMLElement {
  const say = words[language];
  const [first] = rows;
  const length = first?.windowMs ?? null;
  const { leavingMs, enteringMs } = window;
  return html(
    "figcaption",
    {},
    html("b", {}, first?.operator ?? ""),
    html("span", {}, say.batch(batchNumber(snapshot, window.batchTimeMs))),
    length === null
      ? null
      : html("span", {}, say.window(secondsText(length), secondsText(first?.slideMs ?? length))),
    html("span", {}, say.count(rows.filter(isInside).length)),
    leavingMs.length + enteringMs.length === 0
      ? null
      : html("span", {}, say.inverse(leavingMs.length, enteringMs.length)),
  );
}

function pressBoxes(
  { snapshot, selection, select, language }: ChartInput,
  marked: readonly { readonly element: Element; readonly row: { readonly row: WindowRow } }[],
): void {
  const say = words[language];
  makePressable(
    marked.map(({ element, row: { row } }) => ({
      element,
      id: `windows/${row.node}/${row.batchTimeMs}`,
      label: [
        say.batch(batchNumber(snapshot, row.batchTimeMs)),
        say.place[row.place],
        ...(row.records === null ? [] : [say.records(row.records)]),
      ].join(", "),
      isTabStop: row.batchTimeMs === row.windowTimeMs,
      isSelected: row.batchTimeMs === selection.batchTimeMs,
      press: () => select(selectBatch(selection, row.batchTimeMs)),
    })),
  );
}
