/** When each batch was due, when it began and when it was done, against the batch interval: a
 *  staircase that leans to the right is a stream that falls behind.
 *
 *    batch 3   |▭▭▭▭▭████████      hollow: scheduling delay; solid: processing
 *    batch 4   |        |▭▭▭▭▭▭▭███                                              */

import * as Plot from "@observablehq/plot";
import { processingTimeMs, schedulingDelayMs } from "streamscope";
import type { Chart, ChartInput } from "./chart.ts";
import { drawDelays } from "./delays.ts";
import {
  accessible,
  batchInView,
  batchNumber,
  emptyState,
  html,
  makePressable,
  markElements,
  secondsText,
  selectBatch,
  withTips,
} from "./drawing.ts";
import {
  type Block,
  blockMark,
  blockOf,
  blockTexts,
  leadIns,
  type TimelineRow,
} from "./timeline-blocks.ts";
import { timelineWords } from "./timeline-words.ts";

/** A moment on the time line. */
interface MomentMark {
  readonly atMs: number;
  readonly glyph: string;
  readonly text: string;
  readonly colour: string;
}

const rowHeight = 24;
const rowsShownMax = 10;
const marginTop = 22;

export const chart: Chart<TimelineRow> = {
  id: "timeline",
  title: { en: "Timeline", zh: "时间线" },
  question: {
    en: "Is each batch done before the next is due?",
    zh: "每个批次能在下一个到来之前完成吗？",
  },
  applies: ({ snapshot }) => snapshot.run !== null,
  rows: timelineRows,
  draw: (input) => {
    const say = timelineWords[input.language];
    const rows = timelineRows(input);
    if (rows.length === 0) return emptyState(say.none(input.snapshot.run?.batchIntervalMs ?? 1000));
    return html("div", {}, drawBlocks(input, rows.slice(-rowsShownMax)), drawDelays(input, rows));
  },
  table: (input) => {
    const say = timelineWords[input.language];
    const ms = (value: number | null): string => (value === null ? "" : `${value} ms`);
    return {
      columns: say.columns,
      rows: timelineRows(input).map((row) => [
        say.batch(row.number) + (row.attempt > 1 ? ` · ${say.attempt(row.attempt)}` : ""),
        secondsText(row.batchTimeMs),
        say.status[row.status],
        String(row.records),
        ms(row.schedulingDelayMs),
        ms(row.processingMs),
        ms(row.totalMs),
      ]),
    };
  },
};

/** Batches by batch time, those kept by the snapshot. */
function timelineRows(input: ChartInput): readonly TimelineRow[] {
  const { snapshot } = input;
  const inView = batchInView(input)?.batchTimeMs;
  return snapshot.batches.map((batch) => {
    const processingMs = processingTimeMs(batch, snapshot.atMs);
    const { startedMs } = batch;
    return {
      batchTimeMs: batch.batchTimeMs,
      number: batchNumber(snapshot, batch.batchTimeMs),
      status: batch.status,
      attempt: batch.attempt,
      records: batch.records,
      isSelected: batch.batchTimeMs === inView,
      submittedMs: batch.submittedMs,
      startedMs,
      endMs: startedMs === null || processingMs === null ? null : startedMs + processingMs,
      schedulingDelayMs: schedulingDelayMs(batch, snapshot.atMs),
      processingMs,
      totalMs: batch.totalDelayMs,
    };
  });
}

function drawBlocks(input: ChartInput, rows: readonly TimelineRow[]): Element {
  const say = timelineWords[input.language];
  const { snapshot, width } = input;
  const intervalMs = snapshot.run?.batchIntervalMs ?? 1000;
  const firstMs = Math.max(0, (rows[0]?.batchTimeMs ?? 0) - intervalMs);
  const ends = rows.map(({ endMs, batchTimeMs }) => endMs ?? batchTimeMs);
  const lastMs = Math.max(snapshot.atMs, ...ends) + intervalMs / 2;
  const marginLeft = input.language === "zh" ? 62 : 66;
  const marginRight = 16;
  const msPerPixel = (lastMs - firstMs) / Math.max(1, width - marginLeft - marginRight);
  const blocks = rows.map((row, index) => blockOf(row, index, snapshot.atMs));
  const plot = Plot.plot({
    width,
    height: marginTop + rows.length * rowHeight + 26,
    marginTop,
    marginLeft,
    marginRight,
    marginBottom: 24,
    style: { fontSize: "11px" },
    x: {
      domain: [firstMs, lastMs],
      ticks: gridTimes({ firstMs, lastMs, intervalMs, room: width - marginLeft - marginRight }),
      tickFormat: (ms: number) => secondsText(ms),
      tickSize: 0,
      label: null,
    },
    y: {
      domain: [0, rows.length],
      axis: null,
      range: [marginTop, marginTop + rows.length * rowHeight],
    },
    color: { type: "identity" },
    marks: [
      Plot.gridX({
        stroke: "var(--line)",
        strokeOpacity: 1,
        ticks: timesOf(firstMs, lastMs, intervalMs),
      }),
      Plot.rect(
        rows.filter(({ isSelected }) => isSelected),
        {
          x1: firstMs,
          x2: lastMs,
          y1: (row: TimelineRow) => rows.indexOf(row),
          y2: (row: TimelineRow) => rows.indexOf(row) + 1,
          fill: "var(--accent-soft)",
          fillOpacity: 0.55,
          rx: 4,
        },
      ),
      rowNames(rows, say.batch),
      leadIns(rows),
      blockMark(blocks),
      ...blockTexts(blocks, say, { firstMs, lastMs, msPerPixel }),
      Plot.ruleX([snapshot.atMs], { stroke: "var(--text)", strokeWidth: 1.5 }),
      ...momentMarks(momentsOf(input, firstMs)),
    ],
  });
  const marked = markElements(plot, "blocks", blocks);
  for (const {
    element,
    row: { row },
  } of marked)
    element.classList.add(`is-${row.status}`);
  pressBlocks(input, marked);
  const figure = html(
    "figure",
    { class: "chart-figure" },
    legend(say),
    accessible(plot, say.blocks),
  );
  return withTips(
    figure,
    marked.map(({ element, row: { row } }) => ({ element, lines: blockTip(input, row) })),
  );
}

