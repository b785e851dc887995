/** Where the reader is, as the part of the address after `#`:
 *    #/learn/01-word-count?at=318&lang=zh&view=lineage
 *    #/learn/01-word-count?lang=en&faults=at+3200+crash+driver */

import type { Language } from "./lessons.ts";

export interface Address {
  readonly lesson: string;
  /** The `seq` of the event shown last; -1 before the first. */
  readonly at: number;
  readonly language: Language;
  /** The view on the stage; null for the overview. */
  readonly view: string | null;
  /** The fault script of the run; null for the one that the lesson's world comes with. */
  readonly faults: string | null;
}

/** Reads an address; what it does not say comes from `fallback`. */
export function parseAddress(hash: string, fallback: Address): Address {
  const match = /^#\/learn\/([\w-]+)(?:\?(.*))?$/.exec(hash);
  if (match === null) return fallback;
  const query = new URLSearchParams(match[2] ?? "");
  const at = Number(query.get("at") ?? -1);
  const language = query.get("lang");
  return {
    lesson: match[1] ?? fallback.lesson,
    at: Number.isSafeInteger(at) ? at : -1,
    language: language === "zh" || language === "en" ? language : fallback.language,
    view: query.get("view"),
    faults: query.get("faults"),
  };
}

/** The shortest address that says it; the inverse of `parseAddress`. */
export function formatAddress({ lesson, at, language, view, faults }: Address): string {
  const query = new URLSearchParams();
  if (at >= 0) query.set("at", String(at));
  query.set("lang", language);
  if (view !== null) query.set("view", view);
  if (faults !== null) query.set("faults", faults.trim());
  return `#/learn/${lesson}?${query}`;
}
