/** The head of the page: the lessons as links, what determines the run, language and theme. Fires
 *  `language`, `theme` and `help`. */

import { css, html, LitElement, nothing } from "lit";
import { formatAddress } from "../address.ts";
import { type Language, type Lesson, lessons } from "../lessons.ts";
import type { Theme } from "../saved-texts.ts";
import { controls } from "../styles/controls.ts";
import { wordsOf } from "../text/words.ts";
import { icons } from "./icons.ts";

const themes: readonly Theme[] = ["system", "light", "dark"];
const themeGlyphs: Readonly<Record<Theme, string>> = { system: "◐", light: "○", dark: "●" };

export class LabHeader extends LitElement {
  static override properties = {
    lesson: {},
    language: {},
    theme: {},
    seed: { attribute: false },
    brokers: { attribute: false },
    traceHash: { attribute: false },
  };
  /** The folder of the lesson shown. */
  declare lesson: string;
  declare language: Language;
  declare theme: Theme;
  /** Null until the run has said it. */
  declare seed: number | null;
  declare brokers: number;
  declare traceHash: string | null;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 12px;
        height: 48px;
        padding: 0 18px;
        border-bottom: 1px solid var(--line);
        background: var(--surface);
      }
      .brand {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        font-weight: 700;
      }
      .brand svg {
        color: var(--accent);
      }
      nav {
        display: flex;
        flex: 1;
        gap: 4px;
        min-width: 0;
        padding-left: 12px;
        border-left: 1px solid var(--line);
      }
      nav a {
        display: inline-flex;
        align-items: center;
        min-width: 0;
        min-height: var(--target);
        padding: 0 10px;
        border-radius: var(--radius-small);
        color: var(--muted);
        font-size: 13px;
        text-decoration: none;
      }
      nav a span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      nav a:hover {
        background: var(--sunken);
        color: var(--text);
      }
      nav a[aria-current="page"] {
        background: var(--sunken);
        color: var(--text);
        font-weight: 600;
      }
      .fact {
        padding: 3px 10px;
        border: 1px solid var(--line);
        border-radius: 12px;
        color: var(--muted);
        font-size: var(--size-small);
        line-height: 16px;
        white-space: nowrap;
      }
      .fact b {
        color: var(--text);
        font-weight: 500;
        font-family: var(--font-code);
      }
      .segments button {
        padding: 0 10px;
      }
      @media (max-width: 1100px) {
        .fact {
          display: none;
        }
      }
      @media (max-width: 799px) {
        :host {
          gap: 4px;
          height: 52px;
          padding: 0 8px;
        }
        .brand span {
          display: none;
        }
        nav {
          padding-left: 4px;
          border: 0;
        }
        nav a {
          min-width: 44px;
          justify-content: center;
        }
        nav a .title {
          display: none;
        }
        .segments button {
          min-height: 40px;
          padding: 0 8px;
        }
        button.icon {
          width: 44px;
        }
      }
    `,
  ];

  override render() {
    const words = wordsOf(this.language);
    return html`
      <span class="brand">
        ${icons.mark}
        <span>Streamscope</span>
      </span>
      <nav aria-label=${words.lessons}>${lessons.map((lesson) => this.#link(lesson))}</nav>
      ${
        this.seed === null
          ? nothing
          : html`<span class="fact">${words.seed} <b>${this.seed}</b></span>`
      }
      ${
        this.traceHash === null
          ? nothing
          : html`<span class="fact" title="${words.traceTitle}: ${this.traceHash}"
              >${words.trace} <b>${this.traceHash.slice(0, 6)}</b></span
            >`
      }
      <span class="fact">${words.simulated(this.brokers)}</span>
      <span class="segments" role="group" aria-label=${words.language}>
        ${this.#language("en", "EN")} ${this.#language("zh", "中文")}
      </span>
      ${this.#theme()}
      <button
        class="quiet icon"
        aria-label=${words.help}
        title=${words.help}
        @click=${() => this.#fire("help", null)}
      >
        ${icons.help}
      </button>
    `;
  }

  #link({ id, number, text }: Lesson) {
    const { language } = this;
    const href = formatAddress({ lesson: id, at: -1, language, view: null, faults: null });
    const { title } = text[language];
    return html`<a
      href=${href}
      title=${title}
      aria-label="${number} · ${title}"
      aria-current=${id === this.lesson ? "page" : nothing}
      ><span>${number}<span class="title"> · ${title}</span></span></a
    >`;
  }

  #language(language: Language, name: string) {
    return html`<button
      lang=${language}
      aria-pressed=${language === this.language}
      @click=${() => this.#fire("language", language)}
    >
      ${name}
    </button>`;
  }

  #theme() {
    const words = wordsOf(this.language);
    const names: Readonly<Record<Theme, string>> = {
      system: words.themeSystem,
      light: words.themeLight,
      dark: words.themeDark,
    };
    const next = themes[(themes.indexOf(this.theme) + 1) % themes.length] ?? "system";
    const label = `${words.theme}: ${names[this.theme]}`;
    return html`<button
      class="quiet icon"
      aria-label=${label}
      title=${label}
      @click=${() => this.#fire("theme", next)}
    >
      <span aria-hidden="true">${themeGlyphs[this.theme]}</span>
    </button>`;
  }

  #fire(name: string, detail: string | null): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define("lab-header", LabHeader);

declare global {
  interface HTMLElementTagNameMap {
    "lab-header": LabHeader;
  }
}
