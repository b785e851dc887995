/** The copies of a topic's partitions side by side: a row per partition, a column per broker, one
 *  scale of offsets, so that what one copy lacks is seen beside what another has. */

import { brokerState, silence, stateGlyphs } from "./broker-state.ts";
import type { ChartInput } from "./chart.ts";
import type { ReplicaRow } from "./cluster.ts";
import { clusterWords } from "./cluster-words.ts";
import { html, partitionColour, partitionGlyph, partitionSoft } from "./drawing.ts";

/** Below this width the copies of a partition stand below each other. */
const narrowBelow = 620;

/** Offsets of a topic on one scale. */
interface Scale {
  readonly from: number;
  readonly until: number;
}

export function drawReplicas(
  input: ChartInput,
  topic: string,
  rows: readonly ReplicaRow[],
): HTMLElement {
  const say = clusterWords[input.language];
  const brokers = input.snapshot.brokers.map(({ broker }) => broker);
  const partitions = [...new Set(rows.map(({ partition }) => partition))];
  const isNarrow = input.width < narrowBelow;
  const scale = scaleOf(rows);
  const grid = html(
    "div",
    {
      class: isNarrow ? "replicas narrow" : "replicas",
      role: "table",
      "aria-label": say.partitions(topic),
      style: `--brokers: ${brokers.length}`,
    },
    isNarrow ? null : drawHead(input, brokers),
    ...partitions.map((partition) => {
      const own = rows.filter((row) => row.partition === partition);
      const cells = isNarrow
        ? own.map((row) => drawReplica(input, row, scale))
        : brokers.map((broker) => {
            const row = own.find(({ replica }) => replica.broker === broker);
            return row === undefined
              ? html("div", { role: "cell", class: "replica none" })
              : drawReplica(input, row, scale);
          });
      return html("div", { class: "replica-row", role: "row" }, drawName(input, own), ...cells);
    }),
  );
  const copies = Math.max(0, ...partitions.map(({ replicas }) => replicas.length));
  return html(
    "figure",
    { class: "chart-figure" },
    html(
      "figcaption",
      {},
      html("b", {}, topic),
      html("span", {}, say.summary(partitions.length, copies)),
    ),
    grid,
    drawKeys(input, rows),
  );
}

/** Where the copies differ, and some of what is before: at the scale of a long log nobody would see
 *  that one of them lacks three records. */
function scaleOf(rows: readonly ReplicaRow[]): Scale {
  const ends = rows.flatMap(({ partition, replica }) => [
    replica.logEndOffset,
    partition.highWatermark,
    partition.lastStableOffset,
    ...(replica.truncated === null
      ? []
      : [replica.truncated.fromOffset, replica.truncated.toOffset]),
  ]);
  const until = Math.max(1, ...ends);
  const differs = Math.min(until, ...ends);
  const start = Math.min(until - 1, ...rows.map(({ partition }) => partition.logStartOffset));
  return { from: Math.max(start, differs - Math.max(20, 2 * (until - differs))), until };
}

/** An offset's place on the scale, in percent. */
function placeOf(offset: number, { from, until }: Scale): number {
  return (100 * (Math.min(Math.max(offset, from), until) - from)) / (until - from);
}

function drawHead(input: ChartInput, brokers: readonly number[]): HTMLElement {
  const say = clusterWords[input.language];
  return html(
    "div",
    { class: "replica-row head", role: "row" },
    html("div", { role: "columnheader" }, html("span", { class: "unseen" }, say.columns[0])),
    ...brokers.map((broker) => html("div", { role: "columnheader" }, say.broker(broker))),
  );
}

function drawName(input: ChartInput, [row]: readonly ReplicaRow[]): HTMLElement {
  const say = clusterWords[input.language];
  const head = html("div", { class: "replica-name", role: "rowheader" });
  if (row === undefined) return head;
  const { partition, highWatermark, lastStableOffset, leader, leaderEpoch } = row.partition;
  head.append(
    html(
      "b",
      { style: `color: ${partitionColour(partition)}` },
      `${partitionGlyph(partition)} p${partition}`,
    ),
    leader === -1 ? html("em", {}, say.noLeader) : html("small", {}, say.epoch(leaderEpoch)),
    html("small", {}, say.watermark(highWatermark)),
    ...(lastStableOffset < highWatermark
      ? [html("small", { class: "warn" }, say.stable(lastStableOffset))]
      : []),
  );
  return head;
}

