/** What the pictures share: building elements, the colour and glyph of a partition, batch numbers,
 *  tips that a keyboard can open, and Plot's drawings made fit for screen readers. */

import type { Snapshot } from "streamscope";
import type { ChartInput, Selection } from "./chart.ts";

type Child = Node | string | null;

/** An HTML element with attributes and children; null leaves a child out. */
export function html(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

const glyphs = ["●", "■", "▲", "◆", "★", "✚"] as const;

/** A partition keeps its glyph everywhere; the seventh has that of the first. */
export function partitionGlyph(partition: number): string {
  return glyphs[partition % glyphs.length] ?? glyphs[0];
}

export function partitionColour(partition: number): string {
  return `var(--partition-${partition % glyphs.length})`;
}

/** The quiet form of a partition's colour, for what is not selected. */
export function partitionSoft(partition: number): string {
  return `var(--partition-${partition % glyphs.length}-soft)`;
}

/** 1 for the first batch of the application. */
export function batchNumber(snapshot: Snapshot, batchTimeMs: number): number {
  const intervalMs = snapshot.run?.batchIntervalMs ?? 1000;
  return (batchTimeMs - (snapshot.driver?.zeroTimeMs ?? 0)) / intervalMs;
}

/** `4 s`, `0.25 s`. */
export function secondsText(ms: number): string {
  return `${ms / 1000} s`;
}

/** The batch the pictures are about: the selected one, else the newest that is under way. */
export function batchInView({
  snapshot,
  selection,
}: ChartInput): Snapshot["batches"][number] | null {
  const { batches } = snapshot;
  if (selection.batchTimeMs !== null) {
    const selected = batches.find((one) => one.batchTimeMs === selection.batchTimeMs);
    if (selected !== undefined) return selected;
  }
  return (
    batches.findLast(({ status }) => status === "running" || status === "completed") ??
    batches.at(-1) ??
    null
  );
}

/** A drawing of Plot's with a name, and roles where Plot leaves groups without one. */
export function accessible(svg: Element, label: string): Element {
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", label);
  for (const group of svg.querySelectorAll("g[aria-label]")) {
    const isEmpty = group.querySelector("[tabindex]") === null;
    group.setAttribute("role", isEmpty ? "presentation" : "group");
    if (isEmpty) {
      group.removeAttribute("aria-label");
      group.setAttribute("aria-hidden", "true");
    }
  }
  return svg;
}

/** The elements of one mark of a plot, by its class, with the rows they stand for. */
export function markElements<Row>(
  plot: Element,
  markName: string,
  rows: readonly Row[],
): readonly { readonly element: SVGElement; readonly row: Row }[] {
  const group = plot.querySelector(`g.mark-${markName}`);
  const elements = [...(group?.children ?? [])].filter((one) => one instanceof SVGElement);
  return elements.flatMap((element, index) => {
    const row = rows[index];
    return row === undefined ? [] : [{ element, row }];
  });
}

export interface Pressable {
  readonly element: Element;
  /** The same in every drawing of the same thing, so that focus survives a redraw. */
  readonly id: string;
  readonly label: string;
  /** Whether it has its own stop among the tab stops of its picture. */
  readonly isTabStop: boolean;
  readonly isSelected: boolean;
  readonly press: () => void;
}

/** Makes elements buttons: click, Enter and Space press; arrow keys walk them in order. */
export function makePressable(items: readonly Pressable[]): void {
  for (const [index, { element, id, label, isTabStop, isSelected, press }] of items.entries()) {
    element.setAttribute("role", "button");
    element.setAttribute("tabindex", isTabStop ? "0" : "-1");
    element.setAttribute("aria-label", label);
    element.setAttribute("aria-pressed", String(isSelected));
    element.setAttribute("data-focus", id);
    element.classList.add("pressable");
    element.addEventListener("click", () => pressAndKeepFocus(element, id, press));
    element.addEventListener("keydown", (event) => {
      if (!(event instanceof KeyboardEvent)) return;
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key] ?? 0;
      const isPress = event.key === "Enter" || event.key === " ";
      if (step === 0 && !isPress) return;
      // The page's own keys step the run; here they belong to the picture.
      event.preventDefault();
      event.stopPropagation();
      if (isPress) pressAndKeepFocus(element, id, press);
      else focusOn(items[index + step]?.element);
    });
  }
}

/** A press redraws the picture; focus goes to the new drawing of the same thing. */
function pressAndKeepFocus(element: Element, id: string, press: () => void): void {
  const root = element.getRootNode();
  press();
  requestAnimationFrame(() => {
    if (root instanceof Document || root instanceof ShadowRoot) {
      focusOn(root.querySelector(`[data-focus="${CSS.escape(id)}"]`) ?? undefined);
    }
  });
}

function focusOn(element: Element | undefined): void {
  if (element instanceof HTMLElement || element instanceof SVGElement) element.focus();
}

export interface Tip {
  readonly element: Element;
  readonly lines: readonly string[];
}

/** Shows lines beside what the pointer is over or the keyboard is on; Escape hides them, and they
 *  stay while the pointer is on them. */
export function withTips(figure: HTMLElement, tips: readonly Tip[]): HTMLElement {
  const tip = html("div", { class: "tip", role: "tooltip", hidden: "" });
  const hide = (): void => tip.setAttribute("hidden", "");
  const show = ({ element, lines }: Tip): void => {
    const [first = "", ...others] = lines;
    tip.replaceChildren(html("b", {}, first), ...others.map((line) => html("span", {}, line)));
    tip.removeAttribute("hidden");
    const frame = figure.getBoundingClientRect();
    const place = element.getBoundingClientRect();
    const left = place.left - frame.left + place.width / 2 - tip.offsetWidth / 2;
    const leftMax = Math.max(0, frame.width - tip.offsetWidth);
    tip.style.left = `${Math.max(0, Math.min(left, leftMax))}px`;
    const above = place.top - frame.top - tip.offsetHeight - 4;
    tip.style.top = `${above >= 0 ? above : place.bottom - frame.top + 4}px`;
  };
  for (const one of tips) {
    one.element.addEventListener("pointerenter", () => show(one));
    one.element.addEventListener("focus", () => show(one));
    one.element.addEventListener("blur", hide);
  }
  figure.addEventListener("pointerleave", hide);
  figure.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  figure.append(tip);
  return figure;
}

/** The selection with another batch; what was selected inside the old one is let go. */
export function selectBatch(selection: Selection, batchTimeMs: number): Selection {
  if (selection.batchTimeMs === batchTimeMs) return selection;
  return { batchTimeMs, partition: selection.partition, record: null };
}

/** A sentence in place of a picture. */
export function emptyState(sentence: string): HTMLElement {
  return html("p", { class: "chart-empty" }, sentence);
}

/** `1 record`, `2 records`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
