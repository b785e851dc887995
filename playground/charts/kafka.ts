/** The logs of the topics: a lane per partition, a cell per record, and what the batch in view
 *  took of them.
 *
 *    ● p0  broker 1   ‹ 12  [ 5 ][ 6   7 ][ 8 ]|   end 9 · lag 1
 *                                batch 4 · [6, 8)
 *                           ▴ 5 in checkpoint  ▴ 8 read                  */

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
  withTips,
} from "./drawing.ts";
import { caretMarks, caretsHeight, caretsOf } from "./kafka-carets.ts";
import { type Lane, type LaneCell, lanesOf } from "./kafka-lanes.ts";
import {
  bracketRects,
  cellFill,
  cellInk,
  cellPlace,
  cellStroke,
  cellText,
  edges,
  frameOf,
  hatching,
  laneTexts,
  leaderSilence,
  type Placed,
  spanText,
} from "./kafka-marks.ts";
import { kafkaWords } from "./kafka-words.ts";

export const chart: Chart<Lane> = {
  id: "kafka",
  title: { en: "Kafka", zh: "Kafka" },
  question: {
    en: "Where is each record, and which did the batch take?",
    zh: "每条记录在哪里？这个批次取走了哪些？",
  },
  applies: ({ snapshot }) => snapshot.topics.length > 0,
  rows: (input) => lanesOf(input, frameOf(input).cellsMax),
  draw: (input) => {
    const { topics } = input.snapshot;
    if (topics.length === 0) return emptyState(kafkaWords[input.language].none);
    const lanes = lanesOf(input, frameOf(input).cellsMax);
    return html(
      "div",
      { class: "kafka" },
      ...topics.map(({ topic }) =>
        drawTopic(
          input,
          topic,
          lanes.filter((lane) => lane.topic === topic),
        ),
      ),
    );
  },
  table: (input) => {
    const say = kafkaWords[input.language];
    return {
      columns: say.columns,
      rows: lanesOf(input, 1).map((lane) => [
        `${lane.topic}-${lane.partition}`,
        say.leader(lane.leader, leaderSilence(lane, input.language)),
        `${lane.inSync}/${lane.replicas}`,
        String(lane.logStart),
        String(lane.logEnd),
        String(lane.highWatermark),
        lane.readOffset === null ? say.unread : String(lane.readOffset),
        lane.checkpointed === null ? say.unknownOffset : String(lane.checkpointed),
        lane.committed.map(({ group, offset }) => `${group} ${offset}`).join(", ") ||
          say.unknownOffset,
        lane.lag === null ? say.unread : String(lane.lag),
        lane.range === null ? "" : spanText(lane.range),
      ]),
    };
  },
};

function drawTopic(input: ChartInput, topic: string, lanes: readonly Lane[]): HTMLElement {
  const frame = frameOf(input);
  const carets = lanes.map((lane) => caretsOf(input, frame, lane));
  const laneHeight = frame.laneHeight + caretsHeight(carets);
  const placed = lanes.map((lane, index) => ({ lane, top: index * laneHeight }));
  const cells = placed.flatMap(({ lane, top }) =>
    lane.cells.map((cell) => ({ cell, ...cellPlace(frame, lane, cell.offset, top) })),
  );
  const plot = Plot.plot({
    width: input.width,
    height: lanes.length * laneHeight,
    margin: 0,
    x: { type: "identity", axis: null },
    y: { type: "identity", axis: null },
    color: { type: "identity" },
    marks: [
      hatching(frame, placed),
      bracketRects(frame, placed),
      Plot.rect(cells, {
        className: "mark-cells",
        x1: "x1",
        x2: "x2",
        y1: "y1",
        y2: "y2",
        rx: 5,
        fill: ({ cell }: Placed) => cellFill(cell),
        stroke: ({ cell }: Placed) => cellStroke(cell),
        strokeWidth: 1.5,
      }),
      Plot.text(cells, {
        x: ({ x1, x2 }: Placed) => (x1 + x2) / 2,
        y: ({ y1, y2 }: Placed) => (y1 + y2) / 2,
        text: ({ cell }: Placed) => cellText(cell),
        fill: ({ cell }: Placed) => cellInk(cell),
        fontSize: 12,
        fontFamily: "var(--font-code)",
        className: "cell-text",
      }),
      ...edges(frame, placed),
      ...laneTexts(input, frame, placed),
      ...caretMarks(frame, placed, carets),
    ],
  });
  const marked = markElements(plot, "cells", cells);
  press(input, marked);
  for (const { element, row } of marked) {
    if (row.cell.isNewest) element.classList.add("arrives");
  }
  const say = kafkaWords[input.language];
  const figure = html(
    "figure",
    { class: "chart-figure" },
    topicCaption(input, topic, lanes),
    accessible(plot, say.lanes(topic)),
  );
  return withTips(
    figure,
    marked.map(({ element, row: { cell } }) => ({ element, lines: tipLines(input, cell) })),
  );
}

function press(
  input: ChartInput,
  marked: readonly { readonly element: Element; readonly row: Placed }[],
): void {
  const { selection, select } = input;
  const stop = marked.find(({ row }) => row.cell.isSelected) ?? marked.at(-1);
  makePressable(
    marked.map((one) => {
      const { topic, partition, offset, isSelected } = one.row.cell;
      return {
        element: one.element,
        id: `kafka/${topic}/${partition}/${offset}`,
        label: tipLines(input, one.row.cell).join(", "),
        isTabStop: one === stop,
        isSelected,
        press: () => {
          const record = isSelected ? null : { topic, partition, offset };
          select({ ...selection, partition, record });
        },
      };
    }),
  );
}

/** What a record is, for its tip and for readers. */
function tipLines(input: ChartInput, cell: LaneCell): string[] {
  const say = kafkaWords[input.language];
  const name = say.record(`${cell.topic}-${cell.partition}`, cell.offset);
  if (cell.marker !== null) return [name, say.marker(cell.marker)];
  if (cell.isLost) return [name, say.lost];
  if (!cell.isTextKnown) return [name, cell.isRemoved ? say.removed : say.unknown];
  const lines = [name, `${say.value}: ${cell.value ?? "null"}`];
  if (cell.key !== null) lines.push(`${say.key}: ${cell.key}`);
  if (cell.isRemoved) lines.push(say.removed);
  return lines;
}

function topicCaption(input: ChartInput, topic: string, lanes: readonly Lane[]): HTMLElement {
  const say = kafkaWords[input.language];
  const records = lanes.reduce((sum, lane) => sum + lane.logEnd - lane.logStart, 0);
  const batch = batchInView(input);
  const taken = lanes.flatMap(({ range }) => (range === null ? [] : [range.until - range.from]));
  const count = taken.reduce((sum, one) => sum + one, 0);
  const number = batch === null ? 0 : batchNumber(input.snapshot, batch.batchTimeMs);
  return html(
    "figcaption",
    {},
    html("b", {}, topic),
    html(
      "span",
      {},
      [
        say.summary(lanes.length, records),
        ...(taken.length === 0 ? [] : [say.inBatch(count, number)]),
      ].join(" · "),
    ),
    taken.length > 0 && count === 0 ? html("em", {}, say.stillABatch(lanes.length)) : null,
  );
}
