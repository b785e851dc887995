/** The faults of the run: its whole script, to be read and edited, those that come with the lesson
 *  first, and the palette, grouped by what is broken. Fires `edit` with the script, `run-script`,
 *  `reset`, `add` with a line, and `close`. */

import type { FaultTargetGroup } from "streamscope";
import { css, html, LitElement, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type Breakable, lackOf, type PaletteFault, paletteGroups } from "../fault-palette.ts";
import { isSameScript, linesKept, linesOf, type ScriptLine } from "../fault-script.ts";
import type { Language } from "../lessons.ts";
import { controls } from "../styles/controls.ts";
import { faultWordsOf } from "../text/fault-words.ts";
import type { Problem } from "../worker/messages.ts";
import { icons } from "./icons.ts";
import "./lab-editor.ts";
import "./lab-fault.ts";

export class LabFaultPanel extends LitElement {
  static override properties = {
    script: {},
    lessonScript: {},
    problem: { attribute: false },
    isStale: { attribute: false },
    idle: { attribute: false },
    world: { attribute: false },
    seq: { attribute: false },
    atMs: { attribute: false },
    language: {},
    target: { state: true },
  };
  declare script: string;
  /** The one that the lesson comes with. */
  declare lessonScript: string;
  declare problem: Problem | null;
  /** The script is not the one the run has. */
  declare isStale: boolean;
  /** Lines of the script that struck nothing in the run. */
  declare idle: readonly ScriptLine[];
  declare world: Breakable;
  declare seq: number;
  declare atMs: number;
  declare language: Language;
  /** The group shown. */
  declare target: FaultTargetGroup;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        background: var(--surface);
      }
      header,
      .script-head {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      header {
        padding: 8px 8px 0 16px;
      }
      h2,
      h3 {
        flex: 1;
        margin: 0;
        font-size: var(--size-body);
        font-weight: 600;
      }
      h2:focus {
        outline: none;
      }
      h3 {
        font-size: 13px;
      }
      .body {
        flex: 1;
        min-height: 0;
        padding: 8px 16px 16px;
        overflow-y: auto;
      }
      .script {
        margin: 6px 0 4px;
        border: 1px solid var(--edge);
        border-radius: var(--radius-small);
        min-height: 44px;
        overflow: hidden;
      }
      .script-head button {
        min-height: 28px;
      }
      .note,
      .problem {
        margin: 0 0 12px;
        color: var(--muted);
        font-size: 12px;
        line-height: 1.5;
      }
      .problem {
        color: var(--fail);
      }
      .idle,
      .lack {
        color: var(--warn);
      }
      .lack {
        margin: 8px 0 12px;
        font-size: 12px;
        line-height: 1.5;
      }
      .groups {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin: 8px 0;
      }
      .groups button {
        min-height: 28px;
        padding: 0 10px;
        border-radius: 14px;
        color: var(--muted);
      }
      .groups button[aria-pressed="true"] {
        border-color: var(--accent);
        background: var(--accent-soft);
        color: var(--accent);
        font-weight: 600;
      }
      @media (max-width: 799px) {
        .groups button,
        .script-head button {
          min-height: 44px;
        }
        .groups button {
          border-radius: 22px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.target = paletteGroups[0]?.target ?? "broker";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", this.#leave);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("keydown", this.#leave);
  }

  /** Whoever opens it by a key is in it. */
  protected override firstUpdated(): void {
    this.renderRoot.querySelector("h2")?.focus({ preventScroll: true });
  }

  /** In the editor the key leaves the editor first. */
  readonly #leave = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    this.#close();
  };

  #close(): void {
    this.dispatchEvent(new Event("close"));
  }

  override render() {
    const words = faultWordsOf(this.language);
    return html`
      <header>
        <h2 tabindex="-1">${words.title}</h2>
        <button
          class="quiet icon"
          aria-label=${words.close}
          title=${words.close}
          @click=${() => this.#close()}
        >
          ${icons.cross}
        </button>
      </header>
      <div class="body">${this.#script()} ${this.#palette()}</div>
    `;
  }

  #script() {
    const words = faultWordsOf(this.language);
    const run = (): boolean => this.dispatchEvent(new Event("run-script"));
    return html`
      <div class="script-head">
        <h3>${words.script}</h3>
        ${this.#reset()}
        <button
          class=${this.isStale && this.problem === null ? "primary" : ""}
          title=${words.runTitle}
          ?disabled=${!this.isStale || this.problem !== null}
          @click=${run}
        >
          ${words.run}
        </button>
      </div>
      <div class="script">
        <lab-editor
          .isPlain=${true}
          .lines=${this.#kept.map(({ index }) => index + 1)}
          .value=${this.script}
          .label=${words.script}
          .hint=${words.hint}
          .problem=${this.problem}
          @edit=${(event: CustomEvent<string>) =>
            this.dispatchEvent(new CustomEvent("edit", { detail: event.detail }))}
          @run=${(event: Event) => {
            event.stopPropagation();
            run();
          }}
        ></lab-editor>
      </div>
      ${
        this.problem === null
          ? html`<p class="note">${this.#idleNote()}${this.#lessonNote()}${words.note}</p>`
          : html`<p class="problem" role="alert">${this.problem.message}</p>`
      }
    `;
  }

  get #kept() {
    return linesKept(this.script, this.lessonScript);
  }

  #reset() {
    if (isSameScript(this.script, this.lessonScript)) return nothing;
    const words = faultWordsOf(this.language);
    const isClear = this.lessonScript === "";
    return html`<button
      class="quiet"
      title=${isClear ? words.clearTitle : words.resetTitle}
      @click=${() => this.dispatchEvent(new Event("reset"))}
    >
      ${isClear ? words.clear : words.reset}
    </button>`;
  }

  #idleNote() {
    if (this.idle.length === 0) return nothing;
    const lines = this.idle.map(({ index }) => index + 1);
    return html`<span class="idle">${faultWordsOf(this.language).idle(lines)}</span> `;
  }

  /** Which lines are the lesson's; they are marked, and words say it as well. */
  #lessonNote() {
    const count = linesOf(this.lessonScript).length;
    if (count === 0) return nothing;
    const lines = this.#kept.map(({ index }) => index + 1);
    return html`<span class="lesson">${faultWordsOf(this.language).lesson(lines, count)}</span> `;
  }

  /** What the world would need for any of them; null where one can be used, or they differ. */
  #lack(all: readonly PaletteFault[]) {
    const [lack, ...others] = new Set(all.map((fault) => lackOf(fault, this.world)));
    return lack === undefined || others.length > 0 ? null : lack;
  }

  #palette() {
    const words = faultWordsOf(this.language);
    const group = paletteGroups.find(({ target }) => target === this.target);
    const lack = this.#lack(group?.faults ?? []);
    return html`
      <h3>${words.palette}</h3>
      <div class="groups" role="group" aria-label=${words.palette}>
        ${paletteGroups.map(
          ({ target }) =>
            html`<button
              aria-pressed=${target === this.target}
              @click=${() => (this.target = target)}
            >
              ${words.groups[target]}
            </button>`,
        )}
      </div>
      ${lack === null ? nothing : html`<p class="lack">${words.lacks[lack]}</p>`}
      ${
        group === undefined
          ? nothing
          : repeat(
              group.faults,
              ({ kind }) => kind,
              (fault) =>
                html`<lab-fault
                  .fault=${fault}
                  .world=${this.world}
                  .isExplained=${lack !== null}
                  .seq=${this.seq}
                  .atMs=${this.atMs}
                  .language=${this.language}
                  @add=${(event: CustomEvent<string>) =>
                    this.dispatchEvent(new CustomEvent("add", { detail: event.detail }))}
                ></lab-fault>`,
            )
      }
    `;
  }
}

customElements.define("lab-fault-panel", LabFaultPanel);

declare global {
  interface HTMLElementTagNameMap {
    "lab-fault-panel": LabFaultPanel;
  }
}
