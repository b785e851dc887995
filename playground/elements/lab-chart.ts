/** One view: its title, the question it answers, the drawing, and the same numbers as a table. */

import { css, html, LitElement, nothing, type PropertyValues, unsafeCSS } from "lit";
import type { Chart, ChartInput } from "../charts/chart.ts";
import { chartStyles } from "../charts.ts";
import type { Language } from "../lessons.ts";
import { controls } from "../styles/controls.ts";
import { wordsOf } from "../text/words.ts";

export class LabChart extends LitElement {
  static override properties = {
    chart: { attribute: false },
    input: { attribute: false },
    language: {},
    isTable: { state: true },
    width: { state: true },
  };
  declare chart: Chart;
  declare input: ChartInput;
  declare language: Language;
  declare isTable: boolean;
  declare width: number;
  readonly #observer = new ResizeObserver((entries) => {
    const width = Math.floor(entries[0]?.contentRect.width ?? 0);
    if (width > 0) this.width = width;
  });

  static override styles = [
    controls,
    css`
      :host {
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--surface);
      }
      header {
        display: flex;
        align-items: baseline;
        gap: 10px;
        padding: 10px 8px 0 16px;
      }
      h2 {
        margin: 0;
        font-size: var(--size-body);
        font-weight: 600;
        white-space: nowrap;
      }
      .question {
        flex: 1;
        margin: 0;
        color: var(--muted);
        font-size: 13px;
      }
      header button {
        min-height: 26px;
        padding: 0 8px;
        font-size: var(--size-small);
      }
      .drawing,
      .table {
        margin: 6px 16px 14px;
        overflow-x: auto;
      }
      .drawing > * {
        max-width: 100%;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 13px;
      }
      th {
        padding: 4px 16px 4px 0;
        border-bottom: 1px solid var(--line);
        color: var(--muted);
        font-size: var(--size-small);
        font-weight: 500;
        text-align: left;
        white-space: nowrap;
      }
      td {
        padding: 4px 16px 4px 0;
        border-bottom: 1px solid var(--line);
      }
      .none {
        margin: 0;
        color: var(--muted);
        font-size: 13px;
      }
      @media (max-width: 799px) {
        header {
          flex-wrap: wrap;
          padding: 10px 6px 0 12px;
        }
        .question {
          order: 3;
          flex-basis: 100%;
        }
        h2 {
          flex: 1;
        }
        header button {
          min-height: 44px;
        }
        .drawing,
        .table {
          margin: 6px 12px 12px;
        }
      }
    `,
    ...chartStyles.map((text) => unsafeCSS(text)),
  ];

  constructor() {
    super();
    this.isTable = false;
    this.width = 0;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  /** A drawing is made anew at each step; the mark that had the focus keeps it. */
  #focusedMark = -1;

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const focused = this.shadowRoot?.activeElement ?? null;
    this.#focusedMark = focused === null ? -1 : this.#marks().indexOf(focused);
  }

  #marks(): Element[] {
    return [...this.renderRoot.querySelectorAll(".drawing :is([tabindex], button, a)")];
  }

  protected override updated(_changed: PropertyValues<this>): void {
    const mark = this.#marks()[this.#focusedMark];
    if (mark instanceof HTMLElement || mark instanceof SVGElement) {
      mark.focus({ preventScroll: true });
    }
    const frame = this.renderRoot.querySelector(".drawing, .table");
    if (frame === null) return;
    this.#observer.disconnect();
    this.#observer.observe(frame);
  }

  override render() {
    const words = wordsOf(this.language);
    const title = this.chart.title[this.language];
    return html`
      <header>
        <h2>${title}</h2>
        <p class="question">${this.chart.question[this.language]}</p>
        <button
          class="quiet"
          aria-pressed=${this.isTable}
          title=${words.tableTitle(title)}
          @click=${() => (this.isTable = !this.isTable)}
        >
          ${words.table}
        </button>
      </header>
      ${this.isTable ? this.#table() : html`<div class="drawing">${this.#drawing()}</div>`}
    `;
  }

  #drawing() {
    if (this.width === 0) return nothing;
    const input = { ...this.input, width: this.width };
    if (!this.chart.applies(input)) {
      return html`<p class="none">${wordsOf(this.language).noRows}</p>`;
    }
    return this.chart.draw(input);
  }

  #table() {
    const { columns, rows } = this.chart.table(this.input);
    if (rows.length === 0) {
      return html`<div class="table">
        <p class="none">${wordsOf(this.language).noRows}</p>
      </div>`;
    }
    return html`<div class="table" tabindex="0" role="region" aria-label=${this.chart.id}>
      <table>
        <thead>
          <tr>
            ${columns.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

customElements.define("lab-chart", LabChart);

declare global {
  interface HTMLElementTagNameMap {
    "lab-chart": LabChart;
  }
}
