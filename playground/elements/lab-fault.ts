/** One fault of the palette: its phrase with places for values, what one should see, and the two
 *  ways to use it, now and at a moment. Fires `add` with a line of the fault script. */

import { StreamscopeError } from "streamscope";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import {
  type Breakable,
  choicesOf,
  defaultsOf,
  lackOf,
  type Mistake,
  mistakeIn,
  moments,
  type PaletteFault,
  partsOf,
  type Phrased,
  scriptLine,
  settled,
  timeFields,
  type Values,
  type When,
} from "../fault-palette.ts";
import type { Language } from "../lessons.ts";
import { controls } from "../styles/controls.ts";
import { faultWordsOf } from "../text/fault-words.ts";

/** The ways to name a moment, apart from now. */
type Timing = "time" | "event" | "moment";

export class LabFault extends LitElement {
  static override properties = {
    fault: { attribute: false },
    world: { attribute: false },
    isExplained: { attribute: false },
    seq: { attribute: false },
    atMs: { attribute: false },
    language: {},
    values: { state: true },
    isTimed: { state: true },
    timing: { state: true },
    time: { state: true },
    event: { state: true },
    moment: { state: true },
    momentValues: { state: true },
    mistake: { state: true },
  };
  declare fault: PaletteFault;
  declare world: Breakable;
  /** What the world lacks is said already. */
  declare isExplained: boolean;
  /** The event shown; -1 before the first. */
  declare seq: number;
  declare atMs: number;
  declare language: Language;
  /** What the reader has put in; the rest is as the world suggests. */
  declare values: Values;
  declare isTimed: boolean;
  declare timing: Timing;
  declare time: string;
  declare event: string;
  declare moment: number;
  declare momentValues: Values;
  /** The field that is wrong, if it is one, and why. */
  declare mistake: { readonly name: string | null; readonly text: string } | null;

