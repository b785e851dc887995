/** A code cell: its title, how it stands, its button, the editor, and what went wrong.
 *  Fires `edit` with the text, `run`, and `reset`. */

import type { TraceEvent } from "streamscope";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import type { BatchName } from "../batch-name.ts";
import { describe } from "../describe.ts";
import type { Language } from "../lessons.ts";
import type { RecordingStatus } from "../recording.ts";
import { controls } from "../styles/controls.ts";
import { wordsOf } from "../text/words.ts";
import type { Problem } from "../worker/messages.ts";
import "./lab-editor.ts";

export class LabCell extends LitElement {
  static override properties = {
    file: {},
    label: {},
    action: {},
    actionTitle: {},
    text: {},
    original: {},
    ranText: {},
    language: {},
    status: { attribute: false },
    problem: { attribute: false },
    lastEvent: { attribute: false },
    batchName: { attribute: false },
    lines: { attribute: false },
  };
  declare file: string;
  declare label: string;
  declare action: string;
  declare actionTitle: string;
  declare text: string;
  declare original: string;
  /** The text of this cell's last run; null before it. */
  declare ranText: string | null;
  declare language: Language;
  /** How this cell's last run stands; null before it. */
  declare status: RecordingStatus | null;
  declare problem: Problem | null;
  /** The last fact told by a run that did not return. */
  declare lastEvent: TraceEvent | null;
  declare batchName: BatchName;
  declare lines: readonly number[];

  static override styles = [
    controls,
    css`
      :host {
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        overflow: hidden;
      }
      :host(:focus-within) {
        border-color: var(--edge);
      }
      header {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 6px 8px 6px 14px;
        border-bottom: 1px solid var(--line);
      }
      .file {
        font-family: var(--font-code);
        font-size: 12px;
        color: var(--muted);
      }
      .state {
        flex: 1;
        overflow: hidden;
        color: var(--muted);
        font-size: var(--size-small);
        text-align: right;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .state.edited {
        color: var(--warn);
      }
      button.primary kbd {
        font: inherit;
        font-weight: 400;
        opacity: 0.85;
      }
      .problem {
        padding: 10px 14px 12px;
        border-top: 1px solid var(--line);
        background: var(--fail-soft);
        font-size: 13px;
        overflow-wrap: anywhere;
      }
      .problem p {
        margin: 0;
      }
      .problem .what {
        color: var(--fail);
        font-weight: 600;
      }
      .problem pre {
        margin: 4px 0 0;
        color: var(--text);
        font: 12px / 1.5 var(--font-code);
        white-space: pre-wrap;
      }
      .problem dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 2px 12px;
        margin: 8px 0 0;
      }
      .problem dt {
        color: var(--muted);
      }
      .problem dd {
        margin: 0;
        font-family: var(--font-code);
        font-size: 12px;
      }
      .problem button {
        min-height: 26px;
        margin-top: 8px;
      }
    `,
  ];

  constructor() {
    super();
    this.ranText = null;
    this.status = null;
    this.problem = null;
    this.lastEvent = null;
    this.lines = [];
  }

  override render() {
    const words = wordsOf(this.language);
    const isEdited = this.ranText !== null && this.ranText !== this.text;
    return html`
      <header>
        <span class="file">${this.file}</span>
        <span class="state ${isEdited ? "edited" : ""}" title=${this.#state(isEdited)}>
          ${this.#state(isEdited)}
        </span>
        ${
          this.text === this.original
            ? nothing
            : html`<button
                class="quiet"
                title=${words.resetTitle}
                @click=${() => this.#fire("reset")}
              >
                ${words.reset}
              </button>`
        }
        <button class="primary" title=${this.actionTitle} @click=${() => this.#fire("run")}>
          ${this.action} <kbd aria-hidden="true">⌃↵</kbd>
        </button>
      </header>
      <lab-editor
        .value=${this.text}
        .label=${this.label}
        .hint=${words.leaveEditor}
        .problem=${this.problem}
        .lines=${this.lines}
        @edit=${(event: CustomEvent<string>) => this.#edit(event)}
      ></lab-editor>
      <div role="alert">${this.#problem()}</div>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    // Below a long text it would go unseen.
    if (!changed.has("problem") && !changed.has("status")) return;
    this.renderRoot.querySelector(".problem")?.scrollIntoView({ block: "nearest" });
  }

  #state(isEdited: boolean): string {
    const words = wordsOf(this.language);
    if (this.status?.kind === "running") return words.running;
    if (isEdited) return words.notRun;
    return this.text === this.original ? "" : words.differs;
  }

  #problem() {
    const words = wordsOf(this.language);
    if (this.status?.kind === "silent") {
      const { lastEvent: last, language, batchName } = this;
      const where = last === null ? "" : describe(last, language, batchName);
      return html`<div class="problem">
        <p class="what">${words.silent}</p>
        ${where === "" ? nothing : html`<p>${words.silentWhere} ${where}</p>`}
        <p>${words.silentKept}</p>
      </div>`;
    }
    if (this.status?.kind === "failed") {
      return html`<div class="problem">
        <p class="what">${words.workerFailed}</p>
        <pre>${this.status.message}</pre>
      </div>`;
    }
    if (this.problem === null) return nothing;
    return html`<div class="problem">
      <p class="what">${this.#heading(this.problem)}</p>
      <pre>${this.problem.message}</pre>
      ${this.#place(this.problem)}
      ${
        this.problem.place.line === undefined
          ? nothing
          : html`<button @click=${() => this.#goToProblem()}>${words.goToLine}</button>`
      }
    </div>`;
  }

  #heading({ name, place }: Problem): string {
    const words = wordsOf(this.language);
    if (place.line === undefined) return name;
    return `${name}, ${words.errorAt(place.line, place.column ?? null)}`;
  }

  #place({ place }: Problem) {
    const words = wordsOf(this.language);
    const rows: (readonly [string, string])[] = [];
    if (place.operator !== undefined) rows.push([words.errorOperator, place.operator]);
    if (place.batchTimeMs !== undefined) {
      rows.push([words.errorBatch, this.batchName(place.batchTimeMs)]);
    }
    if (place.partition !== undefined) rows.push([words.errorPartition, String(place.partition)]);
    if (place.record !== undefined) rows.push([words.errorRecord, place.record]);
    if (rows.length === 0) return nothing;
    return html`<dl>
      ${rows.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>`;
  }

  #goToProblem(): void {
    this.renderRoot.querySelector("lab-editor")?.goToProblem();
  }

  #edit(event: CustomEvent<string>): void {
    this.dispatchEvent(new CustomEvent("edit", { detail: event.detail }));
  }

  #fire(name: "run" | "reset"): void {
    this.dispatchEvent(new Event(name));
  }
}

customElements.define("lab-cell", LabCell);

declare global {
  interface HTMLElementTagNameMap {
    "lab-cell": LabCell;
  }
}
