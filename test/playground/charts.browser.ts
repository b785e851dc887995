// Goal: the pictures can be read and used: at any width, in both languages, by keyboard.
// Method: both lessons' worlds, drawn in Chromium as the page draws them.
import "../../playground/styles/tokens.css";
import "../../playground/charts/charts.css";
import "../../playground/charts/cluster.css";
import "../../playground/charts/executors.css";
import "../../playground/charts/groups.css";
import "../../playground/charts/lineage.css";
import "../../playground/charts/lists.css";
import axe from "axe-core";
import {
  inspectBatch,
  KafkaUtils,
  type LogRecord,
  PreferConsistent,
  type Program,
  Run,
  type StreamingContext,
  Subscribe,
  TraceCursor,
  type TraceEvent,
  type WorldSpec,
} from "streamscope";
import { afterEach, expect, test } from "vitest";
import { clusterStory, type Moment } from "../kit/cluster-story.ts";
import clickstream from "../../lessons/02-clickstream/pipeline.ts";
import { world as clicks } from "../../lessons/02-clickstream/world.ts";
import wordCount from "../../lessons/01-word-count/pipeline.ts";
import { world as sentences } from "../../lessons/01-word-count/world.ts";
import type { Chart, ChartInput, Selection } from "../../playground/charts/chart.ts";
import { chart as checkpoint } from "../../playground/charts/checkpoint.ts";
import { chart as cluster } from "../../playground/charts/cluster.ts";
import { chart as executors } from "../../playground/charts/executors.ts";
import { chart as groups } from "../../playground/charts/groups.ts";
import { chart as kafka } from "../../playground/charts/kafka.ts";
import { chart as lineage } from "../../playground/charts/lineage.ts";
import { chart as output } from "../../playground/charts/output.ts";
import { chart as sources } from "../../playground/charts/sources.ts";
import { chart as state } from "../../playground/charts/state.ts";
import { chart as timeline } from "../../playground/charts/timeline.ts";
import { chart as transactions } from "../../playground/charts/transactions.ts";
import { chart as windows } from "../../playground/charts/windows.ts";

const charts: readonly Chart[] = [
  kafka,
  cluster,
  groups,
  transactions,
  sources,
  lineage,
  windows,
  state,
  output,
  timeline,
  executors,
  checkpoint,
];
const manySourcesWorld: WorldSpec = {
  executors: [{ cores: 2 }, { cores: 2, speedPercent: 50 }],
  topics: sentences.topics ?? {},
  workload: sentences.workload ?? [],
  sockets: {
    "localhost:9999": { lines: () => [1, 2, 3].map((n) => ({ atMs: n * 600, line: "a" })) },
  },
  files: [1, 2, 3].map((n) => ({
    path: `in/a file with a long name ${n}.txt`,
    atMs: n,
    text: "b",
  })),
  conf: { "spark.streaming.backpressure.enabled": "true" },
  untilMs: 6000,
};

/** Every kind of source at once. */
function manySources(ssc: StreamingContext): void {
  const params = {
    "group.id": "all",
    "auto.offset.reset": "earliest",
    "enable.auto.commit": false,
  };
  const records = KafkaUtils.createDirectStream(
    ssc,
    PreferConsistent,
    Subscribe(Object.keys(sentences.topics ?? {}), params),
  );
  records
    .map(({ value }) => value)
    .union(ssc.socketTextStream("localhost", 9999))
    .union(ssc.textFileStream("in"))
    .cache()
    .count()
    .print();
}

const nothing: Selection = { batchTimeMs: null, partition: null, record: null };

class Page {
  readonly cursor = new TraceCursor();
  readonly #program: Program;
  readonly #world: WorldSpec;
  readonly #log: readonly LogRecord[];

