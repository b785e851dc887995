// Goal: programs that nobody thought of give here what they give on Spark.
// Method: a thousand pipelines are drawn from seeds (random/generate.ts). Spark ran each, batch by
// batch on the manual clock, and random/hashes.txt holds a hash of what each batch gave: records by
// partition and in their order, printed text, number of jobs, tasks of each stage. The same
// pipelines run here and must hash alike. A difference shows the program, what came out here and,
// for the first fifty, what Spark gave; for any seed `npm run vectors -- random 17` shows that.
import { expect, test } from "vitest";
import { hashLine, programsCount, readHashes, readWhole, wholeCount } from "./random/answers.ts";
import { describe } from "./random/describe.ts";
import { programOf } from "./random/generate.ts";
import { answerHere } from "./random/on-our-engine.ts";
import type { RandomProgram } from "./random/program.ts";

const perTest = 100;
const hashes = readHashes();
const whole = readWhole();

/** Our answer beside Spark's, as a text; null when they are the same. */
function differenceOf(program: RandomProgram): string | null {
  const { seed } = program;
  const remedy = `npm run vectors -- random ${seed} asks Spark`;
  try {
    const ours = answerHere(program);
    const [, fingerprint, ...expected] = hashes.get(seed)?.split(" ") ?? [];
    const [, here, ...given] = hashLine(program, ours).split(" ");
    if (fingerprint !== here)
      return `seed ${seed} draws another program; npm run vectors -- random`;
    const index = given.findIndex((hash, at) => hash !== expected[at]);
    if (index === -1 && given.length === expected.length) return null;
    const theirs = whole.get(seed)?.batches[index] ?? remedy;
    return [describe(program), "ours:", ours[index], "Spark:", theirs]
      .map((part) => (typeof part === "string" ? part : JSON.stringify(part)))
      .join("\n");
  } catch (thrown) {
    return `${describe(program)}\nfails here: ${String(thrown)}\n${remedy}`;
  }
}

for (let first = 1; first <= programsCount; first += perTest) {
  test(`random programs ${first} to ${first + perTest - 1} give what they give on Spark`, () => {
    const differences: string[] = [];
    for (let seed = first; seed < first + perTest; seed += 1) {
      const difference = differenceOf(programOf(seed));
      if (difference !== null) differences.push(difference);
    }
    expect(differences).toEqual([]);
  });
}

test("every seed has an answer, and the first ones a whole one", () => {
  expect(hashes.size).toBe(programsCount);
  expect(whole.size).toBe(wholeCount);
  for (const [seed, { batches }] of whole) {
    expect(hashLine(programOf(seed), batches)).toBe(hashes.get(seed));
  }
});
