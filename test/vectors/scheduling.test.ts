// Goal: batches run, fail, stop and come back along a line of time as Spark's do.
// Method: Spark itself ran the programs of spark/Scheduling.scala and spark/Recovery.scala on its
// manual clock (see SchedulingRunner.scala): its listeners, what outputs saw, and what lay in the
// checkpoint directory, line by line. The same programs, by the same names, run here; a record
// takes 700 ms and nothing else takes time. Where Spark's threads race for the same time, lines are
// compared in any order.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { PlayPrograms } from "./programs/play.ts";
import { recovery } from "./programs/recovery.ts";
import { scheduling } from "./programs/scheduling.ts";
import { linesOf, type SchedulingVector } from "./timeline.ts";

const folder = fileURLToPath(new URL("spark/", import.meta.url));
const programs = new Map<string, PlayPrograms[number][1]>([scheduling, recovery].flat());
const vectors = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  // The generator's own output, in the shape above.
  .flatMap((file) => JSON.parse(readFileSync(`${folder}${file}`, "utf8")) as SchedulingVector[])
  .filter(({ kind }) => kind === "scheduling");

/** A driver that starts again makes batches on one thread and runs them on another. */
function sortedBetweenDrivers(lines: readonly string[]): readonly string[] {
  const parts: string[][] = [[]];
  for (const line of lines) {
    if (/^(crashed|stopped|restored)/.test(line)) parts.push([]);
    parts.at(-1)?.push(line);
  }
  return parts.flatMap((part) => part.toSorted());
}

/** Spark's harness looks for an error when all is quiet. */
function errorsLast(lines: readonly string[]): readonly string[] {
  const isError = (line: string): boolean => line.startsWith("awaitTermination throws");
  return [...lines.filter((line) => !isError(line)), ...lines.filter(isError)];
}

for (const vector of vectors) {
  test(vector.name, () => {
    const build = programs.get(vector.name);
    if (build === undefined) throw new Error(`no program is named ${vector.name}`);
    const isOrdered =
      vector.conf.length === 0 && !vector.steps.some(([kind]) => kind === "Restart");
    const order = isOrdered ? errorsLast : sortedBetweenDrivers;
    const lines = vector.lines.map((line) =>
      line.replace(/directory DIR$/, "directory checkpoints"),
    );
    expect(order(linesOf(vector, build))).toEqual(order(lines));
  });
}

test("every program has a vector, and every vector a program", () => {
  const named = vectors.map((vector) => vector.name);
  expect([...programs.keys()].filter((name) => !named.includes(name))).toEqual([]);
  expect(named.filter((name) => !programs.has(name))).toEqual([]);
});
