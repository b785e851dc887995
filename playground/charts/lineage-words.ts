/** What the lineage says, in both languages. */

import { plural } from "./drawing.ts";

export const lineageWords = {
  en: {
    noBatch: "No batch yet: a batch is where a DStream becomes an RDD.",
    batch: (number: number) => `Batch ${number}`,
    summary: (records: number, stages: number) =>
      records === 0
        ? `0 records — still a batch · ${plural(stages, "stage")}`
        : `${plural(records, "record")} · ${plural(stages, "stage")}`,
    again: (attempt: number) => `run ${attempt}: recomputed after a crash`,
    skipped: (stages: string) => `skipped: stage ${stages}, whose output is still there`,
    skippedMany: (count: number) =>
      `skipped: ${plural(count, "stage")} whose output is still there`,
    dropped: "The tasks of this batch are no longer kept; step to it to see them.",
    notYet: {
      waiting: "Its ranges are planned; its jobs are being made.",
      idle: "No output operation was due in this batch.",
      queued: "Queued: another batch is being processed.",
      running: "It has begun; no stage has been submitted yet.",
      completed: "Done without a stage: there was nothing to compute.",
      failed: "It failed before a stage was submitted.",
      lost: "The driver died before a stage was submitted.",
    },
    stage: (ids: string) => `Stage ${ids}`,
    map: "writes shuffle output",
    result: (action: string) => `result of ${action}`,
    attempts: (count: number) => `attempt ${count}`,
    shuffle: "shuffle",
    task: "task",
    partition: (partition: number) => `partition ${partition}`,
    ran: (task: number) => `task ${task}`,
    on: (executor: number) => `executor ${executor}`,
    retried: (count: number) => `${plural(count, "attempt")} failed before`,
    working: "…",
    nothing: "—",
    records: (count: number) => plural(count, "record"),
    more: (count: number) => `+${count}`,
    status: { running: "running", finished: "finished", failed: "failed" },
    graph: "DStream graph",
    columns: [
      "stage",
      "partition",
      "task",
      "status",
      "executor",
      "operator",
      "records out",
      "values",
    ],
  },
  zh: {
    noBatch: "还没有批次：DStream 在批次里变成 RDD。",
    batch: (number: number) => `批次 ${number}`,
    summary: (records: number, stages: number) =>
      records === 0
        ? `0 条记录——仍然是一个批次 · ${stages} 个阶段`
        : `${records} 条记录 · ${stages} 个阶段`,
    again: (attempt: number) => `第 ${attempt} 次运行：崩溃后重新计算`,
    skipped: (stages: string) => `跳过：阶段 ${stages}，它的输出还在`,
    skippedMany: (count: number) => `跳过 ${count} 个阶段，它们的输出还在`,
    dropped: "这个批次的任务已不再保留；跳到该批次即可看到。",
    notYet: {
      waiting: "范围已定，正在生成作业。",
      idle: "这个批次没有输出操作。",
      queued: "排队中：另一个批次正在处理。",
      running: "已经开始，尚未提交阶段。",
      completed: "没有阶段就完成了：没有什么要计算。",
      failed: "提交阶段之前就失败了。",
      lost: "提交阶段之前 driver 就崩溃了。",
    },
    stage: (ids: string) => `阶段 ${ids}`,
    map: "写混洗输出",
    result: (action: string) => `${action} 的结果`,
    attempts: (count: number) => `第 ${count} 次尝试`,
    shuffle: "混洗",
    task: "任务",
    partition: (partition: number) => `分区 ${partition}`,
    ran: (task: number) => `任务 ${task}`,
    on: (executor: number) => `executor ${executor}`,
    retried: (count: number) => `此前失败 ${count} 次`,
    working: "…",
    nothing: "—",
    records: (count: number) => `${count} 条记录`,
    more: (count: number) => `+${count}`,
    status: { running: "运行中", finished: "已完成", failed: "失败" },
    graph: "DStream 图",
    columns: ["阶段", "分区", "任务", "状态", "executor", "算子", "输出记录", "值"],
  },
} as const;
