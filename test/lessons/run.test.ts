// Goal: the lessons can be listed, run and judged in a terminal.
// Method: the command as a process.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../kit/source-text.ts";

function lesson(...args: string[]): { status: number | null; out: string; err: string } {
  const command = ["--import", "tsx", "lessons/run.ts", ...args];
  const done = spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

test("without a number the lessons are listed by title", () => {
  const { status, out } = lesson();
  expect(status).toBe(0);
  expect(out).toContain("01-word-count       First batch: word count\n");
});

test("a number runs the lesson, with the options of streamscope run", () => {
  const { status, out } = lesson("1", "--batches", "1");
  expect(status).toBe(0);
  expect(out).toContain("(spark,2)");
  expect(out).not.toContain("Time: 2000 ms");
});

test.each([
  ["start", 1, "fail: No page ever leaves the state"],
  ["solution", 0, "pass"],
])("--check judges an answer: %s", (file, status, text) => {
  const path = join("lessons", "02-clickstream", `${file}.ts`);
  const judged = lesson("2", "--check", path);
  expect([judged.status, judged.out.slice(0, text.length)]).toEqual([status, text]);
});

test("an unknown number is told the known ones", () => {
  const { status, err } = lesson("99");
  expect(status).toBe(2);
  expect(err).toContain('there is no lesson "99"; known lessons: 01-word-count, 02-clickstream');
});
