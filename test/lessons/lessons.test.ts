// Goal: every lesson is whole, says the same in both languages, runs, and has an exercise that its
// start fails and its solution passes.
// Method: the folders themselves, found by number; a lesson added later is tested as it stands.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Program, WorldSpec } from "streamscope";
import { type Check, withSettings } from "streamscope/lesson";
import { describe, expect, test } from "vitest";
import { parseLessonText } from "../../playground/lessons.ts";
import { readLiveWord, readProse } from "../../playground/prose.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";
import { judge } from "./judge.ts";

const programs = import.meta.glob<Program>("../../lessons/*/{pipeline,start,solution}.ts", {
  eager: true,
  import: "default",
});
const settings = import.meta.glob<unknown>("../../lessons/*/{pipeline,start,solution}.ts", {
  eager: true,
  import: "settings",
});
const worlds = import.meta.glob<WorldSpec>("../../lessons/*/world.ts", {
  eager: true,
  import: "world",
});
const checks = import.meta.glob<Check>("../../lessons/*/check.ts", {
  eager: true,
  import: "check",
});

const folder = new URL("../../lessons/", import.meta.url);
const lessons = readdirSync(folder).filter((name) => /^\d\d-/.test(name));
const read = (lesson: string, file: string): string =>
  readFileSync(new URL(`${lesson}/${file}`, folder), "utf8");
const languages = ["en", "zh"] as const;
const views = readdirSync(new URL("../../playground/charts/", import.meta.url)).flatMap((file) => {
  const text = readFileSync(new URL(`../../playground/charts/${file}`, import.meta.url), "utf8");
  return [...(/^export const chart\b[\s\S]*?\bid: "(\w+)"/gm.exec(text)?.slice(1) ?? [])];
});

function found<T>(modules: Readonly<Record<string, T>>, lesson: string, file: string): T {
  const module = modules[`../../lessons/${lesson}/${file}.ts`];
  if (module === undefined) throw new Error(`lessons/${lesson}/${file}.ts exports nothing`);
  return module;
}

/** Targets of the links of a Markdown text, in order. */
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target);

test("lessons are numbered from 1, without a gap", () => {
  expect(lessons.length).toBeGreaterThanOrEqual(2);
  expect(lessons.map((name) => Number.parseInt(name, 10))).toEqual(
    lessons.map((_, index) => index + 1),
  );
});

