/** What `updateStateByKey` keeps: how many keys after each batch, and what the batch in view
 *  changed, key by key. */

import * as Plot from "@observablehq/plot";
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
  selectBatch,
} from "./drawing.ts";

/** The state of one node in one partition after one batch. */
export interface StateRow {
  readonly batchTimeMs: number;
  readonly number: number;
  readonly node: number;
  readonly partition: number;
  readonly keysTouched: number;
  readonly keysWithValues: number;
  readonly keysRemoved: number;
  readonly keysKept: number;
}

type Change = "new" | "changed" | "removed" | "unchanged";

const words = {
  en: {
    none: "No state yet: the first batch that updates a key makes it.",
    notThis: (batch: number) => `Batch ${batch} has not updated the state.`,
    batch: (number: number) => `batch ${number}`,
    kept: (count: number) => `${plural(count, "key")} kept`,
    touched: (count: number, values: number) =>
      `function called for ${plural(count, "key")}, ${values} of them with new values`,
    removed: (count: number) => `${count} removed`,
    partition: (partition: number) => `partition ${partition}`,
    drawing: "Keys kept after each batch",
    withValues: "keys with values of the batch",
    without: "keys kept without",
    gone: "keys removed",
    change: { new: "new", changed: "changed", removed: "removed", unchanged: "unchanged" },
    key: "key",
    before: "before",
    after: "after",
    more: (count: number) => `and ${plural(count, "more key")}`,
    noLens: "Key by key once the run has ended and the batch is under the lens.",
    columns: ["batch", "partition", "touched", "with values", "removed", "kept"],
  },
  zh: {
    none: "还没有状态：第一个更新键的批次会产生它。",
    notThis: (batch: number) => `批次 ${batch} 还没有更新状态。`,
    batch: (number: number) => `批次 ${number}`,
    kept: (count: number) => `保留 ${count} 个键`,
    touched: (count: number, values: number) => `函数被调用 ${count} 个键，其中 ${values} 个有新值`,
    removed: (count: number) => `删除 ${count} 个`,
    partition: (partition: number) => `分区 ${partition}`,
    drawing: "每个批次后保留的键",
    withValues: "本批次有值的键",
    without: "保留但没有新值的键",
    gone: "删除的键",
    change: { new: "新增", changed: "改变", removed: "删除", unchanged: "未变" },
    key: "键",
    before: "之前",
    after: "之后",
    more: (count: number) => `还有 ${count} 个键`,
    noLens: "运行结束并选中批次后，可逐键查看。",
    columns: ["批次", "分区", "调用", "有值", "删除", "保留"],
  },
} as const;

const barsMax = 40;
const keysMax = 60;

export const chart: Chart<StateRow> = {
  id: "state",
  title: { en: "State", zh: "状态" },
  question: {
    en: "What did this batch change, and what never dies?",
    zh: "这个批次改变了什么？什么一直留着？",
  },
  applies: ({ snapshot }) =>
    (snapshot.driver?.nodes ?? []).some(({ className }) => className === "StateDStream") ||
    snapshot.batches.some(({ states }) => states.length > 0),
  rows: stateRows,
  draw: (input) => {
    const say = words[input.language];
    const rows = stateRows(input);
    if (rows.length === 0) return emptyState(say.none);
    return html("div", {}, drawKept(input, rows), drawBatch(input, rows));
  },
  table: (input) => {
    const say = words[input.language];
    return {
      columns: say.columns,
      rows: stateRows(input).map((row) => [
        say.batch(row.number),
        String(row.partition),
        String(row.keysTouched),
        String(row.keysWithValues),
        String(row.keysRemoved),
        String(row.keysKept),
      ]),
    };
  },
};

/** By batch time, node, partition. */
function stateRows({ snapshot }: ChartInput): readonly StateRow[] {
  return snapshot.batches.flatMap(({ batchTimeMs, states }) =>
    states.map((state) => ({
      batchTimeMs,
      number: batchNumber(snapshot, batchTimeMs),
      node: state.node,
      partition: state.partition,
      keysTouched: state.keysTouched,
      keysWithValues: state.keysWithValues,
      keysRemoved: state.keysRemoved,
      keysKept: state.keysKept,
    })),
  );
}

interface Bar {
  readonly batchTimeMs: number;
  readonly number: number;
  readonly kept: number;
  readonly withValues: number;
  readonly removed: number;
  readonly touched: number;
}

/** All partitions of a batch together. */
function barsOf(rows: readonly StateRow[]): readonly Bar[] {
  const bars = new Map<number, Bar>();
  for (const row of rows) {
    const bar = bars.get(row.batchTimeMs);
    bars.set(row.batchTimeMs, {
      batchTimeMs: row.batchTimeMs,
      number: row.number,
      kept: (bar?.kept ?? 0) + row.keysKept,
      withValues: (bar?.withValues ?? 0) + row.keysWithValues,
      removed: (bar?.removed ?? 0) + row.keysRemoved,
      touched: (bar?.touched ?? 0) + row.keysTouched,
    });
  }
  return [...bars.values()].slice(-barsMax);
}

