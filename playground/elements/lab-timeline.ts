/** The whole run as one line: batches as blocks, faults and checkpoints as marks, and a slider to
 *  any event. Fires `seek` with a position. */

import { css, html, LitElement, nothing } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { BatchName } from "../batch-name.ts";
import type { Language } from "../lessons.ts";
import { controls } from "../styles/controls.ts";
import { wordsOf } from "../text/words.ts";
import type { BatchMark, Mark } from "../trace-index.ts";

/** Below this share of the line a block has no room for its number. */
const labelShareMin = 0.02;

const glyphs: Readonly<Record<Mark["kind"], string>> = {
  fault: "⚡",
  checkpoint: "◆",
  error: "✕",
};

export class LabTimeline extends LitElement {
  static override properties = {
    length: { type: Number },
    position: { type: Number },
    batches: { attribute: false },
    marks: { attribute: false },
    selectedMs: { attribute: false },
    batchName: { attribute: false },
    sentence: {},
    language: {},
  };
  /** Events of the run so far. */
  declare length: number;
  declare position: number;
  declare batches: readonly BatchMark[];
  declare marks: readonly Mark[];
  /** The batch time selected; null for none. */
  declare selectedMs: number | null;
  declare batchName: BatchName;
  declare sentence: string;
  declare language: Language;

  static override styles = [
    controls,
    css`
      :host {
        position: relative;
        height: 54px;
      }
      .line {
        position: absolute;
        inset: 0 8px;
      }
      .block,
      .mark,
      .needle {
        position: absolute;
        pointer-events: none;
      }
      .block {
        top: 20px;
        height: 22px;
        min-width: 2px;
        padding: 0 6px;
        border: 1px solid var(--accent-soft);
        border-radius: 4px;
        background: var(--accent-soft);
        color: var(--accent);
        font-size: var(--size-mark);
        font-weight: 600;
        line-height: 20px;
        overflow: hidden;
        white-space: nowrap;
      }
      .block.narrow {
        padding: 0;
      }
      .block.ahead {
        border: 1px dashed var(--line);
        background: var(--surface);
        color: var(--muted);
        font-weight: 400;
      }
      .block.current {
        border-color: var(--accent);
        background: var(--accent);
        color: var(--on-accent);
      }
      .block.failed {
        border-color: var(--fail);
        background: var(--fail-soft);
        color: var(--fail);
      }
      .mark {
        top: 1px;
        width: 14px;
        margin-left: -7px;
        font-size: var(--size-mark);
        line-height: 16px;
        text-align: center;
      }
      .mark.fault,
      .mark.error {
        color: var(--fail);
      }
      .mark.checkpoint {
        color: var(--checkpoint);
      }
      .rail {
        position: absolute;
        inset: 31px 8px auto;
        height: 1px;
        background: var(--line);
      }
      .needle {
        top: 8px;
        bottom: 6px;
        width: 2px;
        margin-left: -1px;
        background: var(--text);
      }
      .needle::before {
        content: "";
        position: absolute;
        top: 0;
        left: -4px;
        width: 10px;
        height: 10px;
        border-radius: 50%;
        background: var(--text);
      }
      input {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        margin: 0;
        opacity: 0;
        cursor: ew-resize;
      }
      :host(:focus-within) {
        outline: 2px solid var(--accent);
        outline-offset: -2px;
        border-radius: var(--radius-small);
      }
      :host(:not(:has(input:focus-visible))) {
        outline: none;
      }
    `,
  ];

  override render() {
    const words = wordsOf(this.language);
    const place =
      this.position < 0 ? words.beforeFirst : words.position(this.position, this.length - 1);
    const shown = words.timelineValue(place, this.sentence);
    return html`
      <div class="rail"></div>
      <div class="line" aria-hidden="true">
        ${this.batches.map((batch) => this.#block(batch))}
        ${this.marks.map((mark) => this.#mark(mark))}
        <span class="needle" ?hidden=${this.length === 0} style=${this.#at(this.position)}></span>
      </div>
      <input
        type="range"
        min="-1"
        max=${Math.max(0, this.length - 1)}
        .value=${String(this.position)}
        aria-label=${words.timeline}
        aria-valuetext=${shown}
        @input=${(event: InputEvent) => this.#seek(event)}
      />
    `;
  }

  #block({ batchTimeMs, fromSeq, lastSeq, failed }: BatchMark) {
    const share = (lastSeq - fromSeq) / Math.max(1, this.length);
    const isCurrent = batchTimeMs === this.selectedMs;
    const state = isCurrent
      ? "current"
      : fromSeq > this.position
        ? "ahead"
        : failed
          ? "failed"
          : "";
    const isNarrow = share < labelShareMin;
    return html`<span
      class="block ${state} ${isNarrow ? "narrow" : ""}"
      style=${styleMap({ left: this.#percent(fromSeq), width: `${share * 100}%` })}
      >${isNarrow ? nothing : this.batchName(batchTimeMs)}</span
    >`;
  }

  #mark({ seq, kind }: Mark) {
    return html`<span class="mark ${kind}" style=${this.#at(seq)}>${glyphs[kind]}</span>`;
  }

  #at(seq: number) {
    return styleMap({ left: this.#percent(seq) });
  }

  #percent(seq: number): string {
    return `${((seq + 1) / Math.max(1, this.length)) * 100}%`;
  }

  #seek(event: InputEvent): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    const position = Number(event.target.value);
    this.dispatchEvent(new CustomEvent("seek", { detail: position }));
  }
}

customElements.define("lab-timeline", LabTimeline);

declare global {
  interface HTMLElementTagNameMap {
    "lab-timeline": LabTimeline;
  }
}
