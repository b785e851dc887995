/** The text of a cell, editable: TypeScript colours, line numbers, the line an error is on, and the
 *  lines at work in the moment shown. Fires `edit` with the text, and `run`. */

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { css, html, LitElement, type PropertyValues } from "lit";
import { controls } from "../styles/controls.ts";
import type { Problem } from "../worker/messages.ts";
import { editorTheme } from "./editor-theme.ts";

const setActiveLines = StateEffect.define<readonly number[]>();
const activeLine = Decoration.line({ class: "cm-at-work" });

/** The lines of the DStreams at work; typing moves them with the text. */
const activeLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, transaction) {
    let next = lines.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setActiveLines)) continue;
      const { doc } = transaction.state;
      const inside = effect.value.filter((line) => line >= 1 && line <= doc.lines);
      const starts = inside.map((line) => doc.line(line).from).toSorted((a, b) => a - b);
      next = Decoration.set(starts.map((start) => activeLine.range(start)));
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export class LabEditor extends LitElement {
  static override properties = {
    value: {},
    label: {},
    hint: {},
    problem: { attribute: false },
    isPlain: { attribute: false },
    lines: { attribute: false },
  };
  declare value: string;
  declare label: string;
  declare hint: string;
  declare problem: Problem | null;
  declare lines: readonly number[];
  /** No program: without the colours and habits of code. */
  declare isPlain: boolean;
  #view: EditorView | null = null;

  static override styles = [
    controls,
    css`
      .cm-editor {
        background: transparent;
        font-size: 13px;
      }
      .frame:focus {
        outline: none;
      }
    `,
  ];

  constructor() {
    super();
    this.value = "";
    this.label = "";
    this.hint = "";
    this.problem = null;
    this.lines = [];
    this.isPlain = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#view?.destroy();
    this.#view = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated && this.#view === null) this.#open();
  }

  protected override firstUpdated(): void {
    this.#open();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const view = this.#view;
    if (view === null) return;
    if (this.value !== view.state.doc.toString()) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: this.value } });
    }
    if (changed.has("lines")) view.dispatch({ effects: setActiveLines.of(this.lines) });
    if (changed.has("problem")) this.#showProblem(view);
    if (changed.has("label")) view.contentDOM.setAttribute("aria-label", this.label);
    if (changed.has("hint")) view.contentDOM.setAttribute("aria-description", this.hint);
  }

  /** Puts the cursor where the problem is. */
  goToProblem(): void {
    const view = this.#view;
    if (view === null || this.problem === null) return;
    const { from } = findProblem(view.state, this.problem);
    view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    view.focus();
  }

  override render() {
    return html`<div class="frame" tabindex="-1"></div>`;
  }

  #open(): void {
    const parent = this.renderRoot.querySelector<HTMLElement>(".frame");
    if (parent === null || !(this.renderRoot instanceof ShadowRoot)) return;
    const state = EditorState.create({ doc: this.value, extensions: this.#extensions(parent) });
    this.#view = new EditorView({ state, parent, root: this.renderRoot });
    this.#view.dispatch({ effects: setActiveLines.of(this.lines) });
    this.#showProblem(this.#view);
  }

  #extensions(frame: HTMLElement): Extension[] {
    const leave = (): boolean => {
      frame.focus();
      return true;
    };
    const run = (): boolean => {
      this.dispatchEvent(new Event("run", { bubbles: true, composed: true }));
      return true;
    };
    return [
      keymap.of([
        { key: "Mod-Enter", run },
        { key: "Escape", run: leave },
        // A script has no indents: there the key goes on to the next control, as everywhere.
        ...(this.isPlain ? [] : [indentWithTab]),
        ...historyKeymap,
        ...defaultKeymap,
      ]),
      lineNumbers(),
      history(),
      ...(this.isPlain
        ? [EditorView.lineWrapping]
        : [javascript({ typescript: true }), bracketMatching(), indentOnInput()]),
      lintGutter(),
      activeLines,
      editorTheme,
      // tabindex is the default of editable content, said aloud for tools that look for it.
      EditorView.contentAttributes.of({
        "aria-label": this.label,
        "aria-description": this.hint,
        tabindex: "0",
      }),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        const text = update.state.doc.toString();
        if (text === this.value) return;
        this.value = text;
        this.dispatchEvent(new CustomEvent("edit", { detail: text }));
      }),
    ];
  }

  #showProblem(view: EditorView): void {
    const diagnostics = this.problem === null ? [] : [findProblem(view.state, this.problem)];
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }
}

/** The range of a problem: the word at its line and column; the start of the text without them. */
function findProblem(state: EditorState, problem: Problem): Diagnostic {
  const { line, column } = problem.place;
  const { message } = problem;
  if (line === undefined || line < 1 || line > state.doc.lines) {
    return { from: 0, to: 0, severity: "error", message };
  }
  const { from: start, to: end } = state.doc.line(line);
  const from = Math.min(start + Math.max(0, (column ?? 1) - 1), end);
  const word = state.wordAt(from);
  return { from, to: Math.max(from, Math.min(word?.to ?? end, end)), severity: "error", message };
}

customElements.define("lab-editor", LabEditor);

declare global {
  interface HTMLElementTagNameMap {
    "lab-editor": LabEditor;
  }
}
