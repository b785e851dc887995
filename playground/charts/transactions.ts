/** Transactions, open and decided, and the producers with their ids and epochs: what is fenced,
 *  what was not written twice, and what holds readers back. */

import type { Snapshot, TransactionSnapshot, TransactionState } from "streamscope";
import type { Chart, ChartInput } from "./chart.ts";
import { emptyState, html, partitionColour, partitionGlyph, plural } from "./drawing.ts";

type ProducerRow = Snapshot["producers"][number];

export type TransactionRow =
  | { readonly kind: "transaction"; readonly transaction: TransactionSnapshot }
  | { readonly kind: "producer"; readonly producer: ProducerRow };

const words = {
  en: {
    none: "No producer has an id yet: nothing is idempotent, and no transaction is open.",
    transactions: "Transactions",
    producers: "Producers",
    steps: { begun: "ongoing", prepared: "decided", ended: "markers written" },
    of: (id: number, epoch: number) => `producer ${id}, epoch ${epoch}`,
    plain: "no producer id: what it sends again may be there twice",
    as: (id: string) => `as ${id}`,
    group: (group: string) => `offsets of ${group}`,
    took: (ms: number) => `open for ${ms} ms`,
    counts: (committed: number, aborted: number) =>
      `so far ${committed} committed, ${aborted} aborted`,
    acknowledged: (records: number) => `${plural(records, "record")} acknowledged`,
    refused: (batches: number) =>
      batches === 1
        ? "1 batch came again, not written twice"
        : `${batches} batches came again, not written twice`,
    holds: "readers with read_committed wait for it",
    columns: ["what", "producer id", "epoch", "state", "partitions", "counts"],
  },
  zh: {
    none: "还没有生产者有 ID：没有幂等写入，也没有打开的事务。",
    transactions: "事务",
    producers: "生产者",
    steps: { begun: "进行中", prepared: "已决定", ended: "标记已写入" },
    of: (id: number, epoch: number) => `生产者 ${id}，纪元 ${epoch}`,
    plain: "没有生产者 ID：重发的记录可能出现两次",
    as: (id: string) => `事务 ID ${id}`,
    group: (group: string) => `${group} 的偏移量`,
    took: (ms: number) => `已打开 ${ms} ms`,
    counts: (committed: number, aborted: number) => `至今提交 ${committed} 次，中止 ${aborted} 次`,
    acknowledged: (records: number) => `${records} 条记录已确认`,
    refused: (batches: number) => `${batches} 批重发，未写两次`,
    holds: "read_committed 的读者在等它",
    columns: ["对象", "生产者 ID", "纪元", "状态", "分区", "计数"],
  },
} as const;

export const chart: Chart<TransactionRow> = {
  id: "transactions",
  title: { en: "Transactions", zh: "事务" },
  question: {
    en: "Which transactions are open, how did the others end, and who is who?",
    zh: "哪些事务打开着？其他的如何结束？谁是谁？",
  },
  about: ["transaction.changed", "duplicate.refused"],
  // Every producer has an id; that is worth a picture once something hangs on it.
  applies: ({ snapshot }) =>
    snapshot.transactions.length > 0 ||
    snapshot.producers.some(({ duplicatesRefused }) => duplicatesRefused > 0),
  rows: transactionRows,
  draw: (input) => {
    const say = words[input.language];
    const { transactions, producers } = input.snapshot;
    if (transactions.length + producers.length === 0) return emptyState(say.none);
    return html(
      "div",
      { class: "transactions" },
      transactions.length === 0
        ? null
        : html(
            "figure",
            { class: "chart-figure" },
            html("figcaption", {}, html("b", {}, say.transactions)),
            html(
              "ul",
              { class: "rows" },
              ...transactions.toReversed().map((one) => drawTransaction(input, one)),
            ),
          ),
      producers.length === 0
        ? null
        : html(
            "figure",
            { class: "chart-figure" },
            html("figcaption", {}, html("b", {}, say.producers)),
            html("ul", { class: "rows" }, ...producers.map((one) => drawProducer(input, one))),
          ),
    );
  },
  table: (input) => {
    const say = words[input.language];
    return {
      columns: say.columns,
      rows: transactionRows(input).map((row) => {
        if (row.kind === "producer") {
          const { client, producerId, producerEpoch, acknowledged } = row.producer;
          const id = [producerId, producerEpoch].map((one) => (one === null ? "" : String(one)));
          return [client, ...id, "", "", say.acknowledged(acknowledged)];
        }
        const one = row.transaction;
        return [
          one.transactionalId,
          String(one.producerId),
          String(one.producerEpoch),
          one.state,
          one.partitions.map(({ topic, partition }) => `${topic}-${partition}`).join(" "),
          say.counts(one.committed, one.aborted),
        ];
      }),
    };
  },
};

