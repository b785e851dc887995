/** Finds, checks and loads what a person wrote: a pipeline and the world it runs in. */

import { existsSync, statSync } from "node:fs";
import { register } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LiveError, StreamscopeError } from "../../base/errors.ts";
import type { Program, WorldSpec } from "../../scenario/scenario.ts";
import { checkTypes, packageRoot, shortPath } from "./type-check.ts";

export interface LoadedPipeline {
  readonly program: Program;
  readonly world: WorldSpec;
  /** The file of the program, absolute. */
  readonly file: string;
}

/** Throws: LiveError FILE_NOT_FOUND, NO_PIPELINE, PIPELINE_SYNTAX, PIPELINE_TYPE, USER_FUNCTION,
 *  BAD_WORLD. */
export async function loadPipeline(
  pipeline: string,
  worldFile: string | null,
): Promise<LoadedPipeline> {
  const { file, world: besideIt } = findFiles(pipeline);
  const world = worldFile === null ? besideIt : existing(worldFile, "the world");
  const checked = checkTypes(world === null ? [file] : [file, world]);
  // Nothing of the person's is loaded before it is checked; what it imports from us is, meanwhile.
  await Promise.all([checked, import("../../index.ts")]);
  resolveOwnName();
  return {
    program: programOf(await load(file), file),
    world: world === null ? {} : worldOf(await load(world), world),
    file,
  };
}

function findFiles(pipeline: string): { readonly file: string; readonly world: string | null } {
  const path = existing(pipeline, "the pipeline");
  if (!statSync(path).isDirectory()) return { file: path, world: null };
  const file = join(path, "pipeline.ts");
  if (!existsSync(file)) {
    throw new LiveError(
      "NO_PIPELINE",
      `${pipeline} has no pipeline.ts; give a lesson's folder or a pipeline's file`,
      { place: { file: shortPath(path) } },
    );
  }
  const world = join(path, "world.ts");
  return { file, world: existsSync(world) ? world : null };
}

function existing(name: string, what: string): string {
  const path = resolve(name);
  if (existsSync(path)) return path;
  throw new LiveError("FILE_NOT_FOUND", `${what} ${name} does not exist; check the path`, {
    place: { file: name },
  });
}

let isNameResolved = false;

/** A pipeline may lie anywhere: "streamscope" means this package, also where none is installed. */
function resolveOwnName(): void {
  if (isNameResolved) return;
  isNameResolved = true;
  const targets = {
    streamscope: pathToFileURL(join(packageRoot, "core", "index.ts")).href,
    "streamscope/live": pathToFileURL(join(packageRoot, "core", "live", "index.ts")).href,
    "streamscope/lesson": pathToFileURL(join(packageRoot, "lessons", "lesson.ts")).href,
  };
  const source =
    `const targets = new Map(Object.entries(${JSON.stringify(targets)}));` +
    `export async function resolve(specifier, context, next) {` +
    `const found = await next(targets.get(specifier) ?? specifier, context);` +
    // A .ts file away from any package.json would be taken for CommonJS, which a pipeline is not.
    `const isScript = found.format === "commonjs" && /\\.ts(\\?|$)/.test(found.url);` +
    `return isScript ? { ...found, format: "module" } : found; }`;
  register(`data:text/javascript,${encodeURIComponent(source)}`);
}

async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    // A module's namespace is an object of whatever it exports.
    return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (thrown) {
    if (thrown instanceof StreamscopeError) throw thrown;
    throw loadError(thrown, file);
  }
}

function loadError(thrown: unknown, file: string): LiveError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const name = shortPath(file);
  const code = "code" in error ? String(error.code) : "";
  if (code === "ERR_MODULE_NOT_FOUND") {
    const what = error.message.replace(/ imported from .*$/s, "");
    return new LiveError("FILE_NOT_FOUND", `${name} cannot be loaded: ${what}`, {
      place: { file: name },
      cause: thrown,
    });
  }
  if (error.name === "SyntaxError" || error.message.startsWith("Transform failed")) {
    return new LiveError("PIPELINE_SYNTAX", `${name}: ${syntaxMessage(error.message)}`, {
      place: { file: name },
      cause: thrown,
    });
  }
  const at = ownFrame(error, file);
  const place = { file: name, ...at };
  return new LiveError(
    "USER_FUNCTION",
    `${name} threw while it was loaded: ${error.name}: ${error.message}`,
    { place, cause: thrown },
  );
}

/** esbuild's: `Transform failed with 1 error:\n<file>:<line>:<column>: ERROR: <message>`. */
function syntaxMessage(message: string): string {
  return /:\d+:\d+: ERROR: .*/.exec(message)?.[0].slice(1).replace("ERROR: ", "") ?? message;
}

/** Where in a file an error was thrown, from its stack. */
export function ownFrame(
  error: Error,
  file: string,
): { readonly line: number; readonly column: number } | null {
  for (const frame of (error.stack ?? "").split("\n")) {
    const match = /\(?((?:file:\/\/)?[^\s()]+?)(?:\?[^:)]*)?:(\d+):(\d+)\)?$/.exec(frame.trim());
    if (match === null) continue;
    const [, where = "", line = "", column = ""] = match;
    const path = where.startsWith("file:") ? fileURLToPath(where) : where;
    if (path === file) return { line: Number(line), column: Number(column) };
  }
  return null;
}

function programOf(module: Readonly<Record<string, unknown>>, file: string): Program {
  const found = module["default"];
  if (typeof found === "function") {
    // Its parameter is checked by TypeScript where that is installed, and is ours to give.
    return found as Program;
  }
  const problem = found === undefined ? "has no default export" : "exports no function by default";
  throw new LiveError(
    "NO_PIPELINE",
    `${shortPath(file)} ${problem}; write: export default (ssc: StreamingContext) => { ... }`,
    { place: { file: shortPath(file) } },
  );
}

function worldOf(module: Readonly<Record<string, unknown>>, file: string): WorldSpec {
  const found = module["world"] ?? module["default"];
  if (typeof found === "object" && found !== null) {
    // As above; what is wrong inside it, the run reports.
    return found as WorldSpec;
  }
  throw new LiveError(
    "BAD_WORLD",
    `${shortPath(file)} exports no world; write: export const world: WorldSpec = { ... }`,
    { place: { file: shortPath(file) } },
  );
}
