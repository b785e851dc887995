/** The exercise: what is to be done, a cell to do it in, and the verdict on its trace.
 *  Fires `solution` and `open-batch`; the cell's own events come through it. */

import { css, html, LitElement, nothing } from "lit";
import type { Verdict } from "streamscope/lesson";
import type { BatchName } from "../batch-name.ts";
import type { Language } from "../lessons.ts";
import type { RecordingStatus } from "../recording.ts";
import { controls } from "../styles/controls.ts";
import { wordsOf } from "../text/words.ts";

export class LabExercise extends LitElement {
  static override properties = {
    task: {},
    language: {},
    status: { attribute: false },
    isStale: { attribute: false },
    batchName: { attribute: false },
  };
  declare task: string;
  declare language: Language;
  /** How the exercise's last run stands; null before it. */
  declare status: RecordingStatus | null;
  declare isStale: boolean;
  declare batchName: BatchName;

  static override styles = [
    controls,
    css`
      :host {
        margin: 32px 0 0;
        padding: 20px 0 0;
        border-top: 1px solid var(--line);
      }
      h2 {
        margin: 0 0 6px;
        font-size: 18px;
        line-height: 1.3;
      }
      p {
        margin: 0 0 10px;
      }
      .broken {
        color: var(--muted);
        font-size: 13px;
      }
      footer {
        display: grid;
        justify-items: end;
        gap: 10px;
        margin-top: 10px;
      }
      .verdict {
        width: 100%;
        font-size: 13px;
      }
      .verdict p {
        margin: 0;
        padding: 8px 12px;
        border-radius: var(--radius-small);
      }
      .verdict.stale {
        opacity: 0.5;
      }
      .pass {
        background: var(--done-soft);
      }
      .pass b {
        color: var(--done);
      }
      .fail {
        background: var(--fail-soft);
      }
      .fail b {
        color: var(--fail);
      }
      .unproved {
        background: var(--warn-soft);
      }
      .unproved b {
        color: var(--warn);
      }
    `,
  ];

  constructor() {
    super();
    this.status = null;
    this.isStale = false;
  }

  override render() {
    const words = wordsOf(this.language);
    return html`
      <h2>${words.exercise}</h2>
      <p>${this.task}</p>
      <p class="broken">${words.startsBroken}</p>
      <slot></slot>
      <footer>
        <div class="verdict ${this.isStale ? "stale" : ""}" role="status">${this.#verdict()}</div>
        <button @click=${() => this.dispatchEvent(new Event("solution"))}>
          ${words.showSolution}
        </button>
      </footer>
    `;
  }

  #verdict() {
    const words = wordsOf(this.language);
    if (this.status === null) return nothing;
    if (this.status.kind === "running") return html`<p>${words.running}</p>`;
    if (this.status.kind !== "ended") {
      return html`<p class="unproved"><b>?</b> ${words.noVerdict}</p>`;
    }
    const { verdict } = this.status.ended;
    if (verdict === null) return html`<p class="unproved"><b>?</b> ${words.noVerdict}</p>`;
    return this.#result(verdict);
  }

  #result(verdict: Verdict) {
    const words = wordsOf(this.language);
    switch (verdict.verdict) {
      case "pass":
        return html`<p class="pass"><b>✓ ${words.pass}.</b> ${words.passDetail}</p>`;
      case "fail":
        return html`<p class="fail">
          <b>✗ ${words.fail}.</b> ${verdict.because[this.language]}
          ${verdict.batchTimeMs === null ? nothing : this.#openBatch(verdict.batchTimeMs)}
        </p>`;
      case "not proved":
        return html`<p class="unproved">
          <b>? ${words.notProved}.</b> ${verdict.because[this.language]}
        </p>`;
    }
  }

  #openBatch(batchTimeMs: number) {
    const open = (event: Event): void => {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent("open-batch", { detail: batchTimeMs }));
    };
    return html`<a href="#batch=${batchTimeMs}" @click=${open}>
      ${wordsOf(this.language).openBatch(this.batchName(batchTimeMs))}
    </a>`;
  }
}

customElements.define("lab-exercise", LabExercise);

declare global {
  interface HTMLElementTagNameMap {
    "lab-exercise": LabExercise;
  }
}
