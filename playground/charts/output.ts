/** What the output operations wrote, batch by batch, exactly as Spark's console shows it. */

import type { Snapshot } from "streamscope";
import type { Chart, ChartInput } from "./chart.ts";
import { batchInView, batchNumber, emptyState, html, selectBatch } from "./drawing.ts";

/** One output operation of one batch. */
export interface OutputRow {
  readonly seq: number;
  readonly batchTimeMs: number;
  readonly number: number;
  readonly output: number;
  readonly atMs: number;
  readonly lines: readonly string[];
  readonly isInView: boolean;
  readonly isNewest: boolean;
  /** The same batch and output wrote before: the batch ran again. */
  readonly isRepeated: boolean;
}

const words = {
  en: {
    none: "Nothing written yet: outputs come at the end of a batch.",
    title: (batch: number, output: number) => `batch ${batch} · output ${output}`,
    repeated: "written again",
    noLines: "it wrote no lines",
    at: (ms: number) => `${ms} ms`,
    failed: (batch: number, output: number) => `batch ${batch} · output ${output} failed`,

    columns: ["batch", "output", "written at", "lines"],
  },
  zh: {
    none: "还没有输出：批次结束时才会写。",
    title: (batch: number, output: number) => `批次 ${batch} · 输出 ${output}`,
    repeated: "再次写出",
    noLines: "没有写出任何行",
    at: (ms: number) => `${ms} ms`,
    failed: (batch: number, output: number) => `批次 ${batch} · 输出 ${output} 失败`,

    columns: ["批次", "输出", "写于", "内容"],
  },
} as const;

const shownMax = 24;

export const chart: Chart<OutputRow> = {
  id: "output",
  title: { en: "Output", zh: "输出" },
  question: { en: "What did each batch write?", zh: "每个批次写出了什么？" },
  applies: ({ snapshot }) => snapshot.driver !== null,
  rows: outputRows,
  draw: (input) => {
    const rows = outputRows(input).slice(-shownMax);
    const failures = failedOutputs(input.snapshot);
    if (rows.length === 0 && failures.length === 0) return emptyState(words[input.language].none);
    return html(
      "div",
      { class: "outputs" },
      ...failures.map((failure) => drawFailure(input, failure)),
      // The newest is what one looks for: it comes first.
      ...rows.toReversed().map((row) => drawOutput(input, row)),
    );
  },
  table: (input) => {
    const say = words[input.language];
    return {
      columns: say.columns,
      rows: outputRows(input).map((row) => [
        String(row.number),
        String(row.output),
        say.at(row.atMs),
        row.lines.filter((line) => line !== "").join(" ⏎ "),
      ]),
    };
  },
};

/** In the order they were written. */
function outputRows(input: ChartInput): readonly OutputRow[] {
  const { snapshot, event } = input;
  const inView = batchInView(input)?.batchTimeMs;
  const seen = new Set<string>();
  return snapshot.outputs.map(({ seq, batchTimeMs, output, atMs, lines }) => {
    const name = `${batchTimeMs}/${output}`;
    const isRepeated = seen.has(name);
    seen.add(name);
    return {
      seq,
      batchTimeMs,
      number: batchNumber(snapshot, batchTimeMs),
      output,
      atMs,
      lines,
      isInView: batchTimeMs === inView,
      isNewest: event?.seq === seq,
      isRepeated,
    };
  });
}

function drawOutput(input: ChartInput, row: OutputRow): HTMLElement {
  const say = words[input.language];
  const block = html(
    "section",
    { class: `output ${row.isInView ? "in-view" : ""} ${row.isNewest ? "arrives" : ""}` },
    html(
      "button",
      {
        class: "output-title",
        type: "button",
        "aria-pressed": String(row.isInView),
        "data-focus": `output/${row.batchTimeMs}/${row.output}/${row.seq}`,
      },
      html("b", {}, say.title(row.number, row.output)),
      html("span", {}, say.at(row.atMs)),
      row.isRepeated ? html("em", {}, say.repeated) : null,
    ),
    row.lines.length === 0
      ? emptyState(say.noLines)
      : html("pre", { tabindex: "0" }, row.lines.join("\n").trimEnd()),
  );
  block.querySelector("button")?.addEventListener("click", () => {
    input.select(selectBatch(input.selection, row.batchTimeMs));
  });
  return block;
}

interface Failure {
  readonly batchTimeMs: number;
  readonly output: number;
  readonly error: string;
}

/** Outputs of the newest batches that ended in an error. */
function failedOutputs(snapshot: Snapshot): readonly Failure[] {
  return snapshot.batches
    .slice(-shownMax)
    .flatMap(({ batchTimeMs, outputs }) =>
      outputs.flatMap(({ output, error }) =>
        error === null ? [] : [{ batchTimeMs, output, error }],
      ),
    );
}

function drawFailure(input: ChartInput, { batchTimeMs, output, error }: Failure): HTMLElement {
  const say = words[input.language];
  const number = batchNumber(input.snapshot, batchTimeMs);
  return html(
    "section",
    { class: "output failed" },
    html("p", { class: "chart-caption" }, html("b", {}, `✕ ${say.failed(number, output)}`)),
    html("pre", { tabindex: "0" }, error),
  );
}
