/** The words of a language, and how it writes a time. */

import type { Language } from "../lessons.ts";
import { en, type Words } from "./en.ts";
import { zh } from "./zh.ts";

export function wordsOf(language: Language): Words {
  return language === "zh" ? zh : en;
}

/** Virtual milliseconds as seconds: `3 s`, `3.25 s`. The same in every language. */
export function formatSeconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
