// Goal: what the pictures draw is finite, sorted, and the same for the same input, at every moment.
// Method: the lessons' worlds, and the second one broken, read every few events.
import {
  inspectBatch,
  type LogRecord,
  type Program,
  Run,
  TraceCursor,
  type TraceEvent,
  type WorldSpec,
} from "streamscope";
import { expect, test } from "vitest";
import clickstream from "../../lessons/02-clickstream/pipeline.ts";
import { world as clicks } from "../../lessons/02-clickstream/world.ts";
import wordCount from "../../lessons/01-word-count/pipeline.ts";
import { world as sentences } from "../../lessons/01-word-count/world.ts";
import leaderDies from "../../lessons/03-leader-dies/pipeline.ts";
import { world as copies } from "../../lessons/03-leader-dies/world.ts";
import type { Chart, ChartInput, ChartLanguage } from "../../playground/charts/chart.ts";
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
import { clusterStory, type Moment } from "../kit/cluster-story.ts";

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

interface Told {
  readonly events: readonly TraceEvent[];
  readonly log: readonly LogRecord[];
  readonly inspect: (batchTimeMs: number) => ReturnType<typeof inspectBatch> | null;
}

function tell(program: Program, world: WorldSpec): Told {
  const run = new Run({ program, world });
  const events: TraceEvent[] = [];
  run.trace.listen((event) => events.push(event));
  run.runToEnd();
  const log = Object.entries(world.topics ?? {}).flatMap(([topic, { partitions }]) =>
    Array.from({ length: partitions }, (_, partition) => run.readLog(topic, partition)).flat(),
  );
  return { events, log, inspect: (batchTimeMs) => inspectBatch({ program, world }, batchTimeMs) };
}

const broken: WorldSpec = {
  ...clicks,
  faults: [
    { kind: "stopBroker", broker: 2, atMs: 2500, forMs: 1200 },
    { kind: "loseExecutor", executor: 2, atMs: 4080 },
    { kind: "crashDriver", atMs: 6100 },
  ],
};

const story = clusterStory();

const runs = {
  "a cluster": { events: story.events, log: [], inspect: () => null },
  "word count": tell(wordCount, sentences),
  clickstream: tell(clickstream, clicks),
  "clickstream with faults": tell(clickstream, broken),
  "three copies": tell(leaderDies, copies),
  "files of a directory": tell((ssc) => ssc.textFileStream("in").cache().count().print(), {
    files: [1, 2, 3].map((n) => ({ path: `in/${n}.txt`, atMs: n * 700, text: `file ${n}\n` })),
  }),
} as const;

function inputAt(cursor: TraceCursor, told: Told, language: ChartLanguage = "en"): ChartInput {
  return {
    snapshot: cursor.snapshot,
    event: cursor.event,
    inspection: null,
    log: told.log,
    selection: { batchTimeMs: null, partition: null, record: null },
    width: 640,
    language,
    select: () => {},
  };
}

