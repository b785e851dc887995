/** Asks TypeScript about the person's own files before they run, so that a mistake is told with its
 *  place instead of showing up in the middle of a batch. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
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

/** Does nothing where TypeScript is not installed: the pipeline still runs, unchecked.
 *  Throws: LiveError PIPELINE_SYNTAX or PIPELINE_TYPE with the first diagnostics. */
export function checkTypes(files: readonly string[]): void {
  const compiler = findCompiler();
  if (compiler === null) return;
  const folder = mkdtempSync(join(tmpdir(), "streamscope-check-"));
  try {
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configOf(files, folder)));
    const args = [compiler, "-p", folder, "--pretty", "false"];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    const found = parseDiagnostics(stdout ?? "", folder).filter(({ file }) => isOwn(file));
    report(found);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function findCompiler(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
    const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin?: { tsc?: string } };
    return bin?.tsc === undefined ? null : join(dirname(manifest), bin.tsc);
  } catch {
    return null;
  }
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
