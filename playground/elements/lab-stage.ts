/** The stage: the views of the moment shown, one by one or all together. Fires `view` with the id
 *  of the view to show (null for all), and `run-again` when its picture is out of date. */

import { css, html, LitElement, nothing } from "lit";
import type { TraceKind } from "streamscope";
import type { Chart, ChartInput } from "../charts/chart.ts";
import { charts } from "../charts.ts";
import type { Language } from "../lessons.ts";
import { controls } from "../styles/controls.ts";
import { wordsOf } from "../text/words.ts";
import "./lab-chart.ts";

export class LabStage extends LitElement {
  static override properties = {
    input: { attribute: false },
    kinds: { attribute: false },
    view: {},
    language: {},
    isStale: { attribute: false },
    isBlank: { attribute: false },
    file: {},
  };
  declare input: ChartInput;
  /** Of the facts the run tells: what it has pictures of. */
  declare kinds: ReadonlySet<TraceKind>;
  declare view: string | null;
  declare language: Language;
  declare isStale: boolean;
  /** Nothing has happened yet. */
  declare isBlank: boolean;
  /** The cell whose run it shows. */
  declare file: string;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
        background: var(--ground);
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 6px 16px 0 8px;
        border-bottom: 1px solid var(--line);
      }
      .tabs {
        display: flex;
        flex: 1;
        min-width: 0;
        /* What does not fit fades out instead of being cut. */
        padding-right: 28px;
        overflow-x: auto;
        scrollbar-width: none;
        mask-image: linear-gradient(270deg, transparent 0, black 28px);
      }
      [role="tab"] {
        min-height: 36px;
        padding: 0 10px;
        border: 0;
        border-bottom: 2px solid transparent;
        border-radius: 0;
        background: none;
        color: var(--muted);
      }
      [role="tab"]:hover:not(:disabled) {
        background: none;
        color: var(--text);
      }
      [role="tab"][aria-selected="true"] {
        border-bottom-color: var(--accent);
        color: var(--text);
        font-weight: 600;
      }
      [role="tab"]:focus-visible {
        outline-offset: -2px;
      }
      .file {
        color: var(--muted);
        font-size: var(--size-small);
        white-space: nowrap;
      }
      .stale {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 12px;
        margin: 12px 16px 0;
        padding: 6px 6px 6px 12px;
        border-radius: var(--radius-small);
        background: var(--warn-soft);
        color: var(--warn);
        font-size: 13px;
      }
      .views {
        flex: 1;
        min-height: 0;
        padding: 14px 16px 18px;
        overflow-y: auto;
      }
      .views > * + * {
        margin-top: 12px;
      }
      .views.dimmed {
        opacity: 0.5;
      }
      .empty {
        display: grid;
        place-content: center;
        min-height: 60%;
        text-align: center;
      }
      .empty b {
        font-size: 18px;
      }
      .empty p {
        margin: 4px 0 0;
        color: var(--muted);
      }
      @media (max-width: 799px) {
        [role="tab"] {
          min-height: 44px;
        }
        .views {
          padding: 10px 10px 16px;
        }
        .file {
          display: none;
        }
      }
    `,
  ];

  override render() {
    const words = wordsOf(this.language);
    return html`
      <div class="bar">
        <div
          class="tabs"
          role="tablist"
          aria-label=${words.views}
          @keydown=${(event: KeyboardEvent) => this.#move(event)}
        >
          ${this.#tab(null, words.overview)}
          ${this.#offered().map((chart) => this.#tab(chart.id, chart.title[this.language]))}
        </div>
        <span class="file">${words.showing(this.file)}</span>
      </div>
      ${
        this.isStale
          ? html`<div class="stale" role="status">
              <span>${words.stale}</span>
              <button @click=${() => this.dispatchEvent(new Event("run-again"))}>
                ${words.staleRun}
              </button>
            </div>`
          : nothing
      }
      <div
        class="views ${this.isStale ? "dimmed" : ""}"
        role="tabpanel"
        tabindex="0"
        aria-label=${this.#title()}
      >
        ${this.isBlank ? this.#empty() : this.#views()}
      </div>
    `;
  }

  protected override firstUpdated(): void {
    const tabs = this.renderRoot.querySelector(".tabs");
    // Also when this side of a narrow page comes into sight: before, it has no width.
    if (tabs !== null) new ResizeObserver(() => this.#showTab()).observe(tabs);
  }

  protected override updated(changed: ReadonlyMap<PropertyKey, unknown>): void {
    if (changed.has("view")) this.#showTab();
  }

  /** On a narrow screen the tab of the view shown may lie beyond the edge. Not scrollIntoView: it
   *  would move the page as well. */
  #showTab(): void {
    const tabs = this.renderRoot.querySelector<HTMLElement>(".tabs");
    const tab = this.renderRoot.querySelector<HTMLElement>('[role=tab][aria-selected="true"]');
    if (tabs === null || tab === null) return;
    const left = tab.offsetLeft - tabs.offsetLeft;
    const right = left + tab.offsetWidth - tabs.clientWidth;
    tabs.scrollLeft = Math.max(right, Math.min(tabs.scrollLeft, left));
  }

  #views() {
    const wanted = charts.filter((chart) => this.view === null || chart.id === this.view);
    const shown = wanted.filter((chart) => this.view !== null || chart.applies(this.input));
    if (shown.length === 0) return html`<p>${wordsOf(this.language).noViews}</p>`;
    return shown.map(
      (chart) =>
        html`<lab-chart
          .chart=${chart}
          .input=${this.input}
          .language=${this.language}
        ></lab-chart>`,
    );
  }

  #empty() {
    const words = wordsOf(this.language);
    return html`<div class="empty">
      <b>${words.nothingYet}</b>
      <p>${words.nothingYetDetail}</p>
    </div>`;
  }

  #tab(id: string | null, title: string) {
    const isSelected = this.view === id;
    return html`<button
      role="tab"
      aria-selected=${isSelected}
      tabindex=${isSelected ? 0 : -1}
      @click=${() => this.#choose(id)}
    >
      ${title}
    </button>`;
  }

  #title(): string {
    const chart = charts.find(({ id }: Chart) => id === this.view);
    return chart?.title[this.language] ?? wordsOf(this.language).overview;
  }

  /** The view shown is offered in any case: an address may name it. */
  #offered(): readonly Chart[] {
    return charts.filter(
      ({ id, about }) => id === this.view || about?.some((kind) => this.kinds.has(kind)) !== false,
    );
  }

  /** Arrow keys walk the tabs, as in every tab list; they must not step the run as well. */
  #move(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0 || event.shiftKey) return;
    event.stopPropagation();
    event.preventDefault();
    const ids: (string | null)[] = [null, ...this.#offered().map(({ id }) => id)];
    const next = (ids.indexOf(this.view) + step + ids.length) % ids.length;
    this.#choose(ids[next] ?? null);
    const tabs = this.renderRoot.querySelectorAll<HTMLElement>("[role=tab]");
    tabs.item(next).focus();
  }

  #choose(id: string | null): void {
    this.dispatchEvent(new CustomEvent("view", { detail: id }));
  }
}

customElements.define("lab-stage", LabStage);

declare global {
  interface HTMLElementTagNameMap {
    "lab-stage": LabStage;
  }
}
