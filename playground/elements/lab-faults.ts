/** What goes wrong, and the two buttons that make it so right after the event shown. Fires `break`
 *  with the fault, `remove` with an index, and `reset`. */

import { type FaultSpec, printAction, printFault } from "streamscope";
import { css, html, LitElement, nothing } from "lit";
import type { Language } from "../lessons.ts";
import { controls } from "../styles/controls.ts";
import { formatSeconds, wordsOf } from "../text/words.ts";
import { icons } from "./icons.ts";

/** What the buttons ask for; the session adds the moment. */
export type Breakage =
  | { readonly kind: "crashDriver" }
  | { readonly kind: "stopBroker"; readonly broker: number };

export class LabFaults extends LitElement {
  static override properties = {
    faults: { attribute: false },
    brokers: { type: Number },
    language: {},
    broker: { state: true },
  };
  declare faults: readonly FaultSpec[];
  /** Brokers of the world, numbered from 1. */
  declare brokers: number;
  declare language: Language;
  declare broker: number;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: end;
        gap: 6px 8px;
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
      .joined {
        display: inline-flex;
      }
      .joined button {
        border-radius: var(--radius-small) 0 0 var(--radius-small);
        border-right: 0;
      }
      .joined select {
        padding: 0 4px;
        border-radius: 0 var(--radius-small) var(--radius-small) 0;
      }
      @media (max-width: 799px) {
        :host {
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
    this.faults = [];
    this.brokers = 1;
    this.broker = 1;
  }

  override render() {
    const words = wordsOf(this.language);
    const { broker } = this;
    return html`
      ${this.faults.map((fault, index) => this.#chip(fault, index))}
      ${
        this.faults.length > 1
          ? html`<button class="quiet" @click=${() => this.dispatchEvent(new Event("reset"))}>
              ${words.resetFaults}
            </button>`
          : nothing
      }
      <button
        class="danger"
        title=${words.crashDriverTitle}
        @click=${() => this.#break({ kind: "crashDriver" })}
      >
        ⚡ ${words.crashDriver}
      </button>
      <span class=${this.brokers > 1 ? "joined" : ""}>
        <button
          class="danger"
          title=${words.stopBrokerTitle}
          @click=${() => this.#break({ kind: "stopBroker", broker })}
        >
          ⚡ ${words.stopBroker(broker)}
        </button>
        ${this.brokers > 1 ? this.#choice() : nothing}
      </span>
    `;
  }

  #choice() {
    const brokers = Array.from({ length: this.brokers }, (_, index) => index + 1);
    const choose = ({ target }: Event): void => {
      if (target instanceof HTMLSelectElement) this.broker = Number(target.value);
    };
    return html`<select aria-label=${wordsOf(this.language).whichBroker} @change=${choose}>
      ${brokers.map(
        (broker) =>
          html`<option value=${broker} ?selected=${broker === this.broker}>${broker}</option>`,
      )}
    </select>`;
  }

  #chip(fault: FaultSpec, index: number) {
    const words = wordsOf(this.language);
    const text =
      "after" in fault
        ? printFault(fault)
        : words.faultAt(
            this.#name(fault),
            "atMs" in fault
              ? words.atTime(formatSeconds(fault.atMs))
              : words.afterEvent(fault.afterSeq + 1),
          );
    return html`<span class="chip">
      ${text}
      <button
        aria-label=${words.removeFault(text)}
        @click=${() => this.dispatchEvent(new CustomEvent("remove", { detail: index }))}
      >
        ${icons.cross}
      </button>
    </span>`;
  }

  #name(fault: FaultSpec): string {
    const words = wordsOf(this.language);
    switch (fault.kind) {
      case "crashDriver":
        return words.faultCrash;
      case "stopBroker":
        return words.faultBroker(fault.broker);
      case "loseExecutor":
        return words.faultExecutor(fault.executor);
      case "stopDriver":
        return words.faultStop;
      case "slowExecutor":
        return words.faultSlow(fault.executor, fault.speedPercent);
      case "failTasks":
        return words.faultTasks(fault.executor);
      case "fillDisk":
        return words.faultDisk(fault.executor);
      case "addPartitions":
        return words.faultPartitions(fault.topic, fault.partitions);
      case "slowCheckpoints":
        return words.faultSlowStore;
      case "fillCheckpoints":
        return words.faultFullStore;
      case "tearCheckpoint":
        return words.faultTornStore;
      case "loseMapOutput":
        return words.faultMapOutput(fault.shuffle);
      default:
        return printAction(fault);
    }
  }

  #break(breakage: Breakage): void {
    this.dispatchEvent(new CustomEvent<Breakage>("break", { detail: breakage }));
  }
}

customElements.define("lab-faults", LabFaults);

declare global {
  interface HTMLElementTagNameMap {
    "lab-faults": LabFaults;
  }
}
