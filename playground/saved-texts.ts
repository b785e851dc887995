/** What the browser keeps between visits: the reader's own texts, and the theme. A browser that
 *  refuses storage loses nothing but the memory. */

import type { CellName } from "./recording.ts";

export type Theme = "system" | "light" | "dark";

/** The reader's text of a cell; null where it is the original's. */
export function loadText(lesson: string, cell: CellName): string | null {
  return read(`streamscope/${lesson}/${cell}`);
}

/** Null forgets the reader's text. */
export function saveText(lesson: string, cell: CellName, text: string | null): void {
  write(`streamscope/${lesson}/${cell}`, text);
}

export function loadTheme(): Theme {
  const theme = read("streamscope/theme");
  return theme === "light" || theme === "dark" ? theme : "system";
}

export function saveTheme(theme: Theme): void {
  write("streamscope/theme", theme === "system" ? null : theme);
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage is full or forbidden: the page goes on with what it has in memory.
  }
}
