/** The whole page: lays out notebook, stage and transport, hands each its slice of the session, and
 *  turns what they fire into the session's methods. */

import { html, LitElement, nothing, type PropertyValues } from "lit";
import type { Snapshot } from "streamscope";
import { formatAddress, parseAddress } from "../address.ts";
import type { ChartInput, Selection } from "../charts/chart.ts";
import { type Breakable, breakableOf } from "../fault-palette.ts";
import type { Breakage } from "../fault-script.ts";
import { describe } from "../describe.ts";
import { type KeyCommand, placeOf, readKey } from "../keys.ts";
import { type Language, lessons } from "../lessons.ts";
import type { LiveWord } from "../prose.ts";
import type { CellName } from "../recording.ts";
import { originalText, type Theme } from "../saved-texts.ts";
import { type Granularity, Session } from "../session.ts";
import { wordsOf } from "../text/words.ts";
import { appStyles } from "./app-styles.ts";
import "./lab-cell.ts";
import "./lab-exercise.ts";
import "./lab-fault-panel.ts";
import "./lab-faults.ts";
import "./lab-header.ts";
import "./lab-help.ts";
import "./lab-notebook.ts";
import "./lab-stage.ts";
import "./lab-transport.ts";

const noLog: ChartInput["log"] = [];
/** How long the quiet notice of a save stays. */
const noticeMs = 1600;

export class LabApp extends LitElement {
  static override properties = { side: { state: true }, notice: { state: true } };
  /** Which side of the strip is shown where only one fits. */
  declare side: "read" | "watch";
  declare notice: string;
  readonly #session: Session;
  #savesSeen = 0;
  #input: ChartInput | null = null;

  static override styles = appStyles;

  constructor() {
    super();
    this.side = "read";
    this.notice = "";
    const language: Language = navigator.language.startsWith("zh") ? "zh" : "en";
    const first = { lesson: lessons[0]?.id ?? "", at: -1, language, view: null, faults: null };
    this.#session = new Session(parseAddress(location.hash, first));
    this.#session.addEventListener("change", () => this.requestUpdate());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.#followAddress);
    addEventListener("keydown", this.#press);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#followAddress);
    removeEventListener("keydown", this.#press);
    this.#session.end();
  }

  protected override updated(_changed: PropertyValues<this>): void {
    const session = this.#session;
    const { language, theme, lesson, saves } = session;
    const root = document.documentElement;
    root.lang = language === "zh" ? "zh-CN" : "en";
    if (theme === "system") delete root.dataset["theme"];
    else root.dataset["theme"] = theme;
    document.title = `${lesson.text[language].title} · Streamscope`;
    const hash = formatAddress(session.address);
    // Browsers refuse more than a few hundred changes of the address in half a minute, so it is
    // written when the reader comes to rest.
    if (hash !== location.hash && !session.isPlaying) this.#writeAddress();
    if (saves !== this.#savesSeen) this.#notify(saves);
  }

  override render() {
    const session = this.#session;
    const { shown, language, lesson } = session;
    const words = wordsOf(language);
    return html`
      <lab-header
        role="banner"
        .lesson=${lesson.id}
        .language=${language}
        .theme=${session.theme}
        .seed=${shown.index.seed}
        .brokers=${shown.index.brokers}
        .traceHash=${shown.ended?.summary.traceHash ?? null}
        @language=${(event: CustomEvent<Language>) => session.setLanguage(event.detail)}
        @theme=${(event: CustomEvent<Theme>) => session.setTheme(event.detail)}
        @help=${() => this.#openHelp()}
      ></lab-header>
      <main class="${this.side}${session.isBreaking ? " breaking" : ""}">
        <div class="prose">${this.#notebook()}</div>
        ${this.side === "watch" || session.isBreaking ? this.#title() : nothing} ${this.#stage()}
        ${session.isBreaking ? this.#panel() : nothing}
      </main>
      ${this.#transport()}
      <nav class="strip" aria-label=${words.readOrWatch}>
        ${this.#sideButton("read", words.read)} ${this.#sideButton("watch", words.watch)}
      </nav>
      <div class="notice" role="status">
        ${this.notice === "" ? nothing : html`<span>${this.notice}</span>`}
      </div>
      <lab-help .language=${language}></lab-help>
    `;
  }

  /** Where the prose is out of sight, its title is still the page's. */
  #title() {
    const { lesson, language } = this.#session;
    return html`<h1 class="unseen title">${lesson.text[language].title}</h1>`;
  }

  #notebook() {
    const session = this.#session;
    const { lesson, language } = session;
    const words = wordsOf(language);
    const exercise = session.runs.exercise;
    return html`<lab-notebook
      lang=${language}
      .lesson=${lesson}
      .language=${language}
      @live-word=${(event: CustomEvent<LiveWord>) => this.#follow(event.detail)}
    >
      ${this.#cell("pipeline", { action: words.run, actionTitle: words.runTitle })}
      <lab-exercise
        slot="exercise"
        .task=${lesson.task[language]}
        .language=${language}
        .status=${exercise?.status ?? null}
        .batchName=${(exercise ?? session.shown).index.batchName}
        .isStale=${exercise !== null && exercise.text !== session.texts.exercise}
        @solution=${() => session.showSolution()}
        @open-batch=${(event: CustomEvent<number>) => this.#openBatch(event.detail)}
      >
        ${this.#cell("exercise", { action: words.check, actionTitle: words.checkTitle })}
      </lab-exercise>
    </lab-notebook>`;
  }

  #cell(cell: CellName, says: { action: string; actionTitle: string }) {
    const session = this.#session;
    const { lesson, language } = session;
    const words = wordsOf(language);
    const last = session.runs[cell];
    return html`<lab-cell
      slot=${cell === "pipeline" ? "cell" : nothing}
      .file=${`${cell}.ts`}
      .label=${cell === "pipeline" ? words.pipelineCell : words.exerciseCell}
      .action=${says.action}
      .actionTitle=${says.actionTitle}
      .text=${session.texts[cell]}
      .original=${originalText(lesson, cell)}
      .ranText=${last?.text ?? null}
      .language=${session.language}
      .status=${last?.status ?? null}
      .problem=${last?.problem?.code === "FAULT_SCRIPT" ? null : (last?.problem ?? null)}
      .lastEvent=${last?.index.events.at(-1) ?? null}
      .batchName=${(last ?? session.shown).index.batchName}
      .lines=${session.shown.cell === cell ? session.activeLines : []}
      @edit=${(event: CustomEvent<string>) => session.setText(cell, event.detail)}
      @run=${() => session.run(cell)}
      @reset=${() => session.reset(cell)}
    ></lab-cell>`;
  }

