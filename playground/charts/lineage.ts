/** How the batch in view came to be: its stages from left to right, cut where records are shuffled,
 *  a row per partition, and in each cell what the operator handed on.
 *
 *    stage 0                                   ║ stage 1
 *    ● 0 · task 4 │ flatMap      │ map         ║ 0 · task 7 │ reduceByKey
 *                 │ spark reads  │ (spark,1)…  ║            │ (spark,2)        */

import type { BatchSnapshot } from "streamscope";
import type { Chart, ChartInput } from "./chart.ts";
import {
  batchInView,
  batchNumber,
  emptyState,
  html,
  makePressable,
  partitionColour,
  partitionGlyph,
  partitionSoft,
} from "./drawing.ts";
import { drawGraph } from "./lineage-graph.ts";
import {
  type LineageCell,
  type LineageRow,
  type LineageStage,
  type LineageValue,
  lineageStages,
  skippedStages,
} from "./lineage-stages.ts";
import { lineageWords } from "./lineage-words.ts";

/** Chips in one cell, and fewer where columns are many; the rest is a number. */
const chipsMax = 12;
const chipsOfManyMax = 6;
/** Below this width operators stand below each other. */
const narrowBelow = 520;
/** The least a task card, an operator and a shuffle take beside each other; as in charts.css. */
const cardWidth = 104;
const columnWidth = 88;
const shuffleWidth = 48;
/** Stages named one by one. */
const namedMax = 3;

export const chart: Chart<LineageRow> = {
  id: "lineage",
  title: { en: "Lineage", zh: "血缘" },
  question: {
    en: "Which task made this record, and from what?",
    zh: "这条记录由哪个任务、从什么得来？",
  },
  applies: ({ snapshot }) => (snapshot.driver?.nodes.length ?? 0) > 0,
  rows: (input) => lineageStages(input).flatMap(({ rows }) => rows),
  draw: (input) => {
    const say = lineageWords[input.language];
    const batch = batchInView(input);
    const nodes = input.snapshot.driver?.nodes ?? [];
    return html(
      "div",
      { class: "lineage" },
      nodes.length === 0 ? null : drawGraph(input, nodes),
      batch === null ? emptyState(say.noBatch) : drawBatch(input, batch),
    );
  },
  table: (input) => {
    const say = lineageWords[input.language];
    return {
      columns: say.columns,
      rows: lineageStages(input).flatMap((stage) =>
        stage.rows.flatMap((row) =>
          row.cells.map((cell) => [
            `${row.stage}`,
            `${row.partition}`,
            `${row.task.task}`,
            say.status[row.task.status],
            `${row.task.executor}`,
            cell.operator,
            cell.records === null ? "" : `${cell.records}`,
            cell.values?.map(({ text }) => text).join(" ") ?? "",
          ]),
        ),
      ),
    };
  },
};

function drawBatch(input: ChartInput, batch: BatchSnapshot): HTMLElement {
  const say = lineageWords[input.language];
  const stages = lineageStages(input);
  const number = batchNumber(input.snapshot, batch.batchTimeMs);
  const skipped = skippedStages(batch);
  const section = html(
    "section",
    { class: "lineage-batch", "aria-label": say.batch(number) },
    html(
      "p",
      { class: "chart-caption" },
      html("b", {}, say.batch(number)),
      html("span", {}, say.summary(batch.records, stages.length)),
      batch.attempt > 1 ? html("em", {}, say.again(batch.attempt)) : null,
      skipped.length > 0 ? html("span", {}, skippedText(input, skipped)) : null,
    ),
    stages.length > 0
      ? html(
          "div",
          { class: `stages ${layoutOf(input, stages)}`, tabindex: "0", role: "group" },
          ...stages.flatMap((stage, index) => [
            index > 0 && readsShuffle(stage) ? shuffleLine(say.shuffle) : null,
            drawStage(input, stage),
          ]),
        )
      : emptyState(noStages(input, batch)),
  );
  joinKin([...section.querySelectorAll(".chip")]);
  return section;
}

/** A chip that is pressed lights every chip with its key: the same word before and behind the
 *  shuffle. */
function joinKin(chips: readonly Element[]): void {
  const keys = chips.map((chip) => keyOf(chip.textContent));
  let lit: string | null = null;
  const light = (key: string | null): void => {
    lit = key;
    for (const [index, chip] of chips.entries()) {
      chip.classList.toggle("kin", keys[index] === key);
      chip.setAttribute("aria-pressed", String(keys[index] === key));
    }
  };
  makePressable(
    chips.map((element, index) => ({
      element,
      id: `lineage/${index}`,
      label: element.textContent,
      isTabStop: index === 0,
      isSelected: false,
      press: () => light(lit === keys[index] ? null : (keys[index] ?? null)),
    })),
  );
}

