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

/** Offset ranges side by side: `p0 [3, 7), p1 [0, 2)`; empty for none. */
export function describeRanges(
  ranges: readonly {
    readonly partition: number;
    readonly fromOffset: number;
    readonly untilOffset: number;
  }[],
  separator: string,
): string {
  return ranges
    .map(
      ({ partition, fromOffset, untilOffset }) => `p${partition} [${fromOffset}, ${untilOffset})`,
    )
    .join(separator);
}
