// What our own classes offer, as their source says it: methods, their signatures, the first
// sentence of their docstrings. Reads the form that the formatter leaves.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Method {
  readonly name: string;
  /** One for each overload. */
  readonly signatures: readonly string[];
  readonly doc: string;
}

export interface SourceClass {
  readonly name: string;
  readonly file: string;
  readonly parent: string | null;
  readonly methods: ReadonlyMap<string, Method>;
}

const core = fileURLToPath(new URL("../../core/", import.meta.url));
const classLine = /^export (?:abstract )?(?:class|interface) (\w+)(?:<.*?>)?(?: extends (\w+))?/u;
const methodLine = /^ {2}(?:abstract |override |get |\*)*(\[?\w+\]?)(?:<.*?>)?\(|^ {2}get (\w+)\(/u;
const fieldLine = /^ {2}readonly (\w+)\??: (.*);$/u;

/** Every class and interface that a pipeline meets, by name. */
export function readClasses(): ReadonlyMap<string, SourceClass> {
  const classes = new Map<string, SourceClass>();
  const files = readdirSync(`${core}dsl`).filter((name) => name.endsWith(".ts"));
  for (const file of [...files.map((name) => `dsl/${name}`), "rdd/state.ts"]) {
    for (const one of classesOf(file)) classes.set(one.name, one);
  }
  return classes;
}

/** Methods of a class and of those it extends; its own win. */
export function methodsOf(
  classes: ReadonlyMap<string, SourceClass>,
  name: string,
): ReadonlyMap<string, Method> {
  const found = classes.get(name);
  if (found === undefined) return new Map();
  const inherited = found.parent === null ? [] : methodsOf(classes, found.parent);
  return new Map([...inherited, ...found.methods]);
}

function classesOf(file: string): SourceClass[] {
  const lines = readFileSync(`${core}${file}`, "utf8").split("\n");
  const classes: SourceClass[] = [];
  let methods = new Map<string, Method>();
  for (const [index, line] of lines.entries()) {
    const head = classLine.exec(lines.slice(index, index + 3).join(" "));
    if (line.startsWith("export ") && head !== null) {
      methods = new Map();
      classes.push({ name: head[1] ?? "", file, parent: head[2] ?? null, methods });
    }
    if (line.startsWith("}")) methods = new Map();
    const name = nameIn(line);
    if (name === null) continue;
    const known = methods.get(name);
    const signature = signatureAt(lines, index);
    const isBody = known !== undefined && known.signatures.length > 0 && signature.endsWith(" {");
    methods.set(name, {
      name,
      signatures: [
        ...(known?.signatures ?? []),
        // The body of an overloaded method is not for callers.
        ...(isBody ? [] : [signature.replace(/ \{$|;$/u, "")]),
      ],
      doc: known?.doc || docBefore(lines, index),
    });
  }
  return classes;
}

function nameIn(line: string): string | null {
  if (line.startsWith("  protected ") || line.startsWith("  private ")) return null;
  const name = methodLine.exec(line)?.slice(1).find(Boolean) ?? fieldLine.exec(line)?.[1] ?? null;
  return name === "constructor" ? null : name;
}

/** From the name to the opening brace or the semicolon, as one line. */
function signatureAt(lines: readonly string[], start: number): string {
  const parts: string[] = [];
  for (const line of lines.slice(start, start + 20)) {
    parts.push(line.trim());
    if (/[{;]$/u.test(line) && !line.endsWith(": {")) break;
  }
  return parts
    .join(" ")
    .replaceAll(/^(?:abstract |override |readonly |\*)+/gu, "")
    .replaceAll("( ", "(")
    .replaceAll(/,? \)/gu, ")");
}

/** The first sentence of the docstring above a line. */
function docBefore(lines: readonly string[], index: number): string {
  if (lines[index - 1]?.trim().endsWith("*/") !== true) return "";
  let start = index - 1;
  while (start > 0 && lines[start]?.trim().startsWith("/**") !== true) start -= 1;
  const text = lines
    .slice(start, index)
    .map((line) =>
      line
        .trim()
        .replaceAll(/^\/\*\*|\*\/$|^\*/gu, "")
        .trim(),
    )
    .join(" ")
    .trim();
  return /^(.*?[.:;])(?:\s|$)/u.exec(text)?.[1] ?? text;
}
