/** A lesson's prose, with the two cells where the prose pulls them in. Fires `live-word` when one
 *  of its live words is followed. */

import { css, html, LitElement } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { Language, Lesson } from "../lessons.ts";
import { type LiveWord, readLiveWord, readProse } from "../prose.ts";
import { controls } from "../styles/controls.ts";
import { wordsOf } from "../text/words.ts";

export class LabNotebook extends LitElement {
  static override properties = { lesson: { attribute: false }, language: {} };
  declare lesson: Lesson;
  declare language: Language;

  static override styles = [
    controls,
    css`
      :host {
        padding: 28px 28px 40px;
        font-size: var(--size-prose);
        line-height: var(--leading);
        overflow-wrap: break-word;
      }
      .eyebrow {
        margin: 0 0 4px;
        color: var(--muted);
        font-size: 13px;
      }
      h1 {
        margin: 0 0 10px;
        font-size: 26px;
        font-weight: 700;
        line-height: 1.22;
        letter-spacing: -0.01em;
        text-wrap: balance;
      }
      :host(:lang(zh)) h1 {
        letter-spacing: 0;
        line-height: 1.35;
      }
      :host(:lang(zh)) em {
        font-style: normal;
        font-weight: 600;
      }
      .summary {
        margin: 0 0 18px;
        color: var(--muted);
      }
      h2 {
        margin: 28px 0 8px;
        font-size: 18px;
        line-height: 1.3;
      }
      h3 {
        margin: 20px 0 6px;
        font-size: var(--size-prose);
      }
      p,
      ul,
      ol,
      table,
      pre {
        margin: 0 0 14px;
      }
      ul,
      ol {
        padding-left: 22px;
      }
      li {
        margin: 0 0 4px;
      }
      blockquote {
        margin: 0 0 14px;
        padding: 10px 14px;
        border-left: 3px solid var(--accent);
        background: var(--sunken);
      }
      blockquote p {
        margin: 0;
      }
      code {
        padding: 1px 5px;
        border-radius: 4px;
        background: var(--sunken);
        font-size: 0.86em;
      }
      pre {
        padding: 12px 14px;
        border-radius: var(--radius);
        background: var(--sunken);
        font-size: 13px;
        line-height: 1.55;
        overflow-x: auto;
      }
      pre code {
        padding: 0;
        background: none;
        font-size: inherit;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 13px;
      }
      th,
      td {
        padding: 5px 8px;
        border-bottom: 1px solid var(--line);
        text-align: left;
      }
      a {
        font-weight: 500;
        text-decoration-thickness: 1px;
      }
      ::slotted(*) {
        display: block;
        margin: 6px 0 20px;
        font-size: var(--size-body);
      }
      .deprecated {
        margin: 28px 0 0;
        padding-top: 14px;
        border-top: 1px solid var(--line);
        color: var(--muted);
        font-size: var(--size-small);
      }
      @media (max-width: 799px) {
        :host {
          padding: 20px 16px 32px;
        }
        h1 {
          font-size: 23px;
        }
      }
    `,
  ];

  override render() {
    const words = wordsOf(this.language);
    const { title, minutes, summary, body } = this.lesson.text[this.language];
    return html`
      <article @click=${(event: Event) => this.#follow(event)}>
        <p class="eyebrow">${words.lesson(this.lesson.number, minutes)}</p>
        <h1>${title}</h1>
        <p class="summary">${summary}</p>
        ${readProse(body).map((piece) =>
          piece.kind === "html"
            ? html`<div>${unsafeHTML(piece.html)}</div>`
            : html`<slot name=${piece.kind}></slot>`,
        )}
        <p class="deprecated">${words.deprecated}</p>
      </article>
    `;
  }

  #follow(event: Event): void {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const word = link === null ? null : readLiveWord(link.getAttribute("href") ?? "");
    if (word === null) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent<LiveWord>("live-word", { detail: word }));
  }
}

customElements.define("lab-notebook", LabNotebook);

declare global {
  interface HTMLElementTagNameMap {
    "lab-notebook": LabNotebook;
  }
}
