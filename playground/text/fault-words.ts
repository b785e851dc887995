/** What the palette of faults says. The script itself is in one language, as code is; beside each
 *  fault stands what it is and what to expect. */

import type { FaultTargetGroup } from "streamscope";
import type { Lack, Mistake } from "../fault-palette.ts";
import type { Language } from "../lessons.ts";
import { faultsZh } from "./faults-zh.ts";

interface FaultSays {
  /** Null where the phrase of the script says it already. */
  readonly name: string | null;
  readonly shows: string;
}

export interface FaultWords {
  readonly title: string;
  readonly close: string;
  readonly script: string;
  readonly hint: string;
  readonly run: string;
  readonly runTitle: string;
  readonly note: string;
  /** Which lines come with the lesson, numbers from 1, of how many. */
  readonly lesson: (lines: readonly number[], count: number) => string;
  /** Which lines struck nothing, numbers from 1. */
  readonly idle: (lines: readonly number[]) => string;
  readonly reset: string;
  readonly resetTitle: string;
  readonly clear: string;
  readonly clearTitle: string;
  readonly palette: string;
  readonly groups: Readonly<Record<FaultTargetGroup, string>>;
  readonly now: string;
  readonly nowTitle: string;
  readonly at: string;
  readonly atTitle: string;
  readonly add: string;
  readonly whenLabel: string;
  readonly timing: Readonly<Record<"time" | "event" | "moment", string>>;
  readonly momentLabel: string;
  readonly momentOf: (milestone: string) => string;
  readonly lasting: string;
  readonly optional: string;
  readonly expect: string;
  readonly fieldOf: (name: string) => string;
  /** Why a value is refused. */
  readonly mistake: (mistake: Mistake) => string;
  /** Why a fault has nothing to strike. */
  readonly lacks: Readonly<Record<Lack, string>>;
  readonly faultOf: (fault: { readonly kind: string; readonly shows: string }) => FaultSays;
}

export function faultWordsOf(language: Language): FaultWords {
  return language === "zh" ? zh : en;
}

const en: FaultWords = {
  title: "Faults",
  close: "Close the faults",
  script: "Fault script of this run",
  hint: "One fault a line. Control Enter runs it; Escape leaves the editor.",
  run: "Run the script",
  runTitle: "Runs the program again with this script",
  note: "One fault a line; # begins a comment. It is part of the run and of its link.",
  lesson: (lines, count) =>
    lines.length === 0
      ? "Nothing is left of the faults that come with the lesson."
      : `What is marked (line ${spanOf(lines)}) comes with the lesson; ` +
        (lines.length === count ? "change it as you like." : `it had ${count} lines.`),
  idle: (lines) =>
    `Nothing came of line ${spanOf(lines)}: the run ended before, or had nothing to strike.`,
  reset: "Reset",
  resetTitle: "Back to the faults that come with the lesson, and runs the program again",
  clear: "Clear",
  clearTitle: "Takes every line out, and runs the program again",
  palette: "Break something",
  groups: {
    broker: "Broker",
    link: "Link",
    controller: "Controller",
    topic: "Topic",
    producer: "Producer",
    consumer: "Consumer",
    driver: "Driver",
    executor: "Executor",
    checkpoint: "Checkpoint",
    sink: "Sink",
    data: "Data",
  },
  now: "Now",
  nowTitle: "Right after the event shown; all before it stays as it is",
  at: "At …",
  atTitle: "At a time, after an event, or after a moment with a name",
  add: "Add",
  whenLabel: "When",
  timing: { time: "at time", event: "after event", moment: "after" },
  momentLabel: "Moment",
  momentOf: (milestone) => milestone,
  lasting: "for",
  optional: "(may be left out)",
  expect: "Expect:",
  fieldOf: (name) => wordsIn(name),
  mistake: ({ name, why }) => {
    if (why.kind === "empty") return `“${wordsIn(name)}” is empty: write one.`;
    if (why.kind === "settings") {
      return `“${wordsIn(name)}” takes settings such as spark.cores.max=2, blanks between them.`;
    }
    const upTo = why.max === null ? `${why.min} or more` : `${why.min} to ${why.max}`;
    return `“${wordsIn(name)}” takes a whole number, ${upTo}.`;
  },
  lacks: {
    topic: "This world has no topic, so there is nothing to break.",
    producer: "This world has no producer, so there is nothing to break.",
    consumer: "No consumer group reads in this world, so there is nothing to break.",
  },
  faultOf: ({ shows }) => ({ name: null, shows }),
};

