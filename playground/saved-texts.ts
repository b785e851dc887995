/** What the browser keeps between visits: the reader's own texts, and the theme. A browser that
 *  refuses storage loses nothing but the memory. */

import type { Lesson } from "./lessons.ts";
import type { CellName } from "./recording.ts";

/** What stands in the cells of a lesson. */
export type Texts = Readonly<Record<CellName, string>>;

export type Theme = "system" | "light" | "dark";

/** The text a cell starts from. */
export function originalText(lesson: Lesson, cell: CellName): string {
  return cell === "pipeline" ? lesson.pipeline : lesson.start;
}

/** The reader's texts; the original where there is none. */
export function loadTexts(lesson: Lesson): Texts {
  const load = (cell: CellName): string => read(keyOf(lesson, cell)) ?? originalText(lesson, cell);
  return { pipeline: load("pipeline"), exercise: load("exercise") };
}

/** Keeps the reader's texts, and forgets those that are the original again. */
export function saveTexts(lesson: Lesson, texts: Texts): void {
  for (const cell of ["pipeline", "exercise"] as const) {
    const text = texts[cell];
    write(keyOf(lesson, cell), text === originalText(lesson, cell) ? null : text);
  }
}

function keyOf({ id }: Lesson, cell: CellName): string {
  return `streamscope/${id}/${cell}`;
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
