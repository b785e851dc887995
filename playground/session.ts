/** The page's only mutable state: which lesson, which texts, which run, which moment. Elements get
 *  slices of it by property and call its methods; each change ends in one `change` event. */

import type { BatchInspection, TraceEvent } from "streamscope";
import type { Address } from "./address.ts";
import type { Selection } from "./charts/chart.ts";
import {
  type Breakage,
  breakageLine,
  isSameScript,
  readProblem,
  withLine,
  withoutLine,
} from "./fault-script.ts";
import { findLesson, type Language, type Lesson } from "./lessons.ts";
import { type CellName, Recording } from "./recording.ts";
import {
  loadTexts,
  loadTheme,
  originalText,
  saveTexts,
  saveTheme,
  type Texts,
  type Theme,
} from "./saved-texts.ts";
import type { Problem } from "./worker/messages.ts";
import { WorkerPool } from "./worker-pool.ts";

export type Granularity = "event" | "task" | "stage" | "batch";
export const granularities: readonly Granularity[] = ["event", "task", "stage", "batch"];
export const speeds = [0.5, 1, 2, 4, 8] as const;

/** Real milliseconds between two steps of playing at speed 1. */
const stepMs: Readonly<Record<Granularity, number>> = {
  event: 400,
  task: 500,
  stage: 700,
  batch: 1000,
};
/** Facts after which a run is stopped. */
const eventsMax = 100_000;
const nothingSelected: Selection = { batchTimeMs: null, partition: null, record: null };

export class Session extends EventTarget {
  lesson: Lesson;
  language: Language;
  theme: Theme = loadTheme();
  granularity: Granularity = "event";
  speed = 1;
  view: string | null;
  selection: Selection = nothingSelected;
  /** The fault script as it stands in the panel; a run takes it up when it is asked for. */
  script: string;
  /** The panel of faults is open. */
  isBreaking = false;
  texts: Texts;
  /** The run on the stage. */
  shown: Recording;
  /** The run that will take its place once it has come as far; null when there is none. */
  coming: Recording | null = null;
  /** The last run of each cell; null before it. */
  runs: Readonly<Record<CellName, Recording | null>> = { pipeline: null, exercise: null };
  /** Grows with each quiet save, so that the notice can be shown again. */
  saves = 0;
  #playing: ReturnType<typeof setInterval> | null = null;
  /** Where the coming run is to be opened. */
  #target: number;
  readonly #pool = new WorkerPool();

  constructor(address: Address) {
    super();
    this.lesson = findLesson(address.lesson);
    this.language = address.language;
    this.view = address.view;
    this.#target = address.at;
    this.texts = loadTexts(this.lesson);
    this.script = address.faults ?? this.lesson.faults;
    this.shown = this.#firstRecording();
    this.#start(this.shown);
  }