function timesOf(firstMs: number, lastMs: number, intervalMs: number): number[] {
  const count = Math.floor((lastMs - firstMs) / intervalMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => firstMs + index * intervalMs);
}

/** As many of the batch times as have room for their label. */
function gridTimes(of: {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly intervalMs: number;
  readonly room: number;
}): number[] {
  const times = timesOf(of.firstMs, of.lastMs, of.intervalMs);
  const every = Math.max(1, Math.ceil((times.length * 40) / Math.max(1, of.room)));
  return times.filter((_, index) => index % every === 0);
}

function rowNames(rows: readonly TimelineRow[], name: (number: number) => string): Plot.Markish {
  return Plot.text(rows, {
    frameAnchor: "left",
    y: (row: TimelineRow) => rows.indexOf(row) + 0.5,
    dx: -10,
    textAnchor: "end",
    text: (row: TimelineRow) => name(row.number),
    fill: ({ isSelected }: TimelineRow) => (isSelected ? "var(--accent)" : "var(--muted)"),
    fontSize: 12,
  });
}

function momentsOf({ snapshot, language }: ChartInput, fromMs: number): MomentMark[] {
  const say = timelineWords[language];
  const moments = [
    ...snapshot.faults.map(({ atMs, fault }) => ({
      atMs,
      glyph: "⚡",
      text: fault,
      colour: "var(--fail)",
    })),
    ...snapshot.checkpoints
      .filter(({ type }) => type === "metadata")
      .map(({ atMs, file }) => ({ atMs, glyph: "◆", text: file, colour: "var(--checkpoint)" })),
    ...snapshot.driverMarks
      .filter((mark) => mark.kind === "driver.crashed" || mark.attempt > 1)
      .map(({ atMs, kind, attempt }) => ({
        atMs,
        glyph: kind === "driver.crashed" ? "✕" : "▶",
        text: kind === "driver.crashed" ? say.crashed(attempt) : say.started(attempt),
        colour: kind === "driver.crashed" ? "var(--fail)" : "var(--done)",
      })),
  ];
  return moments.filter(({ atMs }) => atMs >= fromMs);
}

function momentMarks(moments: readonly MomentMark[]): Plot.Markish[] {
  return [
    Plot.text(moments, {
      x: "atMs",
      frameAnchor: "top",
      dy: -12,
      text: "glyph",
      fill: "colour",
      title: "text",
      fontSize: 13,
    }),
  ];
}

function pressBlocks(
  input: ChartInput,
  marked: readonly { readonly element: Element; readonly row: Block }[],
): void {
  const { selection, select } = input;
  const stop = marked.find(({ row }) => row.row.isSelected) ?? marked.at(-1);
  makePressable(
    marked.map((one) => {
      const { row } = one.row;
      return {
        element: one.element,
        id: `timeline/${row.batchTimeMs}`,
        label: blockTip(input, row).join(", "),
        isTabStop: one === stop,
        isSelected: row.isSelected,
        press: () => select(selectBatch(selection, row.batchTimeMs)),
      };
    }),
  );
}

function blockTip({ language }: ChartInput, row: TimelineRow): string[] {
  const say = timelineWords[language];
  const lines = [`${say.batch(row.number)} · ${say.status[row.status]}`, say.records(row.records)];
  if (row.schedulingDelayMs !== null) lines.push(`${say.scheduling}: ${row.schedulingDelayMs} ms`);
  if (row.processingMs !== null) lines.push(`${say.processing}: ${row.processingMs} ms`);
  if (row.attempt > 1) lines.push(say.attempt(row.attempt));
  return lines;
}

function legend(say: (typeof timelineWords)["en" | "zh"]): HTMLElement {
  const key = (kind: string, text: string): HTMLElement =>
    html("span", { class: `key key-${kind}` }, html("i", { "aria-hidden": "true" }), text);
  return html(
    "figcaption",
    { class: "keys" },
    key("waits", say.scheduling),
    key("runs", say.running),
    key("done", say.processing),
    key("fault", say.fault),
    key("checkpoint", say.checkpoint),
  );
}
