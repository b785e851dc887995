/** The words of the page in English; the other languages have the same keys, or do not compile. */

import type { RunEnd } from "streamscope";
import type { Granularity } from "../session.ts";

const granularity: Record<Granularity, string> = {
  event: "Event",
  task: "Task",
  stage: "Stage",
  batch: "Batch",
};
const runEnd: Record<RunEnd, string> = {
  "input consumed": "the workload was consumed",
  batches: "all its batches are done",
  until: "its time is over",
  stopped: "it was stopped",
  "driver failed": "the driver failed",
  "client failed": "a client failed",
};

export const en = {
  // header
  appLabel: "Streamscope, lessons",
  skipToStage: "Skip to the stage",
  lessons: "Lessons",
  lesson: (number: number, minutes: number) => `Lesson ${number} · ${minutes} minutes`,
  language: "Language",
  theme: "Theme",
  themeSystem: "As the system",
  themeLight: "Light",
  themeDark: "Dark",
  help: "Keys and help",
  seed: "seed",
  trace: "trace",
  traceTitle: "Hash of the whole trace: equal runs have equal hashes",
  simulated: (brokers: number) => `Simulated · ${brokers} ${brokers === 1 ? "broker" : "brokers"}`,
  // layout
  read: "Read",
  watch: "Watch",
  readOrWatch: "Read or watch",
  // cells
  pipelineCell: "Pipeline, TypeScript",
  exerciseCell: "Exercise, TypeScript",
  run: "Run",
  runTitle: "Run this cell from the start (Ctrl+Enter)",
  running: "Running…",
  saved: "saved in this browser",
  notRun: "edited, not run yet",
  differs: "differs from the original",
  reset: "Reset",
  resetTitle: "Back to the original text",
  leaveEditor: "Esc leaves the editor, then Tab moves on",
  onStage: "on the stage",
  showOnStage: "Run to show it on the stage",
  // the exercise
  exercise: "Exercise",
  startsBroken: "It starts wrong on purpose: the check fails until you change it.",
  check: "Check",
  checkTitle: "Run the exercise and judge its trace (Ctrl+Enter)",
  showSolution: "Show a solution",
  pass: "Pass",
  passDetail: "The trace of your run shows what was asked for.",
  fail: "Fail",
  notProved: "Not proved",
  noVerdict: "No verdict: the run did not come to its end.",
  openBatch: (batch: string) => `Open batch ${batch}`,
  // mistakes
  errorAt: (line: number, column: number | null) =>
    column === null ? `line ${line}` : `line ${line}, column ${column}`,
  errorOperator: "operator",
  errorBatch: "batch",
  errorPartition: "partition",
  errorRecord: "record",
  goToLine: "Go to the line",
  silent: "Your code did not return within 2 s and was stopped.",
  silentWhere: "What it did last:",
  silentKept: "Everything up to there can still be stepped through.",
  workerFailed: "The simulation could not run in this browser. This is our fault, not yours.",
  limitHit: "The run has more events than the page keeps.",
  // the stage
  stage: "Stage",
  views: "Views",
  overview: "Overview",
  nothingYet: "Nothing has happened yet",
  nothingYetDetail: "Press Step, or the right arrow key, and watch the first event.",
  stale: "From an earlier version of this cell",
  staleRun: "Run the new one",
  table: "Table",
  picture: "Picture",
  tableTitle: (title: string) => `Show the numbers of “${title}” as a table`,
  noRows: "Nothing to list at this moment",
  showing: (file: string) => `showing ${file}`,
  noViews: "No view applies at this moment.",
  // the transport
  transport: "Transport",
  play: "Play",
  pause: "Pause",
  stepForward: "Step",
  stepForwardTitle: (unit: string) => `Step forward by ${unit.toLowerCase()} (right arrow)`,
  stepBackTitle: (unit: string) => `Step back by ${unit.toLowerCase()} (left arrow)`,
  toStart: "To the start (Home)",
  toEnd: "To the newest event (End)",
  granularityLabel: "Step by",
  granularity,
  speed: "Speed",
  timeline: "Position in the run",
  timelineValue: (place: string, sentence: string) => `${place}. ${sentence}`,
  /** Numbers as in the trace, the link and scripts: the first event is 0. */
  position: (seq: number, last: number) => `Event ${seq} of ${last}`,
  beforeFirst: "Before the first event",
  beforeFirstDetail: "press Step to begin",
  markFault: "fault",
  markCheckpoint: "checkpoint",
  markError: "error",
  runEnded: (reason: RunEnd) => `The run has ended: ${runEnd[reason]}.`,
  // faults
  faults: "Faults",
  crashDriver: "Crash the driver",
  crashDriverTitle: "The driver dies right after this event; a new one starts 2 s later",
  faultsTitle: "Everything that can be broken, and the fault script of this run",
  lessonFaults: (kept: number, count: number) =>
    kept === count
      ? `${count} ${count === 1 ? "fault" : "faults"} of the lesson`
      : `${kept} of ${count} faults of the lesson`,
  moreFaults: (count: number) => `${count} more`,
  removeFault: (fault: string) => `Remove the fault: ${fault}`,
  resetFaults: "Reset faults",
  // help
  helpTitle: "Keys",
  close: "Close",
  keyPlay: "play or pause",
  keyStep: "step forward, step back",
  keyBatch: "next batch, previous batch",
  keyEnds: "first event, newest event",
  keyGranularity: "step by event, task, stage, batch",
  keyRun: "run the cell you are in",
  keySave: "save in this browser",
  keyHelp: "this help",
  keyFaults: "open or close the faults",
  keyLeave: "leave the editor",
  helpNote: "Keys other than Ctrl+… act while you are not typing.",
  deprecated:
    "Spark calls DStreams legacy and recommends Structured Streaming. They are taught here " +
    "because offsets, batches and lineage are in plain sight in them.",
};

export type Words = typeof en;
