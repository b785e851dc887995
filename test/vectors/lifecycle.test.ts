// Goal: a context is started, stopped and awaited, in its order and out of it, as Spark's is.
// Method: Spark itself ran the programs of spark/Lifecycle.scala (see make.ts): what each step
// gave, or its message. The same programs, by the same names, run here.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Run } from "streamscope";
import { expect, test } from "vitest";
import { lifecycle, type LifecycleSteps } from "./programs/lifecycle.ts";

interface LifecycleVector {
  readonly name: string;
  readonly lines: readonly string[];
}

const path = fileURLToPath(new URL("spark/lifecycle.json", import.meta.url));
// The generator's own output, in the shape above.
const vectors = JSON.parse(readFileSync(path, "utf8")) as LifecycleVector[];
const programs = new Map(lifecycle);

function lineOf(step: () => unknown): string {
  try {
    const given = step();
    return given === undefined ? "done" : String(given);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    // Ours names the place before the message of what was thrown.
    return message.replace(/^Error (running|generating).*: /, "").split("\n")[0] ?? "";
  }
}

function linesOf(steps: LifecycleSteps): string[] {
  let lines: string[] = [];
  const run = new Run({
    program: (ssc) => {
      lines = steps(ssc, ssc.queueStream([[1], [2], [3]])).map(lineOf);
    },
    world: { untilMs: 5000 },
  });
  run.runToEnd();
  return lines;
}

for (const { name, lines } of vectors) {
  test(name, () => {
    const steps = programs.get(name);
    if (steps === undefined) throw new Error(`no program is named ${name}`);
    expect(linesOf(steps)).toEqual(lines);
  });
}

test("every program has a vector", () => {
  expect([...programs.keys()].toSorted()).toEqual(vectors.map(({ name }) => name).toSorted());
});
