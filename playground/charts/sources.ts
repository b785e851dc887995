/** What feeds the streams besides Kafka's logs: receivers with the blocks no batch has yet, files
 *  of directories, and how fast back-pressure lets each direct stream go. */

import type { Snapshot } from "streamscope";
import type { Chart, ChartInput } from "./chart.ts";
import { batchNumber, html, plural, secondsText } from "./drawing.ts";

type FileRow = Snapshot["files"][number];
type ReceiverRow = Snapshot["receivers"][number];
type RateRow = NonNullable<Snapshot["driver"]>["rates"][number];

export type SourceRow =
  | { readonly kind: "receiver"; readonly receiver: ReceiverRow }
  | { readonly kind: "file"; readonly file: FileRow }
  | { readonly kind: "rate"; readonly rate: RateRow };

const words = {
  en: {
    receivers: "Receivers",
    on: (executor: number | null) => (executor === null ? "on no core" : `on executor ${executor}`),
    stopped: "stopped",
    stored: (records: number, blocks: number) =>
      `stored ${plural(records, "record")} in ${plural(blocks, "block")}`,
    waitingBlocks: (blocks: number, records: number) =>
      `${plural(blocks, "block")} with ${plural(records, "record")} wait for a batch`,
    limit: (rate: number) => `limit ${rate} a second`,
    files: "Files",
    rates: "Back-pressure",
    taken: (batch: number) => `taken by batch ${batch}`,
    ignored: (reason: string) => `passed over: ${reason}`,
    waiting: "no batch has looked yet",
    bytes: (bytes: number, ms: number) => `${bytes} B · written at ${secondsText(ms)}`,
    node: (node: number) => `stream ${node}`,
    rate: (rate: number) => `may read ${plural(rate, "record")} a second`,
    learnt: (batch: number, rate: number) =>
      `learnt from batch ${batch}: processed ${rate} a second`,
    columns: ["source", "what", "became"],
  },
  zh: {
    receivers: "接收器",
    on: (executor: number | null) => (executor === null ? "没有占用核" : `在 executor ${executor}`),
    stopped: "已停止",
    stored: (records: number, blocks: number) => `存了 ${records} 条记录，${blocks} 个块`,
    waitingBlocks: (blocks: number, records: number) =>
      `${blocks} 个块（${records} 条记录）等待批次`,
    limit: (rate: number) => `上限每秒 ${rate} 条`,
    files: "文件",
    rates: "反压",
    taken: (batch: number) => `由批次 ${batch} 取走`,
    ignored: (reason: string) => `未取：${reason}`,
    waiting: "还没有批次看过",
    bytes: (bytes: number, ms: number) => `${bytes} B · 写于 ${secondsText(ms)}`,
    node: (node: number) => `流 ${node}`,
    rate: (rate: number) => `每秒可读 ${rate} 条记录`,
    learnt: (batch: number, rate: number) => `来自批次 ${batch}：每秒处理 ${rate} 条`,
    columns: ["来源", "内容", "结果"],
  },
} as const;

const filesMax = 40;

export const chart: Chart<SourceRow> = {
  id: "sources",
  title: { en: "Sources", zh: "来源" },
  question: { en: "What came in, and how fast may it?", zh: "进来了什么？可以多快？" },
  applies: (input) => sourceRows(input).length > 0,
  rows: sourceRows,
  draw: (input) => {
    const say = words[input.language];
    const rows = sourceRows(input);
    return html(
      "div",
      {},
      list(
        input,
        say.receivers,
        rows.filter(({ kind }) => kind === "receiver"),
      ),
      list(
        input,
        say.rates,
        rows.filter(({ kind }) => kind === "rate"),
      ),
      list(input, say.files, rows.filter(({ kind }) => kind === "file").slice(-filesMax)),
    );
  },
  table: (input) => ({
    columns: words[input.language].columns,
    rows: sourceRows(input).map((row) => textOf(input, row)),
  }),
};

/** Receivers by stream, then rates by node, then files by the time they were written. */
function sourceRows({ snapshot }: ChartInput): readonly SourceRow[] {
  return [
    ...snapshot.receivers.map((receiver) => ({ kind: "receiver", receiver }) as const),
    ...(snapshot.driver?.rates ?? []).map((rate) => ({ kind: "rate", rate }) as const),
    ...snapshot.files.map((file) => ({ kind: "file", file }) as const),
  ];
}

function list(input: ChartInput, title: string, rows: readonly SourceRow[]): HTMLElement | null {
  if (rows.length === 0) return null;
  return html(
    "section",
    {},
    html("h3", { class: "list-title" }, title),
    html(
      "ul",
      { class: "plain-list" },
      ...rows.map((row) => {
        const [name, what, became] = textOf(input, row);
        return html(
          "li",
          {},
          html("code", {}, name),
          html("span", {}, what),
          html("b", {}, became),
        );
      }),
    ),
  );
}

/** Shape: which source, what it is, what became of it. */
function textOf({ snapshot, language }: ChartInput, row: SourceRow): [string, string, string] {
  const say = words[language];
  const number = (ms: number): number => batchNumber(snapshot, ms);
  if (row.kind === "receiver") return receiverText(say, row.receiver);
  if (row.kind === "rate") {
    const { node, batchTimeMs, rate, processingRate } = row.rate;
    return [say.node(node), say.learnt(number(batchTimeMs), processingRate), say.rate(rate)];
  }
  const { path, sizeBytes, writtenMs, batchTimeMs, ignored } = row.file;
  const passed = ignored === null ? say.waiting : say.ignored(ignored);
  const became = batchTimeMs === null ? passed : say.taken(number(batchTimeMs));
  return [path, say.bytes(sizeBytes, writtenMs), became];
}

type Say = (typeof words)[ChartInput["language"]];

function receiverText(say: Say, row: ReceiverRow): [string, string, string] {
  const { receiver, isActive, executor, recordsStored, blocksStored, waiting } = row;
  const place = isActive ? say.on(executor) : say.stopped;
  const limit = row.rateLimit === null ? [] : [say.limit(row.rateLimit)];
  const said = row.lastError === null ? [] : [row.lastError];
  const records = waiting.reduce((sum, block) => sum + block.records, 0);
  return [
    `${receiver} ${row.stream}`,
    [place, say.stored(recordsStored, blocksStored), ...limit, ...said].join(" · "),
    say.waitingBlocks(waiting.length, records),
  ];
}
