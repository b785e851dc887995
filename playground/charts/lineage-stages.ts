/** The stages of a batch as the lineage shows them: attempts and jobs that compute the same RDD put
 *  together, each partition with what every operator handed on. Pure. */

import type { BatchSnapshot, JobSnapshot, StageSnapshot, TaskSnapshot } from "streamscope";
import type { ChartInput, RecordId } from "./chart.ts";
import { batchInView } from "./drawing.ts";

/** One partition of one stage. */
export interface LineageRow {
  readonly stage: number;
  readonly partition: number;
  readonly task: TaskSnapshot;
  /** Attempts before this one, failed ones among them. */
  readonly earlier: readonly TaskSnapshot[];
  /** The Kafka partition it reads; null behind a shuffle. */
  readonly input: number | null;
  readonly cells: readonly LineageCell[];
}

/** What one operator handed on in one partition. */
export interface LineageCell {
  readonly rdd: number;
  readonly operator: string;
  /** Null while the task runs. */
  readonly records: number | null;
  /** The first of them by their text; null while the batch is not under the lens. */
  readonly values: readonly LineageValue[] | null;
}

export interface LineageValue {
  readonly text: string;
  readonly isSelected: boolean;
}

export interface LineageStage {
  /** Ids of the stages put together. */
  readonly stages: readonly number[];
  readonly type: StageSnapshot["type"];
  /** What its jobs are for: `print`, `checkpoint`. */
  readonly action: string;
  readonly status: StageSnapshot["status"];
  readonly attempts: number;
  readonly operators: StageSnapshot["operators"];
  readonly rows: readonly LineageRow[];
}

/** Stages by the id they first had; parents come before children. */
export function lineageStages(input: ChartInput): readonly LineageStage[] {
  const batch = batchInView(input);
  if (batch === null) return [];
  const groups = new Map<string, { job: JobSnapshot; stage: StageSnapshot }[]>();
  for (const job of batch.jobs) {
    for (const stage of job.stages) {
      const name = `${stage.type}/${stage.rdd}/${stage.type === "ResultStage" ? job.action : ""}`;
      groups.set(name, [...(groups.get(name) ?? []), { job, stage }]);
    }
  }
  const selected = selectedText(input);
  return [...groups.values()]
    .map((group) => stageOf(input, group, { selected, batchTimeMs: batch.batchTimeMs }))
    .toSorted((a, b) => (a.stages[0] ?? 0) - (b.stages[0] ?? 0));
}

function stageOf(
  input: ChartInput,
  group: readonly { readonly job: JobSnapshot; readonly stage: StageSnapshot }[],
  of: { readonly selected: string | null; readonly batchTimeMs: number },
): LineageStage {
  const [first] = group;
  const last = group.at(-1);
  const tasks = new Map<number, { stage: StageSnapshot; task: TaskSnapshot }[]>();
  for (const { stage } of group) {
    for (const task of stage.tasks) {
      tasks.set(task.partition, [...(tasks.get(task.partition) ?? []), { stage, task }]);
    }
  }
  const operators = last?.stage.operators ?? [];
  const rows = [...tasks]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([partition, attempts]) => {
      const newest = attempts.at(-1);
      if (newest === undefined) return [];
      const { stage, task } = newest;
      return [
        {
          stage: stage.stage,
          partition,
          task,
          earlier: attempts.slice(0, -1).map((one) => one.task),
          input: task.ranges[0]?.partition ?? null,
          cells: operators.map(({ rdd, operator }) =>
            cellOf(input, { ...of, stage, task, rdd, operator }),
          ),
        },
      ];
    });
  return {
    stages: [...new Set(group.map(({ stage }) => stage.stage))],
    type: first?.stage.type ?? "ResultStage",
    action: first?.job.action ?? "",
    status: last?.stage.status ?? "running",
    attempts: Math.max(...group.map(({ stage }) => stage.attempt)) + 1,
    operators,
    rows,
  };
}

function cellOf(
  { inspection, selection }: ChartInput,
  of: {
    readonly batchTimeMs: number;
    readonly stage: StageSnapshot;
    readonly task: TaskSnapshot;
    readonly rdd: number;
    readonly operator: string;
    readonly selected: string | null;
  },
): LineageCell {
  const { task, rdd, operator, selected } = of;
  const records = task.operators.find((one) => one.rdd === rdd)?.records ?? null;
  // The lens looks at the whole run; what the task has not done yet is not shown.
  const isKnown = task.status === "finished" && inspection?.batchTimeMs === of.batchTimeMs;
  const flow = isKnown
    ? inspection.flows.find(
        (one) =>
          one.rdd === rdd && one.partition === task.partition && one.stage === of.stage.stage,
      )
    : undefined;
  const isOwn = (text: string): boolean => selected !== null && isFrom(text, selected);
  const isHere =
    selection.partition === null ||
    task.ranges.length === 0 ||
    isReading(task, selection.partition);
  return {
    rdd,
    operator,
    records,
    values: !isKnown
      ? null
      : (flow?.records ?? []).map((text) => ({ text, isSelected: isHere && isOwn(text) })),
  };
}

function isReading(task: TaskSnapshot, partition: number): boolean {
  return task.ranges.some((range) => range.partition === partition);
}

/** The same text, or a pair whose key it is: `(spark,1)` comes from `spark`. */
function isFrom(text: string, selected: string): boolean {
  return text === selected || text.startsWith(`(${selected},`);
}

/** The text of the selected record, by which it is found again behind an operator. */
function selectedText({ selection: { record }, log }: ChartInput): string | null {
  return record === null ? null : (findRecord(log, record)?.value ?? null);
}

function findRecord(log: ChartInput["log"], of: RecordId): ChartInput["log"][number] | undefined {
  return log.find(
    (one) => one.topic === of.topic && one.partition === of.partition && one.offset === of.offset,
  );
}

/** Stages whose shuffle output was already there, and that this batch did not run itself. */
export function skippedStages(batch: BatchSnapshot): readonly number[] {
  const ran = new Set(batch.jobs.flatMap(({ stages }) => stages.map(({ stage }) => stage)));
  const skipped = new Set(batch.jobs.flatMap((job) => job.skippedStages));
  return [...skipped].filter((stage) => !ran.has(stage)).toSorted((a, b) => a - b);
}