/** Transactions, the one changed last first; then producers as they were first heard of. */
function transactionRows({ snapshot }: ChartInput): readonly TransactionRow[] {
  return [
    ...snapshot.transactions
      .toReversed()
      .map((transaction) => ({ kind: "transaction", transaction }) as const),
    ...snapshot.producers.map((producer) => ({ kind: "producer", producer }) as const),
  ];
}

/** How far along a state is: 1 ongoing, 2 decided, 3 over; 0 before the first. */
function stepOf(state: TransactionState): number {
  if (state === "Ongoing") return 1;
  if (state.startsWith("Prepare")) return 2;
  return state.startsWith("Complete") ? 3 : 0;
}

function toneOf(state: TransactionState): "open" | "commit" | "abort" | "none" {
  if (state.endsWith("Commit")) return "commit";
  if (state.endsWith("Abort") || state === "PrepareEpochFence") return "abort";
  return state === "Ongoing" ? "open" : "none";
}

const toneGlyphs = { open: "◐", commit: "✓", abort: "✕", none: "○" } as const;

function drawTransaction(input: ChartInput, one: TransactionSnapshot): HTMLElement {
  const say = words[input.language];
  const tone = toneOf(one.state);
  const step = stepOf(one.state);
  const isOpen = step === 1 || step === 2;
  const facts = [
    say.of(one.producerId, one.producerEpoch),
    ...(isOpen && one.begunMs !== null ? [say.took(input.snapshot.atMs - one.begunMs)] : []),
    say.counts(one.committed, one.aborted),
  ];
  return html(
    "li",
    { class: `transaction ${tone}` },
    html(
      "div",
      { class: "row-head" },
      html("b", {}, one.transactionalId),
      html(
        "span",
        { class: "badge" },
        `${toneGlyphs[tone]} ${one.state}${one.reason === null ? "" : ` · ${one.reason}`}`,
      ),
      html("small", {}, facts.join(" · ")),
    ),
    html(
      "ol",
      { class: "steps", "aria-hidden": "true" },
      ...Object.values(say.steps).map((name, index) =>
        html("li", { class: index < step ? "reached" : "" }, name),
      ),
    ),
    drawParts(input, one, isOpen),
  );
}

function drawParts(
  input: ChartInput,
  { partitions, groups }: TransactionSnapshot,
  isOpen: boolean,
): HTMLElement | null {
  const say = words[input.language];
  if (partitions.length + groups.length === 0) return null;
  return html(
    "ul",
    { class: "assignments" },
    ...partitions.map(({ topic, partition }) =>
      html(
        "li",
        { style: `--own: ${partitionColour(partition)}` },
        html("b", {}, `${partitionGlyph(partition)} ${topic}-${partition}`),
      ),
    ),
    ...groups.map((group) => html("li", {}, html("span", {}, say.group(group)))),
    isOpen ? html("li", {}, html("em", {}, say.holds)) : null,
  );
}

function drawProducer(input: ChartInput, one: ProducerRow): HTMLElement {
  const say = words[input.language];
  const { client, producerId, producerEpoch, transactionalId } = one;
  const facts = [
    producerId === null || producerEpoch === null ? say.plain : say.of(producerId, producerEpoch),
    ...(transactionalId === null ? [] : [say.as(transactionalId)]),
    say.acknowledged(one.acknowledged),
  ];
  return html(
    "li",
    { class: "producer" },
    html(
      "div",
      { class: "row-head" },
      html("b", {}, client),
      html("small", {}, facts.join(" · ")),
      one.duplicatesRefused === 0 ? null : html("em", {}, say.refused(one.duplicatesRefused)),
    ),
  );
}
