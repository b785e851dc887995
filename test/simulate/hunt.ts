// Runs seeds on the engine in a folder until an audit breaks: `hunt.ts FOLDER 1-2000`. Prints what
// was found as JSON, or null.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { chooseScenario } from "../../core/simulate/choose.ts";
import type { judge } from "../../core/simulate/judge.ts";

interface Engine {
  readonly chooseScenario: typeof chooseScenario;
  readonly judge: typeof judge;
}

const [folder = "", range = ""] = process.argv.slice(2);
const [from = 1, to = from] = range.split("-").map(Number);
const load = async (file: string): Promise<Engine> =>
  // The copy has the same exports as the original.
  (await import(pathToFileURL(join(folder, "core/simulate", file)).href)) as Engine;
const engine = {
  chooseScenario: (await load("choose.ts")).chooseScenario,
  judge: (await load("judge.ts")).judge,
};

function found(): unknown {
  for (let seed = from; seed <= to; seed += 1) {
    const [broken] = engine.judge(engine.chooseScenario(seed)).broken;
    if (broken !== undefined) return { seed, ...broken };
  }
  return null;
}

process.stdout.write(JSON.stringify(found()));