describe.each(lessons)("%s", (lesson) => {
  const world = found(worlds, lesson, "world");
  const check = found(checks, lesson, "check");
  /** A program in the world as its own settings have it. */
  const answer = (file: string, base = world): { program: Program; world: WorldSpec } => ({
    program: found(programs, lesson, file),
    world: withSettings(base, settings[`../../lessons/${lesson}/${file}.ts`]),
  });
  const bodies = languages.map((language) => parseLessonText(read(lesson, `${language}.md`)));

  test("holds every file, and its start is not its solution", () => {
    const files = ["en.md", "zh.md", "world.ts", "check.ts"];
    expect(files.filter((file) => !existsSync(new URL(`${lesson}/${file}`, folder)))).toEqual([]);
    expect(read(lesson, "start.ts")).not.toBe(read(lesson, "solution.ts"));
    expect(check.task.en).not.toBe("");
    expect(check.task.zh).toMatch(/[\u4e00-\u9fff].*。$/);
  });

  test("its prose has a front matter, both cells once, and fits the time it names", () => {
    for (const { title, minutes, summary, body } of bodies) {
      expect([title, summary]).not.toContain("");
      expect(minutes).toBeGreaterThan(0);
      expect(minutes).toBeLessThanOrEqual(10);
      const cells = readProse(body).flatMap(({ kind }) => (kind === "html" ? [] : [kind]));
      expect(cells).toEqual(["cell", "exercise"]);
    }
    expect(bodies[0]?.minutes).toBe(bodies[1]?.minutes);
    const words = bodies[0]?.body.split(/\s+/).length ?? 0;
    expect(words).toBeGreaterThanOrEqual(300);
    expect(words).toBeLessThanOrEqual(450);
  });

  test("both languages follow the same links, and quote the same output", () => {
    const [en = "", zh = ""] = bodies.map(({ body }) => body);
    expect(linksOf(zh).toSorted(compareText)).toEqual(linksOf(en).toSorted(compareText));
    expect(quotesOf(zh)).toEqual(quotesOf(en));
  });

  test("its live words name what is there", () => {
    const { events, run } = runWorld(answer("pipeline"));
    expect(run.failure).toBe(null);
    const times = new Set(eventsOf(events, "batch.completed").map((event) => event.batchTimeMs));
    const partitions = eventsOf(events, "topic.created").map(({ leaders }) => leaders.length);
    for (const target of bodies.flatMap(({ body }) => linksOf(body))) {
      const word = readLiveWord(target);
      expect(word, target).not.toBe(null);
      if (word?.kind === "batch") expect(times.has(word.batchTimeMs), target).toBe(true);
      if (word?.kind === "partition") expect(word.partition).toBeLessThan(Math.max(...partitions));
      if (word?.kind === "view") expect(views).toContain(word.view);
      if (word?.kind === "stopBroker") expect(word.broker).toBeLessThanOrEqual(world.brokers ?? 1);
    }
  });

  test("the output it quotes is the output of the batch named last before it", () => {
    const { outputs } = runWorld(answer("pipeline"));
    const quotes = quotesOf(bodies[0]?.body ?? "");
    expect(quotes.length).toBeGreaterThan(0);
    for (const { batchTimeMs, line } of quotes) {
      const lines = outputs.filter(({ timeMs }) => timeMs === batchTimeMs).map((one) => one.lines);
      expect(lines.flat(), `batch ${batchTimeMs}`).toContain(line);
    }
  });

  test.each(["pipeline", "start", "solution"])("%s.ts runs to its end", (file) => {
    const { run } = runWorld(answer(file));
    expect(run.failure).toBe(null);
    expect(run.ended).toBe("input consumed");
  });

  test("the start fails the check, with a sentence in each language and a batch", () => {
    const verdict = judge(check, answer("start"));
    if (verdict.verdict !== "fail") throw new Error(`verdict: ${verdict.verdict}`);
    expect(verdict.because.en).toMatch(/\.$/);
    expect(verdict.because.zh).toMatch(/。$/);
    expect(verdict.batchTimeMs).not.toBe(null);
  });

  test("the solution passes, in a calm world and through faults", () => {
    const solution = answer("solution");
    expect(judge(check, solution)).toEqual({ verdict: "pass" });
    for (let atMs = 1007; atMs < 9000; atMs += 877) {
      const crash = { kind: "crashDriver", atMs } as const;
      const stop = { kind: "stopBroker", broker: 1, atMs, forMs: 1500 } as const;
      for (const fault of [crash, stop]) {
        const verdict = judge(check, { ...solution, faults: [fault] });
        expect(verdict, `${fault.kind} at ${atMs} ms`).toEqual({ verdict: "pass" });
      }
    }
  });

  test("its pipeline runs to its end on other seeds too", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { run } = runWorld(answer("pipeline", { ...world, seed }));
      expect([seed, run.failure, run.ended]).toEqual([seed, null, "input consumed"]);
    }
  });

  test("an empty run, and one cut short, prove nothing", () => {
    expect(check.judge({ events: [], outputs: [] }).verdict).toBe("not proved");
    const short: WorldSpec = { ...world, batches: 2 };
    expect(judge(check, answer("solution", short)).verdict).toBe("not proved");
  });

  test("a run that keeps the output of one batch to itself proves nothing", () => {
    const { events, outputs } = runWorld({ ...answer("solution"), collectOutputs: true });
    const full = eventsOf(events, "batch.completed").filter(({ records }) => records > 0);
    expect(full.length).toBeGreaterThan(3);
    for (const { batchTimeMs } of full) {
      const shown = outputs
        .filter(({ timeMs }) => timeMs !== batchTimeMs)
        .map((output) => ({ ...output, records: output.records ?? [] }));
      const { verdict } = check.judge({ events, outputs: shown });
      expect(verdict, `without batch ${batchTimeMs}`).toBe("not proved");
    }
  });
});

interface Quote {
  readonly batchTimeMs: number | null;
  readonly line: string;
}

/** Output lines such as `(spark,3)`, each with the batch linked last before it. */
function quotesOf(body: string): Quote[] {
  let batchTimeMs: number | null = null;
  const quotes: Quote[] = [];
  for (const [, batch, line] of body.matchAll(/\(#batch=(\d+)\)|`(\([^`\s]*,\d+\))`/g)) {
    if (batch !== undefined) batchTimeMs = Number(batch);
    if (line !== undefined) quotes.push({ batchTimeMs, line });
  }
  return quotes;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
