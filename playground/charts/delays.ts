/** The delays of the newest batches on one scale with the batch interval: processing below,
 *  scheduling delay on top of it, so that the height is the total delay. */

import * as Plot from "@observablehq/plot";
import type { ChartInput } from "./chart.ts";
import { accessible, html } from "./drawing.ts";
import type { TimelineRow } from "./timeline-blocks.ts";
import { timelineWords } from "./timeline-words.ts";

const barsMax = 40;

export function drawDelays(input: ChartInput, all: readonly TimelineRow[]): Element {
  const say = timelineWords[input.language];
  const intervalMs = input.snapshot.run?.batchIntervalMs ?? 1000;
  const rows = all.slice(-barsMax);
  const totals = rows.map((row) => (row.processingMs ?? 0) + (row.schedulingDelayMs ?? 0));
  const top = Math.max(intervalMs, ...totals) * 1.18;
  const numbers = rows.map(({ number }) => number);
  const every = Math.max(1, Math.ceil((numbers.length * 22) / Math.max(1, input.width - 70)));
  const plot = Plot.plot({
    width: input.width,
    height: 132,
    marginLeft: 58,
    marginRight: 16,
    marginTop: 8,
    marginBottom: 24,
    style: { fontSize: "11px" },
    x: {
      domain: numbers,
      type: "band",
      padding: 0.25,
      // Few bars stay slender instead of filling the width.
      range: [58, Math.min(input.width - 16, 58 + numbers.length * 64)],
      label: null,
      tickSize: 0,
      ticks: numbers.filter((_, index) => index % every === 0),
    },
    y: {
      domain: [0, top],
      ticks: 4,
      tickFormat: (ms: number) => `${ms} ms`,
      tickSize: 0,
      label: null,
      grid: true,
    },
    color: { type: "identity" },
    marks: [
      Plot.barY(rows, {
        x: "number",
        y1: 0,
        y2: (row: TimelineRow) => row.processingMs ?? 0,
        fill: ({ isSelected }: TimelineRow) =>
          isSelected ? "var(--accent)" : "color-mix(in srgb, var(--accent) 55%, var(--surface))",
      }),
      Plot.barY(rows, {
        x: "number",
        y1: (row: TimelineRow) => row.processingMs ?? 0,
        y2: (row: TimelineRow) => (row.processingMs ?? 0) + (row.schedulingDelayMs ?? 0),
        fill: "var(--surface)",
        stroke: "var(--edge)",
      }),
      Plot.ruleY([intervalMs], { stroke: "var(--warn)", strokeDasharray: "5 3", strokeWidth: 1.5 }),
    ],
  });
  return html(
    "figure",
    { class: "chart-figure" },
    html(
      "figcaption",
      { class: "keys" },
      html("b", {}, say.delays),
      html(
        "span",
        { class: "key key-limit" },
        html("i", { "aria-hidden": "true" }),
        say.stable(intervalMs),
      ),
    ),
    accessible(plot, say.delays),
  );
}
