/** The keys, as a dialog. */

import { css, html, LitElement } from "lit";
import type { Language } from "../lessons.ts";
import { controls } from "../styles/controls.ts";
import { wordsOf } from "../text/words.ts";

export class LabHelp extends LitElement {
  static override properties = { language: {} };
  declare language: Language;

  static override styles = [
    controls,
    css`
      dialog {
        width: min(440px, calc(100vw - 32px));
        padding: 20px 24px 24px;
        border: 1px solid var(--line);
        border-radius: 12px;
        background: var(--surface);
        color: var(--text);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 40%);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      h2 {
        margin: 0;
        font-size: 18px;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 8px 16px;
        margin: 14px 0;
      }
      dt {
        white-space: nowrap;
      }
      dd {
        margin: 0;
        color: var(--muted);
      }
      kbd {
        display: inline-block;
        min-width: 24px;
        padding: 1px 6px;
        border: 1px solid var(--line);
        border-radius: 4px;
        background: var(--sunken);
        font: 12px / 18px var(--font-code);
        text-align: center;
      }
      p {
        margin: 0;
        color: var(--muted);
        font-size: 13px;
      }
    `,
  ];

  open(): void {
    this.#dialog?.showModal();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  override render() {
    const words = wordsOf(this.language);
    const keys: readonly (readonly [readonly string[], string])[] = [
      [["Space"], words.keyPlay],
      [["→", "←"], words.keyStep],
      [["Shift →", "Shift ←"], words.keyBatch],
      [["Home", "End"], words.keyEnds],
      [["1", "2", "3", "4"], words.keyGranularity],
      [["Ctrl Enter"], words.keyRun],
      [["Ctrl S"], words.keySave],
      [["F"], words.keyFaults],
      [["Esc"], words.keyLeave],
      [["?"], words.keyHelp],
    ];
    return html`<dialog aria-label=${words.helpTitle}>
      <header>
        <h2>${words.helpTitle}</h2>
        <button @click=${() => this.#dialog?.close()}>${words.close}</button>
      </header>
      <dl>
        ${keys.map(
          ([names, does]) =>
            html`<dt>${names.map((name) => html`<kbd>${name}</kbd> `)}</dt>
              <dd>${does}</dd>`,
        )}
      </dl>
      <p>${words.helpNote}</p>
    </dialog>`;
  }
}

customElements.define("lab-help", LabHelp);

declare global {
  interface HTMLElementTagNameMap {
    "lab-help": LabHelp;
  }
}