function drawKept(input: ChartInput, rows: readonly StateRow[]): Element {
  const say = words[input.language];
  const bars = barsOf(rows);
  const inView = batchInView(input)?.batchTimeMs;
  const numbers = bars.map(({ number }) => number);
  const every = Math.max(1, Math.ceil((numbers.length * 22) / Math.max(1, input.width - 50)));
  const removedMax = Math.max(0, ...bars.map(({ removed }) => removed));
  const plot = Plot.plot({
    width: input.width,
    height: 140,
    marginLeft: 36,
    marginRight: 16,
    marginTop: 10,
    marginBottom: 24,
    style: { fontSize: "11px" },
    x: {
      type: "band",
      domain: numbers,
      padding: 0.25,
      range: [36, Math.min(input.width - 16, 36 + numbers.length * 64)],
      ticks: numbers.filter((_, index) => index % every === 0),
      tickSize: 0,
      label: null,
    },
    y: {
      domain: [-removedMax, Math.max(1, ...bars.map(({ kept }) => kept)) * 1.1],
      ticks: 4,
      tickFormat: (count: number) => (Number.isInteger(count) ? String(Math.abs(count)) : ""),
      tickSize: 0,
      label: null,
      grid: true,
    },
    color: { type: "identity" },
    marks: [
      Plot.barY(bars, {
        className: "mark-bars",
        x: "number",
        y1: 0,
        y2: "kept",
        fill: "color-mix(in srgb, var(--accent) 22%, var(--surface))",
        stroke: (bar: Bar) => (bar.batchTimeMs === inView ? "var(--accent)" : "transparent"),
        strokeWidth: 1.5,
      }),
      Plot.barY(bars, {
        x: "number",
        y1: 0,
        y2: (bar: Bar) => Math.min(bar.kept, bar.withValues),
        fill: "var(--accent)",
        pointerEvents: "none",
      }),
      Plot.barY(bars, {
        x: "number",
        y1: 0,
        y2: (bar: Bar) => -bar.removed,
        fill: "var(--fail-soft)",
        stroke: "var(--fail)",
        filter: (bar: Bar) => bar.removed > 0,
      }),
      Plot.ruleY([0], { stroke: "var(--edge)" }),
    ],
  });
  pressBars(input, markElements(plot, "bars", bars), inView);
  const key = (kind: string, text: string): HTMLElement =>
    html("span", { class: `key key-${kind}` }, html("i", { "aria-hidden": "true" }), text);
  return html(
    "figure",
    { class: "chart-figure" },
    html(
      "figcaption",
      { class: "keys" },
      key("done", say.withValues),
      key("kept", say.without),
      removedMax > 0 ? key("gone", say.gone) : null,
    ),
    accessible(plot, say.drawing),
  );
}

function pressBars(
  { selection, select, language }: ChartInput,
  marked: readonly { readonly element: Element; readonly row: Bar }[],
  inView: number | undefined,
): void {
  const say = words[language];
  makePressable(
    marked.map(({ element, row }, index) => ({
      element,
      id: `state/${row.batchTimeMs}`,
      label: [say.batch(row.number), say.kept(row.kept), say.removed(row.removed)].join(", "),
      isTabStop: row.batchTimeMs === inView || (inView === undefined && index === 0),
      isSelected: row.batchTimeMs === inView,
      press: () => select(selectBatch(selection, row.batchTimeMs)),
    })),
  );
}

function drawBatch(input: ChartInput, rows: readonly StateRow[]): HTMLElement {
  const say = words[input.language];
  const batch = batchInView(input);
  const own = rows.filter((row) => row.batchTimeMs === batch?.batchTimeMs);
  const number = batch === null ? 0 : batchNumber(input.snapshot, batch.batchTimeMs);
  if (batch === null || own.length === 0) return emptyState(say.notThis(number));
  return html(
    "section",
    { class: "state-batch" },
    ...own.map((row) =>
      html(
        "p",
        { class: "chart-caption" },
        html("b", {}, `${say.batch(number)} · ${say.partition(row.partition)}`),
        html("span", {}, say.kept(row.keysKept)),
        html("span", {}, say.touched(row.keysTouched, row.keysWithValues)),
        row.keysRemoved > 0 ? html("span", {}, say.removed(row.keysRemoved)) : null,
      ),
    ),
    keyTable(input, own),
  );
}

/** Key by key, what changed first. */
function keyTable(input: ChartInput, own: readonly StateRow[]): HTMLElement {
  const say = words[input.language];
  const { inspection } = input;
  const [first] = own;
  if (inspection === null || inspection.batchTimeMs !== first?.batchTimeMs) {
    return emptyState(say.noLens);
  }
  // A partition whose task is not through has changed nothing yet.
  const known = inspection.states.filter((entry) =>
    own.some((row) => row.node === entry.node && row.partition === entry.partition),
  );
  const order: readonly Change[] = ["new", "changed", "removed", "unchanged"];
  const entries = known
    .map((entry) => ({ entry, change: changeOf(entry) }))
    .toSorted((a, b) => order.indexOf(a.change) - order.indexOf(b.change));
  const shown = entries.slice(0, keysMax);
  return html(
    "div",
    { class: "keys-table", tabindex: "0", role: "group", "aria-label": say.key },
    ...shown.map(({ entry, change }) =>
      html(
        "div",
        { class: `key-row is-${change}` },
        html("code", {}, entry.key),
        html("span", { class: "was" }, entry.before ?? ""),
        html("span", { class: "arrow", "aria-hidden": "true" }, change === "unchanged" ? "" : "→"),
        html("span", { class: "now" }, change === "unchanged" ? "" : (entry.after ?? "∅")),
        html("small", {}, say.change[change]),
      ),
    ),
    entries.length > shown.length ? html("p", {}, say.more(entries.length - shown.length)) : null,
  );
}

function changeOf(entry: {
  readonly before: string | null;
  readonly after: string | null;
}): Change {
  if (entry.after === null) return "removed";
  if (entry.before === null) return "new";
  return entry.before === entry.after ? "unchanged" : "changed";
}
