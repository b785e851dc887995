/** The executors at this moment: what runs on each core, which blocks each keeps, and the batches
 *  that wait for a core. */

import type { Snapshot } from "streamscope";
import type { Chart, ChartInput } from "./chart.ts";
import {
  batchNumber,
  emptyState,
  html,
  partitionColour,
  partitionGlyph,
  partitionSoft,
  plural,
  secondsText,
} from "./drawing.ts";

type Task = Snapshot["batches"][number]["jobs"][number]["stages"][number]["tasks"][number];

/** One core of an executor, and the task on it. */
export interface CoreRow {
  readonly executor: number;
  readonly core: number;
  readonly isAlive: boolean;
  /** Null for a free core. */
  readonly task: (Task & { readonly stage: number; readonly batch: number }) | null;
}

const words = {
  en: {
    none: "No executor yet: the driver has not started.",
    executor: (id: number) => `executor ${id}`,
    about: (cores: number, speed: number) =>
      `${plural(cores, "core")}${speed === 100 ? "" : ` · speed ${speed} %`}`,
    lost: "lost",
    free: "free",
    task: (batch: number, stage: number) => `batch ${batch} · stage ${stage}`,
    since: (ms: number) => `since ${secondsText(ms)}`,
    again: (attempt: number) => `attempt ${attempt + 1}`,
    storage: "Storage",
    nothingStored: "No block is cached.",
    rdd: (rdd: number) => `RDD ${rdd}`,
    blocks: (count: number) => plural(count, "block"),
    pending: "Waiting batches",
    nothingPending: "No batch waits.",
    batch: (number: number) => `batch ${number}`,
    columns: ["executor", "core", "task", "stage", "partition", "batch"],
  },
  zh: {
    none: "还没有 executor：driver 尚未启动。",
    executor: (id: number) => `executor ${id}`,
    about: (cores: number, speed: number) =>
      `${cores} 核${speed === 100 ? "" : ` · 速度 ${speed} %`}`,
    lost: "已丢失",
    free: "空闲",
    task: (batch: number, stage: number) => `批次 ${batch} · stage ${stage}`,
    since: (ms: number) => `自 ${secondsText(ms)}`,
    again: (attempt: number) => `第 ${attempt + 1} 次尝试`,
    storage: "存储",
    nothingStored: "没有缓存的块。",
    rdd: (rdd: number) => `RDD ${rdd}`,
    blocks: (count: number) => `${count} 个块`,
    pending: "等待的批次",
    nothingPending: "没有批次在等待。",
    batch: (number: number) => `批次 ${number}`,
    columns: ["executor", "核", "task", "stage", "分区", "批次"],
  },
} as const;

export const chart: Chart<CoreRow> = {
  id: "executors",
  title: { en: "Executors", zh: "Executor" },
  question: { en: "What runs where, and what waits?", zh: "什么在哪里运行？什么在等待？" },
  applies: ({ snapshot }) => snapshot.executors.length > 0,
  rows: coreRows,
  draw: (input) => {
    const say = words[input.language];
    if (input.snapshot.executors.length === 0) return emptyState(say.none);
    return html(
      "div",
      { class: "executors" },
      drawExecutors(input),
      section(say.storage, drawStorage(input)),
      section(say.pending, drawPending(input)),
    );
  },
  table: (input) => ({
    columns: words[input.language].columns,
    rows: coreRows(input).map(({ executor, core, task }) => [
      String(executor),
      String(core),
      task === null ? words[input.language].free : String(task.task),
      task === null ? "" : String(task.stage),
      task === null ? "" : String(task.partition),
      task === null ? "" : String(task.batch),
    ]),
  }),
};

/** By executor, then core. */
function coreRows({ snapshot }: ChartInput): readonly CoreRow[] {
  const tasks = new Map<number, NonNullable<CoreRow["task"]>>();
  for (const { batchTimeMs, jobs } of snapshot.batches) {
    for (const { stages } of jobs) {
      for (const stage of stages) {
        for (const task of stage.tasks) {
          const batch = batchNumber(snapshot, batchTimeMs);
          tasks.set(task.task, { ...task, stage: stage.stage, batch });
        }
      }
    }
  }
  return snapshot.executors.flatMap(({ executor, cores, isAlive, runningTasks }) =>
    Array.from({ length: cores }, (_, core) => ({
      executor,
      core,
      isAlive,
      task: tasks.get(runningTasks[core] ?? -1) ?? null,
    })),
  );
}

function drawExecutors(input: ChartInput): HTMLElement {
  const say = words[input.language];
  const rows = coreRows(input);
  return html(
    "div",
    { class: "executor-cards" },
    ...input.snapshot.executors.map(({ executor, cores, speedPercent, isAlive, cached }) =>
      html(
        "section",
        { class: isAlive ? "executor" : "executor is-lost" },
        html(
          "p",
          { class: "chart-caption" },
          html("b", {}, say.executor(executor)),
          html("span", {}, isAlive ? say.about(cores, speedPercent) : say.lost),
          cached.length === 0
            ? null
            : html("span", {}, say.blocks(cached.reduce((sum, { blocks }) => sum + blocks, 0))),
        ),
        ...rows.filter((row) => row.executor === executor).map((row) => drawCore(input, row)),
      ),
    ),
  );
}

function drawCore({ language }: ChartInput, { task }: CoreRow): HTMLElement {
  const say = words[language];
  if (task === null) return html("div", { class: "core is-free" }, say.free);
  return html(
    "div",
    {
      class: "core",
      style:
        `border-color: ${partitionColour(task.partition)};` +
        `background: ${partitionSoft(task.partition)}`,
    },
    html(
      "b",
      { style: `color: ${partitionColour(task.partition)}` },
      `${partitionGlyph(task.partition)} p${task.partition}`,
    ),
    html("span", {}, say.task(task.batch, task.stage)),
    html("small", {}, say.since(task.startedMs)),
    task.attempt === 0 ? null : html("small", {}, say.again(task.attempt)),
  );
}

function section(title: string, ...children: readonly HTMLElement[]): HTMLElement {
  return html("section", {}, html("h3", { class: "list-title" }, title), ...children);
}

/** Cached RDDs, each with where its blocks lie. */
function drawStorage({ snapshot, language }: ChartInput): HTMLElement {
  const say = words[language];
  const places = new Map<number, string[]>();
  for (const { executor, cached } of snapshot.executors) {
    for (const { rdd, blocks } of cached) {
      const place = `${say.executor(executor)}: ${say.blocks(blocks)}`;
      places.set(rdd, [...(places.get(rdd) ?? []), place]);
    }
  }
  if (places.size === 0) return emptyState(say.nothingStored);
  return html(
    "ul",
    { class: "plain-list" },
    ...[...places]
      .toSorted(([a], [b]) => a - b)
      .map(([rdd, where]) =>
        html("li", {}, html("code", {}, say.rdd(rdd)), html("span", {}, where.join(" · "))),
      ),
  );
}

function drawPending({ snapshot, language }: ChartInput): HTMLElement {
  const say = words[language];
  const waiting = snapshot.batches.filter(
    ({ status }) => status === "queued" || status === "waiting",
  );
  if (waiting.length === 0) return emptyState(say.nothingPending);
  return html(
    "ul",
    { class: "plain-list" },
    ...waiting.map(({ batchTimeMs, submittedMs }) =>
      html(
        "li",
        {},
        html("code", {}, say.batch(batchNumber(snapshot, batchTimeMs))),
        submittedMs === null ? null : html("span", {}, say.since(submittedMs)),
      ),
    ),
  );
}
