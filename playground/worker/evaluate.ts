/** The text of a cell, made into a program: types stripped, imports pointed at the worker's own
 *  engine, loaded as a module. A cell may import "streamscope" and nothing else. */

import { parser as javascriptParser } from "@lezer/javascript";
import { parse } from "es-module-lexer/js";
import * as streamscope from "streamscope";
import { PipelineError, type Program } from "streamscope";
import { transform } from "sucrase";
import { originalPosition, type Position } from "./source-map.ts";

const typescriptParser = javascriptParser.configure({ dialect: "ts" });

/** Code a browser can run, and the way back to the text. */
export interface CompiledCell {
  readonly code: string;
  /** Shape: a position in the code -> the same place in the text. */
  original(position: Position): Position;
}

/** Throws: PipelineError PIPELINE_SYNTAX, with line and column, for text that is no TypeScript
 *  module or that imports what a cell may not. */
export function compileCell(text: string, file: string, streamscopeUrl: string): CompiledCell {
  const stripped = stripTypes(text, file);
  const original = (position: Position): Position => originalPosition(stripped.mappings, position);
  let code = "";
  let copiedTo = 0;
  for (const one of readImports(stripped.code, file)) {
    if (one.type === "import-meta") continue;
    const position = original(positionAt(stripped.code, one.start));
    if (one.type === "dynamic") {
      throw syntaxError("import(...) is not possible in a cell; import at the top", file, position);
    }
    if (one.specifier !== "streamscope") {
      const wanted = JSON.stringify(one.specifier);
      const message = `a cell cannot import ${wanted}; it may import from "streamscope" only`;
      throw syntaxError(message, file, position);
    }
    code += stripped.code.slice(copiedTo, one.start) + streamscopeUrl;
    copiedTo = one.end;
  }
  code += `${stripped.code.slice(copiedTo)}\n//# sourceURL=${file}`;
  return { code, original };
}

/** What a cell exports. */
export interface LoadedCell {
  readonly program: Program;
  /** Of the world, as the cell would have it; undefined when it says nothing. */
  readonly settings: unknown;
}

/** Loads a compiled cell and gives its default export, and its `settings`.
 *  Throws: PipelineError PIPELINE_SYNTAX for early errors only a browser finds; NO_PIPELINE when
 *  the module exports no function by default; whatever the module's own top level throws. */
export async function loadCell(
  cell: CompiledCell,
  text: string,
  file: string,
): Promise<LoadedCell> {
  const url = URL.createObjectURL(new Blob([cell.code], { type: "text/javascript" }));
  const module = await importModule(url, text, file);
  const program = module["default"];
  if (typeof program !== "function") {
    throw new PipelineError(
      "NO_PIPELINE",
      `${file} has no pipeline: its default export is ${describeExport(program)}; ` +
        "write `export default (ssc: StreamingContext) => { ... }`",
      { place: { file } },
    );
  }
  // A function is all that can be seen of it; what it does with a context shows when it runs.
  return { program: program as Program, settings: module["settings"] };
}

/** A module that re-exports the worker's engine, so that the cell and the run share one instance.
 *  Why a blob: import maps do not reach workers, and the bundle's own names are hashed. */
export function makeStreamscopeUrl(): string {
  Reflect.set(globalThis, "streamscope", streamscope);
  const lines = Object.keys(streamscope)
    .filter((name) => name !== "default")
    .map((name) => `export const ${name} = globalThis.streamscope.${name};`);
  return URL.createObjectURL(new Blob([lines.join("\n")], { type: "text/javascript" }));
}

function stripTypes(text: string, file: string): { code: string; mappings: string } {
  try {
    const { code, sourceMap } = transform(text, {
      transforms: ["typescript"],
      disableESTransforms: true,
      filePath: file,
      sourceMapOptions: { compiledFilename: file },
    });
    return { code, mappings: sourceMap?.mappings ?? "" };
  } catch (thrown) {
    throw describeSyntax(text, file) ?? syntaxError(readableMessage(thrown, file), file, null);
  }
}

/** Where the text first stops being TypeScript. Sucrase tries an arrow function, takes it back, and
 *  blames its head for what is wrong in its body; the editor's own grammar names the place. */
function describeSyntax(text: string, file: string): PipelineError | null {
  let at: number | null = null;
  typescriptParser.parse(text).iterate({
    enter: (node) => {
      if (node.type.isError) at ??= node.from;
      return at === null;
    },
  });
  if (at === null) return null;
  const [space = "", token] = /^\s*(?:([\w$]+|\S))?/.exec(text.slice(at)) ?? [];
  if (token === undefined) {
    return syntaxError("unexpected end: a bracket is still open", file, positionAt(text, at));
  }
  const start = at + space.length - token.length;
  return syntaxError(`unexpected ${JSON.stringify(token)}`, file, positionAt(text, start));
}

function readImports(code: string, file: string) {
  try {
    return parse(code)[0];
  } catch (thrown) {
    const index = fieldOf(thrown, "idx");
    const position = typeof index === "number" ? positionAt(code, index) : null;
    throw syntaxError(readableMessage(thrown, file), file, position);
  }
}

async function importModule(
  url: string,
  text: string,
  file: string,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(/* @vite-ignore */ url);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    const twice = declaredTwice(text, thrown.message);
    throw twice === null
      ? (describeSyntax(text, file) ?? syntaxError(thrown.message, file, null))
      : syntaxError(thrown.message, file, twice);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The browser gives no position for an early error; a second declaration is found by name. */
function declaredTwice(text: string, message: string): Position | null {
  const name = /^Identifier '([\w$]+)' has already been declared$/.exec(message)?.[1];
  if (name === undefined) return null;
  const declaration = new RegExp(
    `\\b(?:const|let|class|function|var)\\s+(${name.replaceAll("$", "\\$")})\\b`,
    "g",
  );
  const second = [...text.matchAll(declaration)][1];
  return second === undefined ? null : positionAt(text, second.index + second[0].indexOf(name, 3));
}

/** Sucrase: `Error transforming pipeline.ts: Unexpected token (3:5)`; the middle remains. */
function readableMessage(thrown: unknown, file: string): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.replace(`Error transforming ${file}: `, "").replace(/ \(\d+:\d+\)$/, "");
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined;
}

function positionAt(text: string, index: number): Position {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: index - lineStart + 1 };
}

function syntaxError(message: string, file: string, position: Position | null): PipelineError {
  return new PipelineError("PIPELINE_SYNTAX", message, { place: { file, ...position } });
}

function describeExport(value: unknown): string {
  return value === undefined ? "missing" : `not a function but ${typeof value}`;
}