const zh: FaultWords = {
  title: "故障",
  close: "关闭故障面板",
  script: "本次运行的故障脚本",
  hint: "每行一个故障。Ctrl+Enter 运行；Esc 离开编辑器。",
  run: "运行脚本",
  runTitle: "用这个脚本重新运行程序",
  note: "每行一个故障，# 之后是注释。脚本是运行的一部分，也在链接里。",
  lesson: (lines, count) =>
    lines.length === 0
      ? `课程自带的 ${count} 个故障已全部移除。`
      : `有标记的第 ${spanOf(lines)} 行是课程自带的` +
        (lines.length === count ? "，可以随意修改。" : `，原有 ${count} 行。`),
  idle: (lines) => `第 ${spanOf(lines)} 行没有发生：运行在那之前已结束，或没有可打击的对象。`,
  reset: "还原",
  resetTitle: "恢复课程自带的故障，并重新运行程序",
  clear: "清空",
  clearTitle: "移除所有行，并重新运行程序",
  palette: "制造故障",
  groups: {
    broker: "Broker",
    link: "链路",
    controller: "控制器",
    topic: "主题",
    producer: "生产者",
    consumer: "消费者",
    driver: "Driver",
    executor: "Executor",
    checkpoint: "检查点",
    sink: "输出端",
    data: "数据",
  },
  now: "现在",
  nowTitle: "就在显示的事件之后；之前的一切保持不变",
  at: "在……时",
  atTitle: "在某个时间、某个事件之后，或某个有名字的时刻之后",
  add: "加入",
  whenLabel: "何时",
  timing: { time: "在时间", event: "在事件之后", moment: "在……之后" },
  momentLabel: "时刻",
  momentOf: (milestone) => faultsZh.moments[milestone] ?? milestone,
  lasting: "持续",
  optional: "（可省略）",
  expect: "会看到：",
  fieldOf: (name) => faultsZh.fields[name] ?? wordsIn(name),
  mistake: ({ name, why }) => {
    const field = `“${faultsZh.fields[name] ?? wordsIn(name)}”`;
    if (why.kind === "empty") return `${field}为空，请填写。`;
    if (why.kind === "settings") return `${field}应为 spark.cores.max=2 这样的设置，以空格分隔。`;
    return `${field}应为整数，${why.max === null ? `不小于 ${why.min}` : `${why.min} 到 ${why.max}`}。`;
  },
  lacks: {
    topic: "这个世界没有主题，无从制造此故障。",
    producer: "这个世界没有生产者，无从制造此故障。",
    consumer: "这个世界没有消费者组在读，无从制造此故障。",
  },
  faultOf: ({ kind, shows }) => faultsZh.faults[kind] ?? { name: null, shows },
};

/** `1–3` where none is left out between. */
function spanOf(lines: readonly number[]): string {
  const [first = 0, last = first] = [lines[0], lines.at(-1)];
  if (last - first + 1 !== lines.length) return lines.join(", ");
  return first === last ? String(first) : `${first}–${last}`;
}

/** `downMs` -> `down ms`. */
function wordsIn(name: string): string {
  if (name === "atMs") return "time";
  if (name === "afterSeq") return "event";
  return name.replaceAll(/([A-Z])/gu, " $1").toLowerCase();
}
