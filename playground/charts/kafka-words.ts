/** What the lanes say, in both languages. */

import { plural } from "./drawing.ts";

export const kafkaWords = {
  en: {
    none: "No topic yet: this world has no Kafka, or the run has not begun.",
    broker: (broker: number) => `broker ${broker}`,
    down: (broker: number) => `broker ${broker} is down`,
    batch: (batch: number, span: string) => `batch ${batch} · ${span}`,
    emptyRange: (batch: number, span: string) => `batch ${batch} · ${span} · 0 records`,
    end: (end: number, lag: number | null) =>
      lag === null ? `end ${end} · not read yet` : `end ${end} · lag ${lag}`,
    summary: (partitions: number, records: number) =>
      `${plural(partitions, "partition")} · ${plural(records, "record")}`,
    inBatch: (records: number, batch: number) => `${records} in batch ${batch}`,
    stillABatch: (partitions: number) =>
      `0 records — still a batch, still ${plural(partitions, "partition")}`,
    lanes: (topic: string) => `Lanes of topic ${topic}`,
    record: (name: string, offset: number) => `${name}, offset ${offset}`,
    key: "key",
    value: "value",
    removed: "removed by retention",
    unknown: "its text is known once the run has ended",
    columns: ["partition", "leader", "log start", "log end", "next to read", "lag", "batch range"],
    unread: "not read yet",
    isDown: "is down",
  },
  zh: {
    none: "还没有主题：这个世界没有 Kafka，或者运行尚未开始。",
    broker: (broker: number) => `broker ${broker}`,
    down: (broker: number) => `broker ${broker} 已停止`,
    batch: (batch: number, span: string) => `批次 ${batch} · ${span}`,
    emptyRange: (batch: number, span: string) => `批次 ${batch} · ${span} · 0 条记录`,
    end: (end: number, lag: number | null) =>
      lag === null ? `末端 ${end} · 尚未读取` : `末端 ${end} · 积压 ${lag}`,
    summary: (partitions: number, records: number) => `${partitions} 个分区 · ${records} 条记录`,
    inBatch: (records: number, batch: number) => `批次 ${batch} 中 ${records} 条`,
    stillABatch: (partitions: number) => `0 条记录——仍然是一个批次，仍有 ${partitions} 个分区`,
    lanes: (topic: string) => `主题 ${topic} 的各分区`,
    record: (name: string, offset: number) => `${name}，偏移量 ${offset}`,
    key: "键",
    value: "值",
    removed: "已被保留策略删除",
    unknown: "运行结束后才能看到内容",
    columns: ["分区", "leader", "日志起点", "日志末端", "下一个要读", "积压", "批次范围"],
    unread: "尚未读取",
    isDown: "已停止",
  },
} as const;
