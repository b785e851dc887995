/** Where the run stands, and how to move in it. Fires `step` (1 or -1), `seek`, `play`,
 *  `granularity` and `speed`. The faults come in as its slot. */

import { css, html, LitElement } from "lit";
import type { BatchName } from "../batch-name.ts";
import type { Language } from "../lessons.ts";
import { type Granularity, granularities, speeds } from "../session.ts";
import { controls } from "../styles/controls.ts";
import { formatSeconds, wordsOf } from "../text/words.ts";
import type { BatchMark, Mark } from "../trace-index.ts";
import { icons } from "./icons.ts";
import "./lab-timeline.ts";

export class LabTransport extends LitElement {
  static override properties = {
    length: { type: Number },
    position: { type: Number },
    atMs: { attribute: false },
    batches: { attribute: false },
    marks: { attribute: false },
    selectedMs: { attribute: false },
    batchName: { attribute: false },
    sentence: {},
    granularity: {},
    speed: { type: Number },
    isPlaying: { attribute: false },
    language: {},
  };
  declare length: number;
  declare position: number;
  /** Virtual time of the event shown; null before the first. */
  declare atMs: number | null;
  declare batches: readonly BatchMark[];
  declare marks: readonly Mark[];
  declare selectedMs: number | null;
  declare batchName: BatchName;
  /** What the event shown did. */
  declare sentence: string;
  declare granularity: Granularity;
  declare speed: number;
  declare isPlaying: boolean;
  declare language: Language;

  static override styles = [
    controls,
    css`
      :host {
        padding: 4px 18px 12px;
        border-top: 1px solid var(--line);
        background: var(--surface);
      }
      .says {
        display: flex;
        align-items: baseline;
        gap: 10px;
        min-height: 24px;
        margin: 2px 8px 8px;
        font-size: 13px;
      }
      .where {
        color: var(--muted);
        white-space: nowrap;
      }
      .where b {
        color: var(--text);
      }
      .sentence {
        flex: 1;
        margin: 0;
        overflow: hidden;
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      .buttons {
        display: inline-flex;
        gap: 8px;
      }
      .buttons .primary {
        width: 52px;
      }
      .step {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      ::slotted(*) {
        flex: 1;
      }
      @media (max-width: 799px) {
        :host {
          padding: 0 10px 8px;
        }
        .says {
          flex-wrap: wrap;
          gap: 0 10px;
          margin: 0 4px 6px;
          min-height: 62px;
          align-content: start;
        }
        .sentence {
          flex-basis: 100%;
        }
        .buttons {
          flex: 1;
          gap: 6px;
        }
        .buttons button {
          flex: 1;
          min-width: 44px;
          justify-content: center;
        }
        .step span {
          display: none;
        }
        .segments {
          display: none;
        }
        button.end {
          display: none;
        }
        ::slotted(*) {
          flex-basis: 100%;
        }
      }
      @media (min-width: 800px) {
        select.granularity {
          display: none;
        }
      }
    `,
  ];

  override render() {
    return html`
      <lab-timeline
        .length=${this.length}
        .position=${this.position}
        .batches=${this.batches}
        .marks=${this.marks}
        .selectedMs=${this.selectedMs}
        .batchName=${this.batchName}
        .sentence=${this.sentence}
        .language=${this.language}
        @seek=${(event: CustomEvent<number>) => this.#fire("seek", event.detail)}
      ></lab-timeline>
      <div class="says">
        <span class="where">${this.#where()}</span>
        <p class="sentence" aria-live=${this.isPlaying ? "off" : "polite"}>${this.sentence}</p>
      </div>
      <div class="row">
        ${this.#buttons()} ${this.#granularity()} ${this.#speed()}
        <slot></slot>
      </div>
    `;
  }

  #where() {
    const words = wordsOf(this.language);
    if (this.position < 0) return html`<b>${words.beforeFirst}</b>`;
    const place = words.position(this.position, this.length - 1);
    const time = this.atMs === null ? "" : ` · ${formatSeconds(this.atMs)}`;
    return html`<b>${place}</b>${time}`;
  }

  #buttons() {
    const words = wordsOf(this.language);
    const unit = words.granularity[this.granularity];
    const isAtStart = this.position < 0;
    const isAtEnd = this.position >= this.length - 1;
    const button = (name: string, icon: unknown, press: () => void, options = "", off = false) =>
      html`<button
        class="icon ${options}"
        aria-label=${name}
        title=${name}
        ?disabled=${off}
        @click=${press}
      >
        ${icon}
      </button>`;
    return html`<span class="buttons">
      ${button(words.toStart, icons.toStart, () => this.#fire("seek", -1), "end", isAtStart)}
      ${button(
        words.stepBackTitle(unit),
        icons.stepBack,
        () => this.#fire("step", -1),
        "",
        isAtStart,
      )}
      ${button(
        this.isPlaying ? words.pause : words.play,
        this.isPlaying ? icons.pause : icons.play,
        () => this.#fire("play", null),
        "primary",
        this.length === 0,
      )}
      <button
        class="step"
        aria-label=${words.stepForwardTitle(unit)}
        title=${words.stepForwardTitle(unit)}
        ?disabled=${isAtEnd}
        @click=${() => this.#fire("step", 1)}
      >
        <span aria-hidden="true">${words.stepForward}</span> ${icons.stepForward}
      </button>
      ${button(words.toEnd, icons.toEnd, () => this.#fire("seek", this.length - 1), "end", isAtEnd)}
    </span>`;
  }

  #granularity() {
    const words = wordsOf(this.language);
    const choose = ({ target }: Event): void => {
      const value = target instanceof HTMLSelectElement ? target.value : "";
      const chosen = granularities.find((one) => one === value);
      if (chosen !== undefined) this.#fire("granularity", chosen);
    };
    return html`
      <span class="segments" role="group" aria-label=${words.granularityLabel}>
        ${granularities.map(
          (one) =>
            html`<button
              aria-pressed=${one === this.granularity}
              @click=${() => this.#fire("granularity", one)}
            >
              ${words.granularity[one]}
            </button>`,
        )}
      </span>
      <select class="granularity" aria-label=${words.granularityLabel} @change=${choose}>
        ${granularities.map(
          (one) =>
            html`<option value=${one} ?selected=${one === this.granularity}>
              ${words.granularity[one]}
            </option>`,
        )}
      </select>
    `;
  }

  #speed() {
    const choose = ({ target }: Event): void => {
      if (target instanceof HTMLSelectElement) this.#fire("speed", Number(target.value));
    };
    return html`<select aria-label=${wordsOf(this.language).speed} @change=${choose}>
      ${speeds.map(
        (speed) =>
          html`<option value=${speed} ?selected=${speed === this.speed}>${speed}×</option>`,
      )}
    </select>`;
  }

  #fire(name: string, detail: number | string | null): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define("lab-transport", LabTransport);

declare global {
  interface HTMLElementTagNameMap {
    "lab-transport": LabTransport;
  }
}