  #stage() {
    const session = this.#session;
    const { shown } = session;
    return html`<lab-stage
      role="region"
      aria-label=${wordsOf(session.language).stage}
      .input=${this.#chartInput()}
      .kinds=${shown.index.kinds}
      .view=${session.view}
      .language=${session.language}
      .isStale=${session.isStale}
      .isBlank=${session.position < 0}
      .file=${`${shown.cell}.ts`}
      @view=${(event: CustomEvent<string | null>) => session.setView(event.detail)}
      @run-again=${() => session.run(shown.cell)}
    ></lab-stage>`;
  }

  /** The same object while nothing in it has changed: drawing every view is the dearest thing the
   *  page does, and while a run goes on the rest of the page changes many times a second. */
  #chartInput(): ChartInput {
    const session = this.#session;
    const { selection, language, inspection, event } = session;
    const { snapshot } = session.shown.cursor;
    const log = session.shown.ended?.log ?? noLog;
    const before = this.#input;
    const isSame =
      before?.snapshot === snapshot &&
      before.event === event &&
      before.inspection === inspection &&
      before.log === log &&
      before.selection === selection &&
      before.language === language;
    if (isSame) return before;
    const select = (to: Selection): void => session.select(to);
    this.#input = { snapshot, event, inspection, log, selection, width: 0, language, select };
    return this.#input;
  }

  /** Beside the stage: what is broken is seen while it breaks. */
  #panel() {
    const session = this.#session;
    const { language, event, lesson } = session;
    return html`<lab-fault-panel
      role="region"
      aria-label=${wordsOf(language).faults}
      .script=${session.script}
      .lessonScript=${lesson.faults}
      .problem=${session.scriptProblem}
      .isStale=${session.isScriptStale}
      .idle=${session.isScriptStale ? [] : session.shown.idle}
      .world=${this.#breakable()}
      .seq=${session.position}
      .atMs=${event?.atMs ?? 0}
      .language=${language}
      @edit=${(change: CustomEvent<string>) => session.setScript(change.detail)}
      @run-script=${() => session.runScript()}
      @add=${(change: CustomEvent<string>) => this.#addFault(change.detail)}
      @reset=${() => session.resetFaults()}
      @close=${() => this.#openPalette()}
    ></lab-fault-panel>`;
  }

  /** Where only one fits, the stage comes back, to show what it did. */
  #addFault(line: string): void {
    if (matchMedia("(max-width: 799px)").matches) this.#session.isBreaking = false;
    this.#session.addFault(line);
  }

  /** The same object while the moment is the same: many fields hang on it. */
  #breakable(): Breakable {
    const { lesson, shown } = this.#session;
    const { snapshot } = shown.cursor;
    if (this.#world?.snapshot !== snapshot) {
      this.#world = { snapshot, breakable: breakableOf(lesson.world, snapshot) };
    }
    return this.#world.breakable;
  }

  #world: { readonly snapshot: Snapshot; readonly breakable: Breakable } | null = null;

  /** Or closes it. The palette is about the moment shown, so that side comes into sight. */
  #openPalette(): void {
    this.side = "watch";
    this.#session.setBreaking(!this.#session.isBreaking);
  }

  #transport() {
    const session = this.#session;
    const { shown, event, language } = session;
    return html`<lab-transport
      role="region"
      aria-label=${wordsOf(language).transport}
      .length=${shown.cursor.length}
      .position=${session.position}
      .atMs=${event?.atMs ?? null}
      .batches=${shown.index.batches}
      .marks=${shown.index.marks}
      .selectedMs=${session.selection.batchTimeMs}
      .batchName=${shown.index.batchName}
      .sentence=${this.#sentence()}
      .granularity=${session.granularity}
      .speed=${session.speed}
      .isPlaying=${session.isPlaying}
      .language=${language}
      @seek=${(change: CustomEvent<number>) => session.seek(change.detail)}
      @step=${(change: CustomEvent<1 | -1>) => session.step(change.detail)}
      @play=${() => this.#togglePlay()}
      @granularity=${(change: CustomEvent<Granularity>) => session.setGranularity(change.detail)}
      @speed=${(change: CustomEvent<number>) => session.setSpeed(change.detail)}
    >
      <lab-faults
        .script=${(session.coming ?? shown).faults}
        .lessonScript=${session.lesson.faults}
        .isOpen=${session.isBreaking}
        .language=${language}
        @palette=${() => this.#openPalette()}
        @break=${(change: CustomEvent<Breakage>) => session.breakHere(change.detail)}
        @remove=${(change: CustomEvent<number>) => session.removeFault(change.detail)}
        @reset=${() => session.resetFaults()}
      ></lab-faults>
    </lab-transport>`;
  }

  #sentence(): string {
    const { event, language, shown } = this.#session;
    if (event === null) return wordsOf(language).beforeFirstDetail;
    return describe(event, language, shown.index.batchName);
  }

  #sideButton(side: "read" | "watch", name: string) {
    return html`<button aria-pressed=${this.side === side} @click=${() => (this.side = side)}>
      ${name}
    </button>`;
  }

  #follow(word: LiveWord): void {
    const session = this.#session;
    this.side = "watch";
    if (word.kind === "batch") this.#openBatch(word.batchTimeMs);
    else if (word.kind === "view") session.setView(word.view);
    else if (word.kind === "partition") {
      session.select({ ...session.selection, partition: word.partition });
    } else session.breakHere(word);
  }

  #openBatch(batchTimeMs: number): void {
    this.side = "watch";
    this.#session.openBatch(batchTimeMs);
  }

  #togglePlay(): void {
    if (this.#session.isPlaying) this.#session.pause();
    else this.#session.play();
  }

  #openHelp(): void {
    this.renderRoot.querySelector("lab-help")?.open();
  }

  readonly #press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || this.#isHelpOpen(event)) return;
    const command = readKey(event, placeOf(event));
    if (command === null) return;
    event.preventDefault();
    this.#obey(command);
  };

  #isHelpOpen(event: KeyboardEvent): boolean {
    // A dialog just closed may still have the focus for a moment; its keys are the page's again.
    return event.composedPath().some((one) => one instanceof HTMLDialogElement && one.open);
  }

  #obey(command: KeyCommand): void {
    const session = this.#session;
    switch (command.kind) {
      case "play":
        return this.#togglePlay();
      case "start":
        return session.seek(-1);
      case "end":
        return session.seek(session.shown.cursor.length - 1);
      case "save":
        return session.save();
      case "run":
        return session.run(session.shown.cell);
      case "help":
        return this.#openHelp();
      case "faults":
        return this.#openPalette();
      case "step":
        return session.step(command.direction, command.granularity ?? session.granularity);
      case "granularity":
        return session.setGranularity(command.granularity);
    }
  }

  readonly #followAddress = (event: HashChangeEvent): void => {
    clearTimeout(this.#addressTimer);
    this.#session.open(parseAddress(new URL(event.newURL).hash, this.#session.address));
  };

  #addressTimer: ReturnType<typeof setTimeout> | undefined;

  #writeAddress(): void {
    clearTimeout(this.#addressTimer);
    this.#addressTimer = setTimeout(() => {
      history.replaceState(null, "", formatAddress(this.#session.address));
    }, 250);
  }

  #notify(saves: number): void {
    this.#savesSeen = saves;
    this.notice = wordsOf(this.#session.language).saved;
    setTimeout(() => {
      if (this.#savesSeen === saves) this.notice = "";
    }, noticeMs);
  }
}

customElements.define("lab-app", LabApp);

declare global {
  interface HTMLElementTagNameMap {
    "lab-app": LabApp;
  }
}