/** Every number in a value, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || (values[index - 1] ?? value) <= value);
}

test.each(Object.entries(runs))("rows of every picture are finite and stable: %s", (_, told) => {
  const cursor = new TraceCursor();
  cursor.append(told.events);
  const drawn = new Set<string>();
  for (let seq = -1; seq < told.events.length; seq += 13) {
    cursor.seek(seq);
    const input = inputAt(cursor, told);
    for (const chart of charts) {
      const rows = chart.rows(input);
      expect(numbersIn(rows).every(Number.isFinite), `${chart.id} at event ${seq}`).toBe(true);
      expect(chart.rows(inputAt(cursor, told))).toEqual(rows);
      if (chart.applies(input) && rows.length > 0) drawn.add(chart.id);
      for (const language of ["en", "zh"] as const) {
        const { columns, rows: lines } = chart.table(inputAt(cursor, told, language));
        for (const line of lines) expect(line).toHaveLength(columns.length);
      }
    }
  }
  const always = told === runs["a cluster"] ? [] : ["executors", "lineage", "output", "timeline"];
  const own =
    told === runs["a cluster"]
      ? ["cluster", "groups", "kafka", "transactions"]
      : told === runs["files of a directory"]
        ? ["sources"]
        : told === runs["word count"]
          ? ["kafka"]
          : told === runs["three copies"]
            ? ["kafka", "checkpoint", "state"]
            : ["kafka", "checkpoint", "state", "windows"];
  // A broker that stops is news about the cluster, and so are copies; one that runs is not.
  const isNews = told === runs["clickstream with faults"] || told === runs["three copies"];
  if (isNews) own.push("cluster");
  expect([...drawn].toSorted()).toEqual([...always, ...own].toSorted());
});

test.each(Object.entries(runs))("rows of every picture are in order: %s", (_, told) => {
  const cursor = new TraceCursor();
  cursor.append(told.events);
  for (let seq = -1; seq < told.events.length; seq += 41) {
    cursor.seek(seq);
    const input = inputAt(cursor, told);
    expect(isAscending(kafka.rows(input).map(({ partition }) => partition))).toBe(true);
    expect(isAscending(timeline.rows(input).map(({ batchTimeMs }) => batchTimeMs))).toBe(true);
    expect(isAscending(windows.rows(input).map(({ batchTimeMs }) => batchTimeMs))).toBe(true);
    expect(isAscending(state.rows(input).map(({ batchTimeMs }) => batchTimeMs))).toBe(true);
    expect(isAscending(output.rows(input).map((row) => row.seq))).toBe(true);
    expect(isAscending(checkpoint.rows(input).map((file) => -file.seq))).toBe(true);
  }
});

test("a record that no copy kept does not show the text of the one that got its offset", () => {
  const told = runs["three copies"];
  const cursor = new TraceCursor();
  cursor.append(told.events);
  const cellsAt = (seq: number) => {
    cursor.seek(seq);
    const [lane] = kafka.rows({ ...inputAt(cursor, told), width: 1200 });
    return lane?.cells ?? [];
  };
  const crash = told.events.findIndex(({ kind }) => kind === "broker.crashed");
  const lost = cellsAt(crash).filter(({ isLost }) => isLost);
  expect(lost.map(({ offset, value }) => [offset, value])).toEqual(
    [30, 31, 32, 33, 34].map((offset) => [offset, null]),
  );
  const end = cellsAt(told.events.length - 1);
  expect(end.some(({ isLost }) => isLost)).toBe(false);
  expect(end.at(-1)).toMatchObject({ offset: 54, value: "60", isTextKnown: true });
});

test("a leader that is back and not registered yet is said to be starting", () => {
  const told = tell(clickstream, { ...clicks, faults: "at 2500 for 1200 crash broker 2" });
  const cursor = new TraceCursor();
  cursor.append(told.events);
  const leaderAt = (kind: TraceEvent["kind"]): unknown => {
    cursor.seek(told.events.findIndex((event) => event.kind === kind));
    // What the lanes say of a broker, the picture of the cluster is there to say as well.
    const [lanes, isCluster] = [
      kafka.table(inputAt(cursor, told)),
      cluster.applies(inputAt(cursor, told)),
    ];
    const leader = lanes.rows[1]?.[1];
    expect(isCluster).toBe(leader !== "broker 2");
    return leader;
  };
  expect(leaderAt("topic.created")).toBe("broker 2");
  expect(leaderAt("broker.crashed")).toBe("broker 2: crashed");
  expect(leaderAt("broker.started")).toBe("broker 2: starting");
  expect(leaderAt("broker.unfenced")).toBe("no leader");
});

test("lanes show at most what fits, the selected batch among it", () => {
  const told = runs.clickstream;
  const cursor = new TraceCursor();
  cursor.append(told.events);
  cursor.seek(told.events.length - 1);
  const at = (batchTimeMs: number | null, width: number): ChartInput => ({
    ...inputAt(cursor, told),
    width,
    selection: { batchTimeMs, partition: null, record: null },
  });
  for (const width of [330, 900]) {
    for (const lane of kafka.rows(at(3000, width))) {
      expect(lane.cells.length).toBeLessThan(width / 36);
      expect(lane.hiddenBefore + lane.cells.length + lane.hiddenAfter).toBe(lane.logEnd);
      expect(lane.cells.some((cell) => cell.isInBatch)).toBe(true);
      expect(lane.cells.every((cell) => cell.isTextKnown)).toBe(true);
    }
  }
  for (const lane of kafka.rows(at(12_000, 900))) expect(lane.hiddenAfter).toBe(0);
});

test("the lineage shows the values of the batch under the lens, once its tasks are through", () => {
  const told = runs["word count"];
  const cursor = new TraceCursor();
  cursor.append(told.events);
  const inspection = told.inspect(3000);
  const rowsAt = (seq: number) => {
    cursor.seek(seq);
    const selection = { batchTimeMs: 3000, partition: null, record: null };
    return lineage.rows({ ...inputAt(cursor, told), inspection, selection });
  };
  const done = told.events.findIndex(
    (event) => event.kind === "batch.completed" && event.batchTimeMs === 3000,
  );
  const rows = rowsAt(done);
  expect(rows.filter((row) => row.input !== null).map((row) => row.input)).toEqual([0, 1, 2]);
  for (const cell of rows.flatMap(({ cells }) => cells)) {
    expect(cell.values?.length).toBe(cell.records);
  }
  const words = rows.find((row) => row.input === 0)?.cells[1];
  expect(words?.values?.map(({ text }) => text)).toEqual(["spark", "on", "partition", "zero"]);
  const planned = told.events.findIndex(
    (event) => event.kind === "task.started" && event.ranges.some((range) => range.fromOffset > 1),
  );
  expect(rowsAt(planned).flatMap(({ cells }) => cells.map(({ values }) => values))).toEqual([
    null,
    null,
    null,
  ]);
});

test("an action inside transform is under the lens: its job runs before the batch", () => {
  const told = runs.clickstream;
  const cursor = new TraceCursor();
  cursor.append(told.events);
  cursor.seek(told.events.length - 1);
  const selection = { batchTimeMs: 7000, partition: null, record: null };
  const rows = lineage.rows({
    ...inputAt(cursor, told),
    inspection: told.inspect(7000),
    selection,
  });
  const [first] = rows;
  expect(first?.cells.map(({ values }) => values?.length)).toEqual(
    first?.cells.map(({ records }) => records),
  );
  expect(first?.cells[0]?.records).toBeGreaterThan(0);
});

test("the time line marks a batch that ran twice; none stays open in a run that is over", () => {
  const told = runs["clickstream with faults"];
  const cursor = new TraceCursor();
  cursor.append(told.events);
  cursor.seek(told.events.length - 1);
  const rows = timeline.rows(inputAt(cursor, told));
  expect(rows.some(({ attempt }) => attempt === 2)).toBe(true);
  expect(rows.slice(0, -1).every(({ status }) => status === "completed")).toBe(true);
});

function clusterAt(moment: Moment): ChartInput {
  const cursor = new TraceCursor();
  cursor.append(story.events);
  cursor.seek(story.moments.get(moment) ?? -1);
  return inputAt(cursor, runs["a cluster"]);
}

test("the copies of a partition stand by broker, each with its part", () => {
  const rows = cluster.rows(clusterAt("new leader")).filter((row) => row.partition.partition === 0);
  expect(rows.map(({ replica, role }) => [replica.broker, role, replica.logEndOffset])).toEqual([
    [1, "outOfSync", 6],
    [2, "leader", 8],
    [3, "inSync", 8],
  ]);
});

test("an offset that ends a transaction is told from those of records", () => {
  const [first, second] = kafka.rows(clusterAt("the end"));
  expect(first?.cells.filter(({ marker }) => marker !== null).map(({ offset }) => offset)).toEqual([
    10,
  ]);
  expect(second?.cells.map(({ marker }) => marker)).toEqual([null, null, null, "ABORT"]);
});

test("a lane knows the offset that each tool reads", () => {
  const told = runs.clickstream;
  const cursor = new TraceCursor();
  cursor.append(told.events);
  cursor.seek(told.events.length - 1);
  for (const lane of kafka.rows(inputAt(cursor, told))) {
    expect(lane.checkpointed).toBeLessThanOrEqual(lane.readOffset ?? -1);
    expect(lane.readOffset).toBeLessThanOrEqual(lane.logEnd);
    expect(lane.checkpointed).toBeGreaterThan(0);
  }
  const [first] = kafka.rows(clusterAt("joined"));
  expect(first?.committed).toEqual([{ group: "billing", offset: 5 }]);
  expect(first).toMatchObject({ inSync: 3, replicas: 3, checkpointed: null, readOffset: null });
});

test("a group's rows say who reads what, from where, and how far behind", () => {
  const rows = groups.rows(clusterAt("joined"));
  expect(rows).toEqual([
    {
      group: "billing",
      member: "billing-1-a",
      topic: "orders",
      partition: 0,
      committed: 5,
      position: 6,
      lag: 3,
    },
    {
      group: "billing",
      member: "billing-2-b",
      topic: "orders",
      partition: 1,
      committed: 2,
      position: null,
      lag: 1,
    },
  ]);
});
