/** One fault of the palette: its phrase with places for values, what one should see, and the two
 *  ways to use it, now and at a moment. Fires `add` with a line of the fault script. */

import { StreamscopeError, type FaultField } from "streamscope";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import {
  type Breakable,
  defaultsOf,
  moments,
  type PaletteFault,
  partsOf,
  type Phrased,
  scriptLine,
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
  declare mistake: string;

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
    this.mistake = "";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("values") || changed.has("momentValues")) this.mistake = "";
  }

  override render() {
    const words = faultWordsOf(this.language);
    const { name, shows } = words.faultOf(this.fault);
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
                  ${this.#field("forMs", this.fault.fields["forMs"], this.#all, change)} ms</span
                >`
              : nothing
          }
        </span>
      </div>
      <p>${words.expect} ${shows}</p>
      <div class="acts">
        <button
          class="danger"
          title=${words.nowTitle}
          @click=${() => this.#add({ kind: "now", seq: this.seq })}
        >
          ⚡ ${words.now}
        </button>
        <button
          aria-expanded=${this.isTimed}
          title=${words.atTitle}
          @click=${() => (this.isTimed = !this.isTimed)}
        >
          ${words.at}
        </button>
      </div>
      ${this.isTimed ? this.#when() : nothing}
      ${this.mistake === "" ? nothing : html`<p class="mistake" role="alert">${this.mistake}</p>`}
    `;
  }

  get #all(): Values {
    return { ...defaultsOf(this.fault, this.world), ...this.values };
  }

  get #momentAll(): Values {
    const of = moments[this.moment];
    return of === undefined ? {} : { ...defaultsOf(of, this.world), ...this.momentValues };
  }

  #phrase(of: Phrased, values: Values, change: (values: Values) => void) {
    return partsOf(of).map((part) =>
      part.kind === "text"
        ? html`<span class=${/^[,:%-]/u.test(part.text) ? "tight" : ""}>${part.text}</span>`
        : this.#field(part.name, part.field, values, change),
    );
  }

  #field(
    name: string,
    field: FaultField | undefined,
    values: Values,
    change: (values: Values) => void,
  ) {
    if (field === undefined) return nothing;
    const words = faultWordsOf(this.language);
    const label = words.fieldOf(name) + (field.optional === true ? ` ${words.optional}` : "");
    const value = values[name] ?? "";
    const put = ({ target }: Event): void => {
      if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) {
        change({ ...values, [name]: target.value });
      }
    };
    const choices = this.#choicesOf(field);
    if (choices !== null) {
      const all = field.optional === true ? [["", "—"] as const, ...choices] : choices;
      return html`<select aria-label=${label} @change=${put}>
        ${all.map(
          ([of, text]) => html`<option value=${of} ?selected=${of === value}>${text}</option>`,
        )}
      </select>`;
    }
    return html`<input
      aria-label=${label}
      title=${label}
      inputmode=${field.type === "whole" ? "numeric" : "text"}
      placeholder=${field.optional === true ? "—" : ""}
      .value=${value}
      @input=${put}
    />`;
  }

  /** Values with their texts; null for a field that is typed in. */
  #choicesOf(field: FaultField): readonly (readonly [string, string])[] | null {
    const { brokers, executors, topics, producers, consumers } = this.world;
    const named = (names: readonly string[]) =>
      names.length === 0 ? null : names.map((name) => [name, name] as const);
    const upTo = (count: number) =>
      Array.from({ length: count }, (_, index) => [String(index + 1), String(index + 1)] as const);
    switch (field.type) {
      case "broker":
        return upTo(brokers);
      case "executor":
        return upTo(executors);
      case "topic":
        return named(topics.map(({ topic }) => topic));
      case "producer":
        return named(producers);
      case "consumer":
        return named(consumers);
      case "choice":
        return field.choices.map((choice) => [choice, choice] as const);
      case "flag":
        return [
          ["true", field.yes],
          ["false", field.no],
        ];
      case "node":
        return [...upTo(brokers), ["controller", "controller"], ["clients", "clients"]];
      default:
        return null;
    }
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
          inputmode="numeric"
          .value=${this.time === "" ? String(this.atMs) : this.time}
          @input=${put((value) => (this.time = value))}
        />
        <span>ms</span>`;
    }
    if (this.timing === "event") {
      return html`<input
        aria-label=${words.timing.event}
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
      const seq = Number(this.event === "" ? Math.max(0, this.seq) : this.event);
      return this.#add({ kind: "event", seq });
    }
    if (this.timing === "moment" && of !== undefined) {
      return this.#add({ kind: "moment", moment: of, values: this.#momentAll });
    }
    this.#add({ kind: "time", atMs: Number(this.time === "" ? this.atMs : this.time) });
  }

  #add(when: When): void {
    try {
      const detail = scriptLine(this.fault, this.#all, when);
      this.dispatchEvent(new CustomEvent("add", { detail }));
      this.isTimed = false;
      this.mistake = "";
    } catch (thrown) {
      if (!(thrown instanceof StreamscopeError)) throw thrown;
      // The line is not in the script yet, so that its number says nothing.
      this.mistake = thrown.message.replace(/^fault script, line \d+, column \d+: /u, "");
    }
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