/** `(spark,1)` -> `spark`: the key of a pair, as Scala prints it; else the text itself. */
function keyOf(text: string): string {
  return /^\(([^,()]+),/u.exec(text)?.[1] ?? text;
}

/** Side by side where there is room; stages below each other; operators below each other. */
function layoutOf(input: ChartInput, stages: readonly LineageStage[]): string {
  if (input.width < narrowBelow) return "narrow";
  const columns = stages.reduce((sum, stage) => sum + stage.operators.length, 0);
  const widthMin =
    stages.length * cardWidth + columns * columnWidth + (stages.length - 1) * shuffleWidth;
  return widthMin > input.width ? "stacked" : "beside";
}

function readsShuffle({ operators }: LineageStage): boolean {
  return operators.some(({ readsStages }) => readsStages.length > 0);
}

function skippedText({ language }: ChartInput, skipped: readonly number[]): string {
  const say = lineageWords[language];
  if (skipped.length <= namedMax) return say.skipped(skipped.join(", "));
  return say.skippedMany(skipped.length);
}

/** Why there is nothing to draw of a batch. */
function noStages({ language }: ChartInput, batch: BatchSnapshot): string {
  const say = lineageWords[language];
  if (batch.jobsDropped) return say.dropped;
  if (batch.error !== null) return batch.error;
  return say.notYet[batch.status];
}

/** Two lines, as a shuffle is drawn: every record may cross to every partition. */
function shuffleLine(text: string): HTMLElement {
  return html("div", { class: "shuffle" }, html("span", {}, text));
}

function drawStage(input: ChartInput, stage: LineageStage): HTMLElement {
  const say = lineageWords[input.language];
  const columns = stage.operators;
  const section = html(
    "section",
    { class: `stage is-${stage.status}` },
    html(
      "div",
      { class: "stage-head" },
      html("b", {}, say.stage(stage.stages.join(", "))),
      html("span", {}, stage.type === "ResultStage" ? say.result(stage.action) : say.map),
      stage.attempts > 1 ? html("em", {}, say.attempts(stage.attempts)) : null,
    ),
    html(
      "div",
      { class: "lineage-row lineage-head", "aria-hidden": "true" },
      html("span", {}, say.task),
      ...columns.map(({ operator, rdd }) =>
        html("span", {}, ...humps(operator), html("small", {}, `RDD ${rdd}`)),
      ),
    ),
    ...stage.rows.map((row) => drawRow(input, row)),
  );
  section.style.setProperty("--columns", String(columns.length));
  return section;
}

/** `createDirectStream` may break before each capital. */
function humps(name: string): (string | HTMLElement)[] {
  return name
    .split(/(?=[A-Z])/u)
    .flatMap((part, index) => (index === 0 ? part : [html("wbr"), part]));
}

function drawRow(input: ChartInput, row: LineageRow): HTMLElement {
  const { task, partition } = row;
  const element = html(
    "div",
    {
      class: `lineage-row is-${task.status} ${row.input === null ? "shuffled" : ""}`,
    },
    taskCard(input, row),
    ...row.cells.map((cell, index) => drawCell(input, cell, { row, isLeaf: index === 0 })),
  );
  const of = row.input ?? partition;
  element.style.setProperty("--own", row.input === null ? "var(--text)" : partitionColour(of));
  element.style.setProperty("--own-soft", row.input === null ? "var(--sunken)" : partitionSoft(of));
  return element;
}

function taskCard(input: ChartInput, { task, partition, earlier, input: of }: LineageRow) {
  const say = lineageWords[input.language];
  const durationMs = task.endedMs === null ? null : task.endedMs - task.startedMs;
  const glyph = of === null ? "" : `${partitionGlyph(of)} `;
  const failed = earlier.filter(({ status }) => status === "failed").length;
  const status = { running: "◐", finished: "✓", failed: "✕" }[task.status];
  return html(
    "div",
    { class: "task-card" },
    html("b", {}, `${glyph}${say.partition(partition)}`),
    html("span", {}, say.ran(task.task)),
    html("span", {}, say.on(task.executor)),
    html(
      "span",
      { class: `task-status is-${task.status}` },
      durationMs === null ? `${status} ${say.status.running}` : `${status} ${durationMs} ms`,
    ),
    failed > 0 ? html("em", { class: "retried" }, say.retried(failed)) : null,
    task.error === null ? null : html("em", { class: "retried" }, task.error),
  );
}

function drawCell(
  input: ChartInput,
  cell: LineageCell,
  { row, isLeaf }: { readonly row: LineageRow; readonly isLeaf: boolean },
): HTMLElement {
  const say = lineageWords[input.language];
  const { records, values } = cell;
  const shown = values?.slice(0, row.cells.length > 3 ? chipsOfManyMax : chipsMax) ?? [];
  const rest = records === null ? 0 : records - shown.length;
  const label = html("small", { class: "cell-operator" }, cell.operator);
  if (records === null) {
    const text = row.task.status === "running" ? say.working : say.nothing;
    return html("div", { class: "lineage-cell" }, label, html("span", { class: "count" }, text));
  }
  if (values === null || shown.length === 0) {
    const count = html("span", { class: "count" }, say.records(records));
    return html("div", { class: "lineage-cell" }, label, count);
  }
  return html(
    "div",
    { class: isLeaf && row.input !== null ? "lineage-cell leaf" : "lineage-cell" },
    label,
    ...shown.map(chip),
    rest > 0 ? html("span", { class: "count" }, say.more(rest)) : null,
  );
}

function chip({ text, isSelected }: LineageValue): HTMLElement {
  return html("span", { class: `chip ${isSelected ? "selected" : ""}`, title: text }, text);
}
