/** What goes wrong: how many faults come with the lesson, each of the reader's as a line of the
 *  fault script, and the two buttons beside: one breaks the driver right after the event shown,
 *  the other opens the palette. Fires `break`, `remove` with the number of a line, `reset`, and
 *  `palette`. */

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import {
  type Breakage,
  isSameScript,
  linesKept,
  linesOf,
  type ScriptLine,
} from "../fault-script.ts";
import type { Language } from "../lessons.ts";
import { controls } from "../styles/controls.ts";
import { wordsOf } from "../text/words.ts";
import { icons } from "./icons.ts";

/** More lines than these are counted; the panel has them all. */
const chipsMax = 3;

export class LabFaults extends LitElement {
  static override properties = {
    script: {},
    lessonScript: {},
    isOpen: { attribute: false },
    language: {},
  };
  /** The fault script of the run. */
  declare script: string;
  /** The one that the lesson comes with. */
  declare lessonScript: string;
  /** The palette is in sight. */
  declare isOpen: boolean;
  declare language: Language;

  static override styles = [
    controls,
    css`
      :host,
      .lines,
      .acts {
        display: flex;
        align-items: center;
        justify-content: end;
        gap: 6px 8px;
      }
      .lines {
        flex-wrap: wrap;
        min-width: 0;
      }
      .acts {
        flex: none;
      }
      .chip {
        display: inline-flex;
        align-items: center;
        min-height: 26px;
        padding-left: 9px;
        border-radius: 13px;
        background: var(--fail-soft);
        color: var(--fail);
        font-size: var(--size-small);
        white-space: nowrap;
      }
      .chip button {
        min-height: 26px;
        width: 26px;
        padding: 0;
        border: 0;
        border-radius: 13px;
        background: none;
        color: inherit;
        display: grid;
        place-items: center;
      }
      .chip svg {
        width: 12px;
        height: 12px;
      }
      .chip span {
        max-width: 210px;
        overflow: hidden;
        text-overflow: ellipsis;
        font-family: var(--font-code);
      }
      @media (max-width: 799px) {
        :host {
          flex-wrap: wrap;
          justify-content: start;
        }
        .chip,
        .chip button {
          min-height: 44px;
        }
        .chip button {
          width: 44px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.script = "";
    this.lessonScript = "";
    this.isOpen = false;
  }

  /** Who was in the palette is back where it is opened. */
  protected override updated(changed: PropertyValues<this>): void {
    if (changed.get("isOpen") !== true || this.isOpen) return;
    this.renderRoot.querySelector<HTMLElement>("button.palette")?.focus();
  }

  override render() {
    const words = wordsOf(this.language);
    return html`
      ${this.#lines()}
      <div class="acts">
        <button class="danger" title=${words.crashDriverTitle} @click=${() => this.#crash()}>
          ⚡ ${words.crashDriver}
        </button>
        <button
          class="danger palette"
          aria-expanded=${this.isOpen}
          title=${words.faultsTitle}
          @click=${() => this.#fire("palette")}
        >
          ⚡ ${words.faults} …
        </button>
      </div>
    `;
  }

  #lines() {
    const words = wordsOf(this.language);
    const kept = linesKept(this.script, this.lessonScript);
    const isKept = new Set(kept.map(({ index }) => index));
    const lines = linesOf(this.script).filter(({ index }) => !isKept.has(index));
    const hidden = lines.length - chipsMax;
    const isReset = isSameScript(this.script, this.lessonScript);
    if (isReset && this.lessonScript === "") return nothing;
    return html`<div class="lines">
      ${this.#lessonFaults(kept)} ${lines.slice(0, chipsMax).map((line) => this.#chip(line))}
      ${hidden > 0 ? this.#count(words.moreFaults(hidden), "") : nothing}
      ${
        !isReset && (lines.length > 1 || this.lessonScript !== "")
          ? html`<button class="quiet" @click=${() => this.#fire("reset")}>
              ${words.resetFaults}
            </button>`
          : nothing
      }
    </div>`;
  }

  /** All its lines are in the panel; here it says that there are some. */
  #lessonFaults(kept: readonly ScriptLine[]) {
    const count = linesOf(this.lessonScript).length;
    if (count === 0) return nothing;
    const says = wordsOf(this.language).lessonFaults(kept.length, count);
    return this.#count(says, kept.map(({ text }) => text).join("\n"));
  }

  /** Opens the panel, where the lines are. */
  #count(says: string, lines: string) {
    const open = (): void => {
      if (!this.isOpen) this.#fire("palette");
    };
    return html`<button class="quiet" title=${lines} @click=${open}>${says}</button>`;
  }

  #chip({ index, text }: ScriptLine) {
    return html`<span class="chip">
      <span title=${text}>${text}</span>
      <button
        aria-label=${wordsOf(this.language).removeFault(text)}
        @click=${() => this.dispatchEvent(new CustomEvent("remove", { detail: index }))}
      >
        ${icons.cross}
      </button>
    </span>`;
  }

  #crash(): void {
    const detail: Breakage = { kind: "crashDriver" };
    this.dispatchEvent(new CustomEvent("break", { detail }));
  }

  #fire(name: "palette" | "reset"): void {
    this.dispatchEvent(new Event(name));
  }
}

customElements.define("lab-faults", LabFaults);

declare global {
  interface HTMLElementTagNameMap {
    "lab-faults": LabFaults;
  }
}
