// `npm test`: the types of every realm, lint, format, then every test; ends with
// `N passed, N failed`, in which each check counts as one.
// `npm run check`: the checks alone. `npm test -- broker`: only the test files whose path says so.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { closingLine, type Totals, totalsFileVariable } from "./totals.ts";

interface Check {
  readonly name: string;
  readonly tool: string;
  readonly args: readonly string[];
  /** What makes it pass again, where a command can do that. */
  readonly remedy?: string;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const realms = ["core", "core/live", "playground", "playground/worker", "lessons", "test"];
const linted = ["core", "playground", "lessons", "test"];

const checks: readonly Check[] = [
  ...realms.map((realm) => ({ name: `types ${realm}`, tool: "tsc", args: ["-p", realm] })),
  { name: "lint", tool: "oxlint", args: ["--deny-warnings", ...linted] },
  { name: "format", tool: "oxfmt", args: ["--check"], remedy: "npm run format" },
];

/** The script of an installed tool, so that it runs the same on every platform. */
function toolPath(tool: string): string {
  const name = tool === "tsc" ? "typescript" : tool;
  const manifest = join(root, "node_modules", name, "package.json");
  const { bin } = require(manifest) as { bin: string | Record<string, string> };
  const file = typeof bin === "string" ? bin : bin[tool];
  if (file === undefined) throw new Error(`package ${name} has no command ${tool}`);
  return join(dirname(manifest), file);
}

function finish(args: readonly string[], options: { env?: NodeJS.ProcessEnv; quiet: boolean }) {
  return new Promise<{ code: number; output: string }>((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: options.quiet ? ["ignore", "pipe", "pipe"] : "inherit",
    });
    let output = "";
    child.stdout?.on("data", (text) => (output += String(text)));
    child.stderr?.on("data", (text) => (output += String(text)));
    child.on("error", (error) => resolve({ code: 1, output: `${output}${String(error)}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

async function runCheck(check: Check): Promise<boolean> {
  const startMs = performance.now();
  const { code, output } = await finish([toolPath(check.tool), ...check.args], { quiet: true });
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok    " : "failed"} ${check.name} (${seconds} s)`);
  if (code !== 0) {
    console.log(output.trimEnd());
    if (check.remedy !== undefined) console.log(`to repair: ${check.remedy}`);
  }
  return code === 0;
}

async function runChecks(): Promise<Totals> {
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  const waiting = [...checks];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      totals[(await runCheck(check)) ? "passed" : "failed"] += 1;
    }
  };
  await Promise.all([worker(), worker()]);
  return totals;
}

async function runTests(filters: readonly string[]): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), "streamscope-run-"));
  const file = join(folder, "totals.json");
  try {
    const { code } = await finish(
      [toolPath("vitest"), "run", "--config", "test/vitest.config.ts", ...filters],
      { env: { [totalsFileVariable]: file }, quiet: false },
    );
    const totals = readTotals(file);
    // However vitest says it: a run that ended badly has at least one failure.
    if (code !== 0 && totals.failed === 0) totals.failed = 1;
    return totals;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readTotals(file: string): Totals {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Totals;
  } catch {
    console.log("the test run ended before it could count; its output above says why");
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const [first, ...rest] = process.argv.slice(2);
const filters = first === undefined ? [] : [first, ...rest];
const parts: Totals[] = [];
if (first === undefined || first === "check") parts.push(await runChecks());
if (first !== "check") parts.push(await runTests(filters));

const sum = (key: keyof Totals): number => parts.reduce((total, part) => total + part[key], 0);
const totals: Totals = { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
console.log(`\n${closingLine(totals)}`);
process.exitCode = totals.failed === 0 ? 0 : 1;