function drawReplica(input: ChartInput, row: ReplicaRow, scale: Scale): HTMLElement {
  const say = clusterWords[input.language];
  const { partition, replica, role } = row;
  const state = brokerState(input.snapshot, replica.broker);
  const silent = silence(state, input.language);
  const name = input.width < narrowBelow ? `${say.broker(replica.broker)} · ` : "";
  const behind = partition.logEndOffset - replica.logEndOffset;
  const facts = [
    say.end(replica.logEndOffset),
    ...(role !== "leader" && behind > 0 ? [say.behind(behind)] : []),
    ...(replica.compactedUntil === null ? [] : [say.compacted(replica.compactedUntil)]),
  ];
  return html(
    "div",
    { class: `replica ${role}${silent === null ? "" : ` down ${state}`}`, role: "cell" },
    html(
      "div",
      { class: "replica-head" },
      html("b", {}, `${name}${role === "leader" ? "★ " : ""}${say[role]}`),
      silent === null ? null : html("em", {}, `${stateGlyphs[state]} ${silent}`),
      html("span", {}, facts.join(" · ")),
    ),
    drawBar(input, row, scale),
    replica.truncated === null
      ? null
      : html(
          "small",
          { class: "fail" },
          `${say.dropped(replica.truncated.toOffset, replica.truncated.fromOffset)}: ` +
            say.why[replica.truncated.reason],
        ),
  );
}

/** The copy from its start to its end, a piece per leader's epoch; its marks; what it dropped. */
function drawBar(input: ChartInput, { partition, replica }: ReplicaRow, scale: Scale): HTMLElement {
  const say = clusterWords[input.language];
  const from = partition.logStartOffset;
  const starts = replica.epochs.map(({ startOffset }) => startOffset);
  const pieces = replica.epochs.map(({ epoch }, index) => ({
    epoch,
    from: Math.max(from, index === 0 ? from : (starts[index] ?? from)),
    until: starts[index + 1] ?? replica.logEndOffset,
  }));
  const known =
    pieces.length > 0 ? pieces : [{ epoch: -1, from, until: Math.max(from, replica.logEndOffset) }];
  const span = (a: number, b: number): string =>
    `left: ${placeOf(a, scale)}%; width: ${placeOf(b, scale) - placeOf(a, scale)}%`;
  const bar = html("div", {
    class: scale.from > from ? "replica-bar continued" : "replica-bar",
    style:
      `--own: ${partitionColour(partition.partition)}; ` +
      `--soft: ${partitionSoft(partition.partition)}`,
  });
  for (const piece of known) {
    if (piece.until <= Math.max(piece.from, scale.from)) continue;
    const isWide = placeOf(piece.until, scale) - placeOf(piece.from, scale) > 24;
    bar.append(
      html(
        "i",
        { class: "piece", style: span(piece.from, piece.until) },
        isWide && pieces.length > 1 ? say.epoch(piece.epoch) : null,
      ),
    );
  }
  const { truncated } = replica;
  if (truncated !== null) {
    const style = span(truncated.toOffset, truncated.fromOffset);
    bar.append(html("i", { class: "dropped", style }));
  }
  const mark = (offset: number, name: string): void =>
    bar.append(html("i", { class: `mark ${name}`, style: `left: ${placeOf(offset, scale)}%` }));
  mark(partition.highWatermark, "watermark");
  if (partition.lastStableOffset < partition.highWatermark) {
    mark(partition.lastStableOffset, "stable");
  }
  return bar;
}

/** Only of what is in the picture. */
function drawKeys(input: ChartInput, rows: readonly ReplicaRow[]): HTMLElement {
  const [watermark, stable, dropped] = clusterWords[input.language].keys;
  const shown = [
    watermark,
    ...(rows.some(({ partition: one }) => one.lastStableOffset < one.highWatermark)
      ? [stable]
      : []),
    ...(rows.some(({ replica }) => replica.truncated !== null) ? [dropped] : []),
  ];
  return html(
    "p",
    { class: "chart-caption keys" },
    ...shown.map(([name, text]) => html("span", { class: `key ${name}` }, html("i", {}), text)),
  );
}
