// `npm run mutations`: for each deliberate bug the first of 2,000 seeds at which an audit finds it.
// `npm run mutations -- watermark` looks at those whose name holds the word.
import { availableParallelism } from "node:os";
import { hunt } from "./mutate.ts";
import { mutations } from "./mutations.ts";

const [word = ""] = process.argv.slice(2);
const waiting = mutations.filter(({ name }) => name.includes(word));
const lost: string[] = [];

async function work(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const found = await hunt(next, "1-2000");
    if (found === null) lost.push(next.name);
    const what = found === null ? "NOT FOUND" : `seed ${found.seed}: ${found.audit}`;
    console.log(`${next.name}: ${what}${found === null ? "" : `\n    ${found.example}`}`);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
if (lost.length > 0) process.exitCode = 1;