  constructor(program: Program, world: WorldSpec) {
    this.#program = program;
    this.#world = world;
    const run = new Run({ program, world });
    const events: TraceEvent[] = [];
    run.trace.listen((event) => events.push(event));
    run.runToEnd();
    this.cursor.append(events);
    this.#log = Object.entries(world.topics ?? {}).flatMap(([topic, { partitions }]) =>
      Array.from({ length: partitions }, (_, partition) => run.readLog(topic, partition)).flat(),
    );
  }

  input(changed: Partial<ChartInput>): ChartInput {
    const { batchTimeMs } = changed.selection ?? nothing;
    const { snapshot, event } = this.cursor;
    return {
      snapshot,
      event,
      inspection:
        batchTimeMs === null
          ? null
          : inspectBatch({ program: this.#program, world: this.#world }, batchTimeMs),
      log: this.#log,
      selection: nothing,
      width: 900,
      language: "en",
      select: () => {},
      ...changed,
    };
  }
}

function show(chart: Chart, input: ChartInput): Element {
  const drawn = chart.draw(input);
  const frame = document.createElement("div");
  frame.style.cssText = `width: ${input.width}px; background: var(--surface); color: var(--text)`;
  frame.append(drawn);
  document.body.append(frame);
  return drawn;
}

afterEach(() => {
  document.body.replaceChildren();
  delete document.documentElement.dataset["theme"];
});

function textElements(within: Element): Element[] {
  return [...within.querySelectorAll("*")].filter(
    (element) =>
      element.tagName !== "style" &&
      element.tagName !== "STYLE" &&
      [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "",
      ),
  );
}

const lessons = [
  ["word count", wordCount, sentences],
  ["clickstream", clickstream, clicks],
  ["a socket, files and back-pressure", manySources, manySourcesWorld],
] as const;

test.each(lessons)(
  "every picture fits its width and has no text below 11 px: %s",
  (_, program, world) => {
    const page = new Page(program, world);
    for (const share of [0, 0.1, 0.4, 0.7, 1]) {
      page.cursor.seek(Math.floor((page.cursor.length - 1) * share));
      const selection = { ...nothing, batchTimeMs: 3000 };
      for (const width of [330, 900]) {
        for (const language of ["en", "zh"] as const) {
          for (const chart of charts) {
            const input = page.input({ width, language, selection });
            const drawn = show(chart, input);
            const where = `${chart.id}, ${width} px, ${language}, at ${page.cursor.position}`;
            expect(drawn.parentElement?.scrollWidth, where).toBeLessThanOrEqual(width);
            for (const element of textElements(drawn)) {
              const size = Number.parseFloat(getComputedStyle(element).fontSize);
              expect(size, `${where}: ${element.textContent}`).toBeGreaterThanOrEqual(11);
            }
            drawn.parentElement?.remove();
          }
        }
      }
    }
  },
);

test.each(["light", "dark"] as const)("axe finds nothing in any picture: %s", async (theme) => {
  document.documentElement.dataset["theme"] = theme;
  const page = new Page(clickstream, clicks);
  page.cursor.seek(page.cursor.length - 40);
  for (const chart of charts) {
    const selection = { ...nothing, batchTimeMs: 7000 };
    const drawn = show(chart, page.input({ selection }));
    const { violations } = await axe.run(drawn, { rules: { region: { enabled: false } } });
    const found = violations.map(({ id, nodes }) => `${chart.id}: ${id}: ${nodes[0]?.html}`);
    expect(found).toEqual([]);
    drawn.parentElement?.remove();
  }
});

test("a cell of a lane selects its record by click, by Enter and by Space", () => {
  const page = new Page(wordCount, sentences);
  page.cursor.seek(page.cursor.length - 1);
  const selected: Selection[] = [];
  const drawn = show(kafka, page.input({ select: (selection) => selected.push(selection) }));
  const cell = drawn.querySelector('[data-focus="kafka/sentences/1/2"]');
  expect(cell?.getAttribute("aria-label")).toBe(
    "sentences-1, offset 2, value: spark on partition one",
  );
  cell?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  cell?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  cell?.dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true }));
  const record = { topic: "sentences", partition: 1, offset: 2 };
  expect(selected).toEqual(Array.from({ length: 3 }, () => ({ ...nothing, partition: 1, record })));
});

test("arrow keys walk the cells, and never reach the page's own keys", () => {
  const page = new Page(wordCount, sentences);
  page.cursor.seek(page.cursor.length - 1);
  const drawn = show(kafka, page.input({}));
  let escaped = 0;
  const listen = (): void => {
    escaped += 1;
  };
  document.addEventListener("keydown", listen);
  const stop = drawn.querySelector<SVGElement>('[data-focus][tabindex="0"]');
  stop?.focus();
  const before = document.activeElement?.getAttribute("data-focus");
  document.activeElement?.dispatchEvent(
    new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }),
  );
  document.removeEventListener("keydown", listen);
  expect(escaped).toBe(0);
  expect(document.activeElement?.getAttribute("data-focus")).not.toBe(before);
  expect(drawn.querySelectorAll('[data-focus][tabindex="0"]')).toHaveLength(1);
});

test("the tip of a record opens on focus and closes on Escape", () => {
  const page = new Page(wordCount, sentences);
  page.cursor.seek(page.cursor.length - 1);
  const drawn = show(kafka, page.input({}));
  const cell = drawn.querySelector<SVGElement>('[data-focus="kafka/sentences/0/2"]');
  const tip = drawn.querySelector(".tip");
  expect(tip?.hasAttribute("hidden")).toBe(true);
  cell?.focus();
  expect(tip?.hasAttribute("hidden")).toBe(false);
  expect(tip?.textContent).toContain("spark on partition zero");
  cell?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(tip?.hasAttribute("hidden")).toBe(true);
});

