/** The lessons the page offers, found by folder: `../lessons/NN-slug/`. */

import type { WorldSpec } from "streamscope";
import { worldScript } from "./fault-script.ts";

export type Language = "en" | "zh";

/** What the front matter of a lesson's prose says, and the prose itself. */
export interface LessonText {
  readonly title: string;
  readonly minutes: number;
  readonly summary: string;
  /** Markdown after the front matter. */
  readonly body: string;
}

export interface Lesson {
  /** The folder: `01-word-count`. */
  readonly id: string;
  /** The number in front of it: 1. */
  readonly number: number;
  readonly text: Readonly<Record<Language, LessonText>>;
  readonly pipeline: string;
  readonly start: string;
  readonly solution: string;
  readonly task: Readonly<Record<Language, string>>;
  readonly world: WorldSpec;
  /** The fault script that its world comes with. */
  readonly faults: string;
}

const texts = import.meta.glob<string>("../lessons/*/{pipeline,start,solution}.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});
const prose = import.meta.glob<string>("../lessons/*/{en,zh}.md", {
  query: "?raw",
  import: "default",
  eager: true,
});
const checks = import.meta.glob<{ readonly task: Lesson["task"] }>("../lessons/*/check.ts", {
  import: "check",
  eager: true,
});

const worlds = import.meta.glob<WorldSpec>("../lessons/*/world.ts", {
  import: "world",
  eager: true,
});

/** All lessons, by number. */
export const lessons: readonly Lesson[] = Object.keys(prose)
  .filter((path) => path.endsWith("/en.md"))
  .map((path) => readLesson(path.slice("../lessons/".length, -"/en.md".length)))
  .toSorted((a, b) => a.number - b.number);

/** The lesson with that folder name, or the first one. */
export function findLesson(id: string): Lesson {
  const lesson = lessons.find((one) => one.id === id) ?? lessons[0];
  if (lesson === undefined) throw new Error("the page was built without lessons");
  return lesson;
}

function readLesson(id: string): Lesson {
  const file = (name: string): string => texts[`../lessons/${id}/${name}.ts`] ?? "";
  const language = (name: Language): LessonText => {
    return parseLessonText(prose[`../lessons/${id}/${name}.md`] ?? "");
  };
  const world = worlds[`../lessons/${id}/world.ts`] ?? {};
  return {
    id,
    number: Number.parseInt(id, 10),
    text: { en: language("en"), zh: language("zh") },
    pipeline: file("pipeline"),
    start: file("start"),
    solution: file("solution"),
    world,
    faults: worldScript(world.faults),
    task: checks[`../lessons/${id}/check.ts`]?.task ?? { en: "", zh: "" },
  };
}

/** Shape: `---`, lines `name: value`, `---`, Markdown -> the fields and the Markdown. */
export function parseLessonText(source: string): LessonText {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(source);
  const fields = new Map<string, string>();
  for (const line of match?.[1]?.split(/\r?\n/) ?? []) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon).trim(), unquote(line.slice(colon + 1).trim()));
  }
  return {
    title: fields.get("title") ?? "",
    minutes: Number(fields.get("minutes") ?? 0),
    summary: fields.get("summary") ?? "",
    body: source.slice(match?.[0].length ?? 0),
  };
}

function unquote(text: string): string {
  return /^"(.*)"$/.exec(text)?.[1] ?? text;
}