  static override styles = [
    controls,
    css`
      :host {
        padding: 10px 0;
        border-top: 1px solid var(--line);
      }
      .when {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 6px;
      }
      .phrase {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 6px;
        font: 13px var(--font-code);
      }
      .lasts {
        white-space: nowrap;
      }
      .tight {
        margin-left: -4px;
      }
      .acts {
        display: flex;
        gap: 6px;
        margin-top: 6px;
      }
      .name {
        display: block;
        margin-bottom: 2px;
        font-size: 13px;
        font-weight: 600;
      }
      input,
      select {
        width: auto;
        min-width: 44px;
        min-height: 28px;
        padding: 0 6px;
        border: 1px solid var(--edge);
        border-radius: var(--radius-small);
        background: var(--surface);
        color: var(--text);
        font: 12px var(--font-code);
        field-sizing: content;
      }
      input {
        max-width: 150px;
      }
      input[aria-invalid="true"] {
        border-color: var(--fail);
        outline: 1px solid var(--fail);
      }
      button {
        min-height: 28px;
        padding: 0 10px;
      }
      p {
        margin: 4px 0 0;
        color: var(--muted);
        font-size: 12px;
        line-height: 1.45;
      }
      .when {
        margin-top: 8px;
        padding: 8px 10px;
        border-radius: var(--radius-small);
        background: var(--sunken);
        font-size: 12px;
      }
      .mistake {
        color: var(--fail);
      }
      .lack {
        color: var(--warn);
      }
      @media (max-width: 799px) {
        input,
        select,
        button {
          min-height: 44px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.values = {};
    this.isTimed = false;
    this.timing = "time";
    this.time = "";
    this.event = "";
    this.moment = 0;
    this.momentValues = {};
    this.mistake = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isTyped = ["values", "momentValues", "time", "event"] as const;
    if (isTyped.some((one) => changed.has(one))) this.mistake = null;
  }

  override render() {
    const words = faultWordsOf(this.language);
    const { name, shows } = words.faultOf(this.fault);
    const lack = lackOf(this.fault, this.world);
    const reason = lack === null || this.isExplained ? null : words.lacks[lack];
    const lasts = "forMs" in this.fault.fields;
    const change = (values: Values): void => void (this.values = values);
    return html`
      ${name === null ? nothing : html`<span class="name">${name}</span>`}
      <div>
        <span class="phrase" role="group" aria-label=${name ?? phraseText(this.fault)}>
          ${this.#phrase(this.fault, this.#all, change)}
          ${
            lasts
              ? html`<span class="lasts"
                  >${words.lasting}
                  ${this.#field("forMs", this.fault, this.#all, change)} ms</span
                >`
              : nothing
          }
        </span>
      </div>
      <p>${words.expect} ${shows}</p>
      ${reason === null ? nothing : html`<p class="lack">${reason}</p>`}
      <div class="acts">
        <button
          class="danger"
          title=${words.nowTitle}
          ?disabled=${lack !== null}
          @click=${() => this.#add({ kind: "now", seq: this.seq })}
        >
          ⚡ ${words.now}
        </button>
        <button
          aria-expanded=${this.isTimed}
          title=${words.atTitle}
          ?disabled=${lack !== null}
          @click=${() => (this.isTimed = !this.isTimed)}
        >
          ${words.at}
        </button>
      </div>
      ${this.isTimed ? this.#when() : nothing}
      ${
        this.mistake === null
          ? nothing
          : html`<p class="mistake" role="alert">${this.mistake.text}</p>`
      }
    `;
  }

  get #all(): Values {
    return settled(
      this.fault,
      { ...defaultsOf(this.fault, this.world), ...this.values },
      this.world,
    );
  }

  get #momentAll(): Values {
    const of = moments[this.moment];
    if (of === undefined) return {};
    return settled(of, { ...defaultsOf(of, this.world), ...this.momentValues }, this.world);
  }

  #phrase(of: Phrased, values: Values, change: (values: Values) => void) {
    return partsOf(of).map((part) =>
      part.kind === "text"
        ? html`<span class=${/^[,:%-]/u.test(part.text) ? "tight" : ""}>${part.text}</span>`
        : this.#field(part.name, of, values, change),
    );
  }

  #field(name: string, of: Phrased, values: Values, change: (values: Values) => void) {
    const field = of.fields[name];
    if (field === undefined) return nothing;
    const words = faultWordsOf(this.language);
    const label = words.fieldOf(name) + (field.optional === true ? ` ${words.optional}` : "");
    const value = values[name] ?? "";
    const put = ({ target }: Event): void => {
      if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) {
        change({ ...values, [name]: target.value });
      }
    };
    const choices = choicesOf(name, of, values, this.world);
    if (choices !== null) {
      const all = field.optional === true ? [["", "—"] as const, ...choices] : choices;
      return html`<select
        aria-label=${label}
        title=${label}
        ?disabled=${all.length === 0}
        @change=${put}
      >
        ${all.map(
          ([one, text]) => html`<option value=${one} ?selected=${one === value}>${text}</option>`,
        )}
      </select>`;
    }
    return html`<input
      aria-label=${label}
      title=${label}
      inputmode=${field.type === "whole" ? "numeric" : "text"}
      placeholder=${field.optional === true ? "—" : ""}
      aria-invalid=${this.mistake?.name === name ? "true" : "false"}
      .value=${value}
      @input=${put}
    />`;
  }

  #when() {
    const words = faultWordsOf(this.language);
    const choose = ({ target }: Event): void => {
      const value = target instanceof HTMLSelectElement ? target.value : "time";
      this.timing = value === "event" || value === "moment" ? value : "time";
    };
    const timings: readonly Timing[] = ["time", "event", "moment"];
    return html`<div class="when" role="group" aria-label=${words.at}>
      <select aria-label=${words.whenLabel} @change=${choose}>
        ${timings.map(
          (one) =>
            html`<option value=${one} ?selected=${one === this.timing}>
              ${words.timing[one]}
            </option>`,
        )}
      </select>
      ${this.#timing()}
      <button class="danger" @click=${() => this.#addTimed()}>⚡ ${words.add}</button>
    </div>`;
  }

  #timing() {
    const words = faultWordsOf(this.language);
    const put = (change: (value: string) => void) => (event: Event) => {
      if (event.target instanceof HTMLInputElement) change(event.target.value);
    };
    if (this.timing === "time") {
      return html`<input
          aria-label=${words.timing.time}
          aria-invalid=${this.mistake?.name === "atMs" ? "true" : "false"}
          inputmode="numeric"
          .value=${this.time === "" ? String(this.atMs) : this.time}
          @input=${put((value) => (this.time = value))}
        />
        <span>ms</span>`;
    }
    if (this.timing === "event") {
      return html`<input
        aria-label=${words.timing.event}
        aria-invalid=${this.mistake?.name === "afterSeq" ? "true" : "false"}
        inputmode="numeric"
        .value=${this.event === "" ? String(Math.max(0, this.seq)) : this.event}
        @input=${put((value) => (this.event = value))}
      />`;
    }
    const of = moments[this.moment];
    const choose = ({ target }: Event): void => {
      if (target instanceof HTMLSelectElement) this.moment = Number(target.value);
      this.momentValues = {};
    };
    return html`<select aria-label=${words.momentLabel} @change=${choose}>
        ${moments.map(
          ({ milestone }, index) =>
            html`<option value=${index} ?selected=${index === this.moment}>
              ${words.momentOf(milestone)}
            </option>`,
        )}
      </select>
      ${
        of === undefined
          ? nothing
          : this.#phrase(of, this.#momentAll, (values) => (this.momentValues = values))
      }`;
  }

  #addTimed(): void {
    const of = moments[this.moment];
    if (this.timing === "event") {
      const text = this.event === "" ? String(Math.max(0, this.seq)) : this.event;
      if (this.#refuse(mistakeIn({ phrase: "", fields: timeFields.event }, { afterSeq: text })))
        return;
      return this.#add({ kind: "event", seq: Number(text) });
    }
    if (this.timing === "moment" && of !== undefined) {
      if (this.#refuse(mistakeIn(of, this.#momentAll))) return;
      return this.#add({ kind: "moment", moment: of, values: this.#momentAll });
    }
    const text = this.time === "" ? String(this.atMs) : this.time;
    if (this.#refuse(mistakeIn({ phrase: "", fields: timeFields.time }, { atMs: text }))) return;
    this.#add({ kind: "time", atMs: Number(text) });
  }

  #add(when: When): void {
    if (this.#refuse(mistakeIn(this.fault, this.#all))) return;
    try {
      const detail = scriptLine(this.fault, this.#all, when);
      this.dispatchEvent(new CustomEvent("add", { detail }));
      this.isTimed = false;
      this.mistake = null;
    } catch (thrown) {
      if (!(thrown instanceof StreamscopeError)) throw thrown;
      // The line is not in the script yet, so that its number says nothing.
      const text = thrown.message.replace(/^fault script, line \d+, column \d+: /u, "");
      this.mistake = { name: null, text };
    }
  }

  /** Says what is wrong; false where nothing is. */
  #refuse(mistake: Mistake | null): boolean {
    if (mistake === null) return false;
    this.mistake = { name: mistake.name, text: faultWordsOf(this.language).mistake(mistake) };
    return true;
  }
}

/** The phrase with its fields named: `crash broker`. */
function phraseText(of: Phrased): string {
  return partsOf(of)
    .flatMap((part) => (part.kind === "text" ? [part.text] : []))
    .join(" ");
}

customElements.define("lab-fault", LabFault);

declare global {
  interface HTMLElementTagNameMap {
    "lab-fault": LabFault;
  }
}