  /** With the script, unless it cannot be read: then with the lesson's, and the panel says why. */
  #firstRecording(): Recording {
    const faults = readProblem(this.script) === null ? this.script : this.lesson.faults;
    if (faults !== this.script) this.isBreaking = true;
    return new Recording({ cell: "pipeline", text: this.texts.pipeline, faults });
  }

  /** Where the reader is, as an address. */
  get address(): Address {
    const { language, view } = this;
    const isAnywhere = this.shown.cell === "pipeline" && this.#target < Infinity;
    const at = isAnywhere ? Math.max(this.position, this.#target) : -1;
    const script = (this.coming ?? this.shown).faults;
    const faults = isSameScript(script, this.lesson.faults) ? null : script;
    return { lesson: this.lesson.id, at, language, view, faults };
  }

  /** Goes where an address says; a new lesson starts afresh. */
  open(address: Address): void {
    this.language = address.language;
    this.view = address.view;
    if (address.lesson === this.lesson.id) {
      const faults = address.faults ?? this.lesson.faults;
      const isSameRun = isSameScript(faults, (this.coming ?? this.shown).faults);
      if (address.at !== this.address.at) this.seek(address.at);
      if (!isSameRun) return this.runScript(faults);
      return this.#changed();
    }
    this.pause();
    this.lesson = findLesson(address.lesson);
    this.texts = loadTexts(this.lesson);
    this.script = address.faults ?? this.lesson.faults;
    this.coming = null;
    this.runs = { pipeline: null, exercise: null };
    this.selection = nothingSelected;
    this.#target = address.at;
    this.shown = this.#firstRecording();
    this.#start(this.shown);
  }

  get position(): number {
    return this.shown.cursor.position;
  }

  get event(): TraceEvent | null {
    return this.shown.event;
  }

  get inspection(): BatchInspection | null {
    const { batchTimeMs } = this.selection;
    return batchTimeMs === null ? null : (this.shown.inspectionOf(batchTimeMs) ?? null);
  }

  /** Lines of the cell whose DStreams are at work in the fact shown. */
  get activeLines(): readonly number[] {
    if (this.isStale) return [];
    const nodes = this.shown.index.nodesAt(this.position);
    const sites = this.shown.ended?.sites ?? [];
    return [...new Set(sites.filter((site) => nodes.includes(site.node)).map(({ line }) => line))];
  }

  /** The text on the stage's cell is no longer the one that was run. */
  get isStale(): boolean {
    return this.texts[this.shown.cell] !== this.shown.text;
  }

  get isPlaying(): boolean {
    return this.#playing !== null;
  }

  setText(cell: CellName, text: string): void {
    if (this.texts[cell] === text) return;
    this.texts = { ...this.texts, [cell]: text };
    this.#changed();
  }

  reset(cell: CellName): void {
    this.setText(cell, originalText(this.lesson, cell));
    saveTexts(this.lesson, this.texts);
  }

  showSolution(): void {
    this.setText("exercise", this.lesson.solution);
  }

  /** Keeps the texts in this browser. */
  save(): void {
    saveTexts(this.lesson, this.texts);
    this.saves += 1;
    this.#changed();
  }

  /** Runs a cell from the start, and opens it where the reader is. The exercise is judged as well:
   *  that is what its button is for. */
  run(cell: CellName): void {
    saveTexts(this.lesson, this.texts);
    this.pause();
    // Another cell's run is another story; it opens where it ends.
    if (this.shown.cell !== cell) this.#target = Infinity;
    else this.#target = Math.max(this.position, this.#target);
    const faults = readProblem(this.script) === null ? this.script : this.shown.faults;
    this.coming = new Recording({ cell, text: this.texts[cell], faults });
    this.#start(this.coming);
  }

  /** Breaks something as a line of the script says: what was before it stays, to the byte. */
  addFault(line: string): void {
    this.runScript(withLine(this.script, line));
  }

  /** Breaks something right after the fact shown. */
  breakHere(what: Breakage): void {
    this.addFault(breakageLine(what, this.position));
  }

  /** Runs again without a line of the script, its number from 0. */
  removeFault(index: number): void {
    this.runScript(withoutLine(this.script, index));
  }

  /** Back to the faults that the lesson comes with. */
  resetFaults(): void {
    this.runScript(this.lesson.faults);
  }

  setScript(script: string): void {
    this.script = script;
    this.#changed();
  }

  /** Runs the program again with this script, or says in the panel why it cannot. */
  runScript(script: string = this.script): void {
    this.script = script;
    if (readProblem(script) === null) return this.run(this.shown.cell);
    this.isBreaking = true;
    this.#changed();
  }

  /** Why the script cannot be run, with its line: it cannot be read, or its world has no such
   *  thing; null when nothing is wrong. */
  get scriptProblem(): Problem | null {
    const unreadable = readProblem(this.script);
    if (unreadable !== null) return unreadable;
    const last = this.runs[this.shown.cell];
    const isAbout = last !== null && last.faults === this.script;
    return isAbout && last.problem?.code === "FAULT_SCRIPT" ? last.problem : null;
  }

  /** The script is not the one that the run on the stage has. */
  get isScriptStale(): boolean {
    return !isSameScript(this.script, (this.coming ?? this.shown).faults);
  }

  setBreaking(isBreaking: boolean): void {
    this.isBreaking = isBreaking;
    this.#changed();
  }

  seek(seq: number): void {
    this.pause();
    this.#target = -1;
    this.shown.cursor.seek(Math.max(-1, Math.min(seq, this.shown.cursor.length - 1)));
    this.#moved();
  }

  /** A step by hand; it stops playing. */
  step(direction: 1 | -1, granularity: Granularity = this.granularity): void {
    this.pause();
    this.#target = -1;
    if (this.shown.cursor.step(granularity, direction)) this.#moved();
    else this.#changed();
  }

  setGranularity(granularity: Granularity): void {
    this.granularity = granularity;
    if (this.isPlaying) this.play();
    this.#changed();
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    if (this.isPlaying) this.play();
    this.#changed();
  }

  play(): void {
    this.pause();
    if (this.position >= this.shown.cursor.length - 1) this.shown.cursor.seek(-1);
    this.#playing = setInterval(() => {
      if (this.shown.cursor.step(this.granularity, 1)) this.#moved();
      else if (this.shown.status.kind !== "running") this.pause();
    }, stepMs[this.granularity] / this.speed);
    this.#changed();
  }

  pause(): void {
    if (this.#playing === null) return;
    clearInterval(this.#playing);
    this.#playing = null;
    this.#changed();
  }

  select(selection: Selection): void {
    this.selection = selection;
    this.#inspect();
    this.#changed();
  }

  /** Goes to the end of a batch and selects it. */
  openBatch(batchTimeMs: number): void {
    const seq = this.shown.index.lastOfBatch(batchTimeMs);
    if (seq !== null) this.seek(seq);
    this.select({ batchTimeMs, partition: null, record: null });
  }

  setView(view: string | null): void {
    this.view = view;
    this.#changed();
  }

  setLanguage(language: Language): void {
    this.language = language;
    this.#changed();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    saveTheme(theme);
    this.#changed();
  }

  /** Ends playing and the workers. */
  end(): void {
    this.pause();
    this.#pool.end();
  }

  #start(recording: Recording): void {
    const { cell, text, faults } = recording;
    const file = `${cell}.ts`;
    const judge = cell === "exercise";
    this.runs = { ...this.runs, [cell]: recording };
    this.#pool.run(
      { kind: "run", lesson: this.lesson.id, file, text, faults, judge, eventsMax },
      {
        events: (events) => {
          recording.append(events);
          if (recording.cursor.length > this.#target) this.#show(recording);
        },
        rejected: (problem) => {
          // A promise left behind may fail after the run has ended; the run stays as it was told.
          const { ended } = recording;
          if (ended === null) this.#finish(recording, { kind: "rejected", problem });
          else this.#finish(recording, { kind: "ended", ended: { ...ended, problem } });
        },
        failed: (message) => this.#finish(recording, { kind: "failed", message }),
        ended: (ended) => this.#finish(recording, { kind: "ended", ended }),
        silent: () => {
          // After the run it was an inspection that did not return; the run stays as it was told.
          if (recording.status.kind === "running") this.#finish(recording, { kind: "silent" });
        },
        inspected: (batchTimeMs, inspection) => {
          recording.setInspection(batchTimeMs, inspection);
          this.#changed();
        },
      },
    );
    this.#changed();
  }

  #finish(recording: Recording, status: Recording["status"]): void {
    recording.status = status;
    if (recording.problem?.code === "FAULT_SCRIPT") this.isBreaking = true;
    // A text that does not compile replaces nothing: the earlier run stays, marked as such.
    if (recording.cursor.length > 0) this.#show(recording);
    this.#inspect();
    this.#changed();
  }

  #show(recording: Recording): void {
    if (recording === this.coming) {
      if (recording.cell !== this.shown.cell) this.selection = nothingSelected;
      this.shown = recording;
      this.coming = null;
    }
    if (this.#target >= 0 && this.position < 0 && recording === this.shown) {
      recording.cursor.seek(Math.min(this.#target, recording.cursor.length - 1));
      this.#target = -1;
    }
    this.#moved();
  }

  /** The batch of the fact shown is selected; where the fact is of none and nothing is selected yet
   *  (a link opened at such a fact), the newest batch is. */
  #moved(): void {
    const { batches } = this.shown.cursor.snapshot;
    const newest = this.selection.batchTimeMs === null ? batches.at(-1)?.batchTimeMs : undefined;
    const batchTimeMs = this.shown.index.batchAt(this.position) ?? newest ?? null;
    if (batchTimeMs !== null && batchTimeMs !== this.selection.batchTimeMs) {
      this.selection = { ...nothingSelected, batchTimeMs };
    }
    this.#inspect();
    this.#changed();
  }

  /** Asks for the selected batch once; only a run that has ended can be inspected. */
  #inspect(): void {
    const { batchTimeMs } = this.selection;
    const { shown } = this;
    if (batchTimeMs === null || shown.ended === null || this.coming !== null) return;
    if (shown.inspectionOf(batchTimeMs) !== undefined) return;
    shown.setInspection(batchTimeMs, null);
    this.#pool.inspect(batchTimeMs);
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
