/** What a key press means on the page. Single characters act only while nothing is being typed and
 *  the notebook does not have the focus, so that speech input cannot fire them by accident. */

import { type Granularity, granularities } from "./session.ts";

export type KeyCommand =
  | { readonly kind: "play" | "start" | "end" | "save" | "run" | "help" | "faults" }
  | { readonly kind: "step"; readonly direction: 1 | -1; readonly granularity: Granularity | null }
  | { readonly kind: "granularity"; readonly granularity: Granularity };

/** Where the key was pressed, from the inside out. */
export interface KeyPlace {
  /** In text that can be typed into. */
  readonly isTyping: boolean;
  /** On something that Space presses or opens. */
  readonly isOnControl: boolean;
  readonly isInNotebook: boolean;
}

/** Null for a key that means nothing here. */
export function readKey(event: KeyboardEvent, place: KeyPlace): KeyCommand | null {
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && event.key.toLowerCase() === "s") return { kind: "save" };
  if (isCommand && event.key === "Enter" && !place.isTyping) return { kind: "run" };
  if (isCommand || event.altKey || place.isTyping) return null;
  switch (event.key) {
    case " ":
      return place.isOnControl ? null : { kind: "play" };
    case "ArrowRight":
    case "ArrowLeft":
      return {
        kind: "step",
        direction: event.key === "ArrowRight" ? 1 : -1,
        granularity: event.shiftKey ? "batch" : null,
      };
    case "Home":
      return { kind: "start" };
    case "End":
      return { kind: "end" };
  }
  return place.isInNotebook ? null : readCharacter(event.key);
}

function readCharacter(key: string): KeyCommand | null {
  if (key === "?") return { kind: "help" };
  if (key === "f") return { kind: "faults" };
  const granularity = /^[1-4]$/.test(key) ? granularities[Number(key) - 1] : undefined;
  return granularity === undefined ? null : { kind: "granularity", granularity };
}

/** Shape: a key press -> where it was, through all shadow roots. */
export function placeOf(event: KeyboardEvent): KeyPlace {
  const path = event.composedPath().filter((target) => target instanceof Element);
  const [target] = path;
  const isSlider = target instanceof HTMLInputElement && target.type === "range";
  return {
    isTyping:
      (target instanceof HTMLElement && target.isContentEditable) ||
      target instanceof HTMLSelectElement ||
      (target instanceof HTMLInputElement && !isSlider),
    isOnControl: path.some((element) => element.matches("button, a, summary")),
    isInNotebook: path.some((element) => element.localName === "lab-notebook"),
  };
}
