/** What lies in the checkpoint directory at this moment, and what a driver that started now would
 *  make of it. */

import { restartPlan, type Snapshot } from "streamscope";
import type { Chart, ChartInput } from "./chart.ts";
import {
  batchNumber,
  emptyState,
  html,
  partitionColour,
  partitionGlyph,
  plural,
} from "./drawing.ts";

type File = Snapshot["checkpoints"][number];

const words = {
  en: {
    none: "The checkpoint directory is empty: a driver that dies now leaves nothing behind.",
    off: "No checkpoint yet. A program writes them once it calls ssc.checkpoint(directory).",
    files: (count: number) => `${plural(count, "file")} in the store`,
    metadata: "metadata",
    rdd: (node: number | null) => (node === null ? "data of an RDD" : `state of node ${node}`),
    taken: (batch: number, ms: number) => `batch ${batch} · written at ${ms} ms`,
    pending: (batches: string) => `pending: batch ${batches}`,
    nothingPending: "nothing pending",
    bytes: (bytes: number) => `${bytes} B`,
    age: (ms: number) => `${ms} ms old`,
    ifRestarted: "If you restarted now",
    afresh: "The application would start afresh: no metadata says where it was.",
    restores: (file: string) => `It would read ${file} and run again:`,
    nothing: "It would read the metadata and have no batch to run again.",
    batch: (number: number) => `batch ${number}`,
    planned: "not planned in the checkpoint: takes what is in Kafka then",
    running: "the driver is alive: this is what it would do after a crash",
    columns: ["file", "type", "batch", "written at", "bytes", "pending"],
  },
  zh: {
    none: "检查点目录是空的：driver 现在崩溃，什么也不会留下。",
    off: "还没有检查点。程序调用 ssc.checkpoint(目录) 之后才会写。",
    files: (count: number) => `存储中 ${count} 个文件`,
    metadata: "元数据",
    rdd: (node: number | null) => (node === null ? "RDD 的数据" : `节点 ${node} 的状态`),
    taken: (batch: number, ms: number) => `批次 ${batch} · 写于 ${ms} ms`,
    pending: (batches: string) => `未完成：批次 ${batches}`,
    nothingPending: "没有未完成的批次",
    bytes: (bytes: number) => `${bytes} B`,
    age: (ms: number) => `${ms} ms 前`,
    ifRestarted: "如果现在重启",
    afresh: "应用会从头开始：没有元数据说明它到了哪里。",
    restores: (file: string) => `它会读取 ${file}，并重新运行：`,
    nothing: "它会读取元数据，没有批次要重新运行。",
    batch: (number: number) => `批次 ${number}`,
    planned: "检查点里没有它的范围：取当时 Kafka 里的内容",
    running: "driver 还在运行：这是它崩溃后会做的事",
    columns: ["文件", "类型", "批次", "写于", "字节", "未完成"],
  },
} as const;

const filesMax = 12;

export const chart: Chart<File> = {
  id: "checkpoint",
  title: { en: "Checkpoint", zh: "检查点" },
  question: { en: "What would a restart do?", zh: "重启之后会发生什么？" },
  applies: ({ snapshot }) => snapshot.checkpoints.length > 0,
  rows: checkpointRows,
  draw: (input) => {
    const say = words[input.language];
    const files = checkpointRows(input);
    if (files.length === 0) {
      return emptyState(input.snapshot.driver === null ? say.none : say.off);
    }
    return html("div", { class: "checkpoint" }, drawRestart(input), drawFiles(input, files));
  },
  table: (input) => {
    const say = words[input.language];
    const number = (ms: number): string => String(batchNumber(input.snapshot, ms));
    return {
      columns: say.columns,
      rows: checkpointRows(input).map((file) => [
        file.file,
        file.type === "metadata" ? say.metadata : say.rdd(file.node),
        number(file.batchTimeMs),
        `${file.atMs} ms`,
        String(file.sizeBytes),
        file.pendingMs.map(number).join(" "),
      ]),
    };
  },
};

/** The newest first. */
function checkpointRows({ snapshot }: ChartInput): readonly File[] {
  return snapshot.checkpoints.toSorted((a, b) => b.seq - a.seq);
}

function drawRestart(input: ChartInput): HTMLElement {
  const say = words[input.language];
  const { snapshot } = input;
  const { checkpoint, batches } = restartPlan(snapshot, snapshot.atMs);
  const sentence =
    checkpoint === null
      ? say.afresh
      : batches.length === 0
        ? say.nothing
        : say.restores(fileName(checkpoint.file));
  return html(
    "section",
    { class: "restart" },
    html(
      "p",
      { class: "chart-caption" },
      html("b", {}, say.ifRestarted),
      html("span", {}, sentence),
    ),
    html(
      "ul",
      {},
      ...batches.map(({ batchTimeMs, ranges }) =>
        html(
          "li",
          {},
          html("b", {}, say.batch(batchNumber(snapshot, batchTimeMs))),
          ...(ranges === null ? [html("span", {}, say.planned)] : ranges.map(rangeChip)),
        ),
      ),
    ),
    snapshot.driver?.isAlive === true ? html("small", {}, say.running) : null,
  );
}

function rangeChip(range: {
  readonly partition: number;
  readonly fromOffset: number;
  readonly untilOffset: number;
}): HTMLElement {
  const span = `[${range.fromOffset}, ${range.untilOffset})`;
  const chip = html(
    "span",
    { class: "range" },
    html("b", {}, `${partitionGlyph(range.partition)} p${range.partition}`),
    ` ${span}`,
  );
  chip.style.setProperty("--own", partitionColour(range.partition));
  return chip;
}

function drawFiles(input: ChartInput, files: readonly File[]): HTMLElement {
  const say = words[input.language];
  const { snapshot, event } = input;
  const shown = files.slice(0, filesMax);
  return html(
    "section",
    {},
    html("p", { class: "chart-caption" }, html("b", {}, say.files(files.length))),
    html(
      "ol",
      { class: "files" },
      ...shown.map((file) => {
        const numbers = file.pendingMs.map((ms) => batchNumber(snapshot, ms)).join(", ");
        const isNew = event?.seq === file.seq;
        return html(
          "li",
          { class: `file is-${file.type} ${isNew ? "arrives" : ""}` },
          html("code", {}, `${file.type === "metadata" ? "◆" : "▤"} ${fileName(file.file)}`),
          html("span", {}, file.type === "metadata" ? say.metadata : say.rdd(file.node)),
          html("span", {}, say.taken(batchNumber(snapshot, file.batchTimeMs), file.atMs)),
          file.type === "metadata"
            ? html("span", {}, numbers === "" ? say.nothingPending : say.pending(numbers))
            : null,
          html("span", {}, `${say.bytes(file.sizeBytes)} · ${say.age(snapshot.atMs - file.atMs)}`),
        );
      }),
    ),
  );
}

/** Without the directory, unless that is all there is. */
function fileName(file: string): string {
  const parts = file.split("/");
  return parts.slice(parts.at(-2)?.startsWith("run-") === true ? -2 : -1).join("/");
}
