/** Asks TypeScript about the person's own files before they run, so that a mistake is told with its
 *  place instead of showing up in the middle of a batch. */

import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LiveError } from "../../base/errors.ts";

/** The folder of this package. */
export const packageRoot = fileURLToPath(new URL("../../../", import.meta.url));

interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: number;
  readonly message: string;
}

const shownMax = 3;
/** TS1xxx are the parser's. */
const isSyntax = (code: number): boolean => code >= 1000 && code < 2000;

/** Does nothing where TypeScript is not installed: the pipeline still runs, unchecked. It works in
 *  a process of its own, so whoever waits may load what the pipeline needs meanwhile.
 *  Rejects: LiveError PIPELINE_SYNTAX or PIPELINE_TYPE with the first diagnostics. */
export async function checkTypes(files: readonly string[]): Promise<void> {
  const compiler = await findCompiler();
  if (compiler === null) return;
  const { folder, memory } = workFolder();
  const remembered = join(folder, "tsconfig.tsbuildinfo");
  try {
    if (memory !== null && existsSync(memory)) copyFileSync(memory, remembered);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configOf(files, folder)));
    const output = await outputOf([...compiler, "-p", folder, "--pretty", "false"], folder);
    if (memory !== null && existsSync(remembered)) renameSync(remembered, memory);
    report(parseDiagnostics(output, folder).filter(({ file }) => isOwn(file)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder for one check, and the file in which TypeScript remembers what it knows of the engine
 *  from check to check (two thirds of its time); null where this package cannot be written to.
 *  The paths in that file are relative, so it lies as deep as its copies. Each check works on a
 *  copy and puts it back whole: several may go on at once. */
function workFolder(): { readonly folder: string; readonly memory: string | null } {
  const cache = join(packageRoot, "node_modules", ".cache", "streamscope");
  try {
    mkdirSync(join(cache, "known"), { recursive: true });
    const folder = mkdtempSync(join(cache, "check-"));
    return { folder, memory: join(cache, "known", "tsconfig.tsbuildinfo") };
  } catch {
    return { folder: mkdtempSync(join(tmpdir(), "streamscope-check-")), memory: null };
  }
}

/** The command that compiles; null where there is none. */
async function findCompiler(): Promise<readonly string[] | null> {
  try {
    const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
    const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin?: { tsc?: string } };
    if (bin?.tsc === undefined) return null;
    const folder = dirname(manifest);
    const native = await nativeCompiler(folder);
    return native === null ? [process.execPath, join(folder, bin.tsc)] : [native];
  } catch {
    return null;
  }
}

/** The program that TypeScript's `tsc` starts, where it is one that starts another: asking it
 *  ourselves spares a Node in between. */
async function nativeCompiler(folder: string): Promise<string | null> {
  try {
    const finder = pathToFileURL(join(folder, "lib", "getExePath.js")).href;
    const { default: find } = (await import(finder)) as { readonly default: () => string };
    const path: unknown = find();
    return typeof path === "string" && existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** What a command prints; nothing when it cannot be started. */
function outputOf([command = "", ...args]: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolved) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "ignore"] });
    let output = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (text: string) => {
      output += text;
    });
    child.on("error", () => resolved(output));
    child.on("close", () => resolved(output));
  });
}

function configOf(files: readonly string[], folder: string): object {
  const types = join(packageRoot, "node_modules", "@types");
  const hasNodeTypes = existsSync(join(types, "node"));
  // Without Node's types there is still a console to print to.
  const shim = join(folder, "console.d.ts");
  if (!hasNodeTypes) {
    const method = "(...values: unknown[]): void";
    writeFileSync(shim, `declare const console: { log${method}; error${method} };\n`);
  }
  return {
    compilerOptions: {
      target: "ES2023",
      lib: ["ES2023"],
      types: hasNodeTypes ? ["node"] : [],
      typeRoots: [types],
      module: "nodenext",
      moduleResolution: "nodenext",
      moduleDetection: "force",
      resolveJsonModule: true,
      allowImportingTsExtensions: true,
      allowJs: true,
      noEmit: true,
      incremental: true,
      skipLibCheck: true,
      strict: true,
      paths: {
        streamscope: [join(packageRoot, "core", "index.ts")],
        "streamscope/lesson": [join(packageRoot, "lessons", "lesson.ts")],
      },
    },
    files: [...files.map((file) => resolve(file)), ...(hasNodeTypes ? [] : [shim])],
  };
}

function parseDiagnostics(output: string, folder: string): readonly Diagnostic[] {
  return output.split("\n").flatMap((line) => {
    const match = /^(.+?)\((\d+),(\d+)\): error TS(\d+): (.*)$/.exec(line.trimEnd());
    if (match === null) return [];
    const [, file = "", row = "", column = "", code = "", message = ""] = match;
    const path = resolve(folder, file);
    return [{ file: path, line: +row, column: +column, code: +code, message }];
  });
}

/** The person's, not the engine's: an error of ours is no business of theirs. */
function isOwn(file: string): boolean {
  const inside = relative(packageRoot, file);
  return !inside.startsWith(`core${sep}`) && !inside.startsWith(`node_modules${sep}`);
}

function report(found: readonly Diagnostic[]): void {
  const syntax = found.filter(({ code }) => isSyntax(code));
  const shown = syntax.length > 0 ? syntax : found;
  const [first] = shown;
  if (first === undefined) return;
  const lines = shown.slice(0, shownMax).map(describe);
  const more = shown.length > shownMax ? [`and ${shown.length - shownMax} more`] : [];
  const code = syntax.length > 0 ? "PIPELINE_SYNTAX" : "PIPELINE_TYPE";
  throw new LiveError(code, [...lines, ...more].join("\n"), {
    place: { file: shortPath(first.file), line: first.line, column: first.column },
  });
}

function describe({ file, line, column, message }: Diagnostic): string {
  return `${shortPath(file)}:${line}:${column}: ${message}`;
}

/** As the person would type it from where they are. */
export function shortPath(file: string): string {
  const short = relative(process.cwd(), file);
  return short === "" || short.startsWith(`..${sep}..`) ? file : short;
}