test("blocks, bars and boxes select their batch", () => {
  const page = new Page(clickstream, clicks);
  page.cursor.seek(page.cursor.length - 1);
  const selected: Selection[] = [];
  const input = page.input({ select: (selection) => selected.push(selection) });
  const ids = [
    [timeline, "timeline/6000"],
    [state, "state/6000"],
    [windows, "windows/10/11000"],
  ] as const;
  for (const [chart, id] of ids) {
    const drawn = show(chart, input);
    const element = drawn.querySelector(`[data-focus="${id}"]`);
    expect(element, id).not.toBe(null);
    element?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  }
  expect(selected.map(({ batchTimeMs }) => batchTimeMs)).toEqual([6000, 6000, 11_000]);
});

const story = clusterStory();

function clusterAt(moment: Moment, changed: Partial<ChartInput>): ChartInput {
  const cursor = new TraceCursor();
  cursor.append(story.events);
  cursor.seek(story.moments.get(moment) ?? -1);
  const { snapshot, event } = cursor;
  const about = { snapshot, event, inspection: null, log: [], selection: nothing };
  return { ...about, width: 900, language: "en", select: () => {}, ...changed };
}

const clusterCharts = [kafka, cluster, groups, transactions];

test("pictures of a cluster fit their width, and say all in both languages", () => {
  for (const [moment] of story.moments) {
    for (const width of [330, 900]) {
      for (const language of ["en", "zh"] as const) {
        for (const chart of clusterCharts) {
          const drawn = show(chart, clusterAt(moment, { width, language }));
          const where = `${chart.id}, ${width} px, ${language}, ${moment}`;
          expect(drawn.parentElement?.scrollWidth, where).toBeLessThanOrEqual(width);
          expect(drawn.textContent, where).not.toMatch(/undefined|NaN|null/);
          for (const element of textElements(drawn)) {
            const size = Number.parseFloat(getComputedStyle(element).fontSize);
            expect(size, `${where}: ${element.textContent}`).toBeGreaterThanOrEqual(11);
          }
          drawn.parentElement?.remove();
        }
      }
    }
  }
});

test.each(["light", "dark"] as const)("axe finds nothing in a cluster: %s", async (theme) => {
  document.documentElement.dataset["theme"] = theme;
  for (const moment of ["truncated", "transaction open", "the end"] as const) {
    for (const chart of clusterCharts) {
      const drawn = show(chart, clusterAt(moment, {}));
      const { violations } = await axe.run(drawn, { rules: { region: { enabled: false } } });
      expect(violations.map(({ id, nodes }) => `${chart.id}: ${id}: ${nodes[0]?.html}`)).toEqual(
        [],
      );
      drawn.parentElement?.remove();
    }
  }
});

test("the copy that lacks records is seen to: shorter, out of sync, with what it dropped", () => {
  const drawn = show(cluster, clusterAt("truncated", {}));
  const [row] = drawn.querySelectorAll(".replica-row:not(.head)");
  const cells = [...(row?.querySelectorAll(".replica") ?? [])];
  expect(cells.map((cell) => cell.querySelector("b")?.textContent)).toEqual([
    "out of sync",
    "★ leader",
    "in sync",
  ]);
  expect(cells[0]?.textContent).toContain("dropped [4, 6): its leader does not have it");
  const widths = cells.map((cell) =>
    [...cell.querySelectorAll(".piece")].reduce((sum, one) => sum + one.clientWidth, 0),
  );
  expect(widths[0]).toBeLessThan((widths[1] ?? 0) * 0.6);
  expect(drawn.querySelectorAll(".link")).toHaveLength(0);
  const before = show(cluster, clusterAt("replicated", {}));
  expect(before.querySelector(".link")?.textContent).toContain("cut");
});

test("labels of a lane's offsets never lie on each other", () => {
  for (const width of [330, 640]) {
    const drawn = show(kafka, clusterAt("transaction open", { width }));
    const labels = [...drawn.querySelectorAll("text")].filter((one) =>
      /^[▴▸◂]/u.test(one.textContent ?? ""),
    );
    expect(labels.length).toBeGreaterThan(2);
    const boxes = labels.map((label) => label.getBoundingClientRect());
    for (const [index, a] of boxes.entries()) {
      for (const b of boxes.slice(index + 1)) {
        const isApart =
          a.right <= b.left || b.right <= a.left || a.bottom <= b.top + 3 || b.bottom <= a.top + 3;
        expect(isApart, `${labels[index]?.textContent} at ${width} px`).toBe(true);
      }
    }
  }
});
