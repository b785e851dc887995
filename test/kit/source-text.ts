// Source files as text: which there are, what in them is code, what they import.
// Text, not a syntax tree: the native compiler has no API, and rules on lines are easy to read.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's top folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** One file; paths are relative to the checkout and use `/`. */
export interface SourceFile {
  readonly path: string;
  readonly lines: readonly string[];
  /** The lines with comments and the insides of strings blanked, columns kept. */
  readonly code: readonly string[];
  readonly imports: readonly Import[];
}

/** One import or re-export, static or dynamic. */
export interface Import {
  readonly line: number;
  /** As written, without a query such as `?raw`. */
  readonly specifier: string;
  /** A relative specifier as a path in the checkout; null for a package. */
  readonly path: string | null;
  /** Erased before the program runs. */
  readonly isTypeOnly: boolean;
}

const skipped = new Set(["node_modules", "dist", "coverage", "__screenshots__"]);

/** Paths of all files under some folders, sorted; a folder that does not exist has none. */
export function listFiles(folders: readonly string[], endings: readonly string[]): string[] {
  return folders.flatMap((folder) => walk(folder, endings)).toSorted();
}

function walk(folder: string, endings: readonly string[]): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (skipped.has(entry.name) || entry.name.startsWith(".")) return [];
    if (entry.isDirectory()) return walk(path, endings);
    return endings.some((ending) => entry.name.endsWith(ending)) ? [path] : [];
  });
}

/** Reads one file of the checkout. */
export function readSource(path: string): SourceFile {
  return parseSource(path, readFileSync(join(root, path), "utf8"));
}

/** The same for a text at hand. */
export function parseSource(path: string, text: string): SourceFile {
  const isScript = /\.[jt]s$/.test(path);
  return {
    path,
    lines: text.split("\n"),
    code: (isScript ? blank(text, "comments and strings") : text).split("\n"),
    imports: isScript ? findImports(path, blank(text, "comments")) : [],
  };
}

const importForms =
  /^\s*(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;

function findImports(path: string, text: string): Import[] {
  return [...text.matchAll(importForms)].map((match) => {
    const specifier = (match[2] ?? match[3] ?? "").replace(/\?.*$/, "");
    const isRelative = specifier.startsWith(".");
    return {
      line: text.slice(0, match.index + match[0].lastIndexOf('"')).split("\n").length,
      specifier,
      path: isRelative ? posix.join(posix.dirname(path), specifier) : null,
      isTypeOnly: match[1] !== undefined,
    };
  });
}

/** Replaces comments (and the insides of strings, templates and regular expressions) by spaces. */
export function blank(text: string, what: "comments" | "comments and strings"): string {
  const out = text.split("");
  const erase = (from: number, until: number): void => {
    for (let i = from; i < until; i += 1) if (out[i] !== "\n") out[i] = " ";
  };
  const eraseInside = (from: number, until: number): void => {
    if (what === "comments and strings") erase(from + 1, until - 1);
  };
  // For each template we are inside of: how many braces its `${` has open.
  const braces: number[] = [];
  let i = 0;
  while (i < text.length) {
    const two = text.slice(i, i + 2);
    const char = two.charAt(0);
    let end = i + 1;
    if (two === "//") {
      end = endOf(text, i, "\n");
      erase(i, end);
    } else if (two === "/*") {
      end = endOf(text, i + 2, "*/") + 2;
      erase(i, end);
    } else if (char === '"' || char === "'") {
      end = endOfQuoted(text, i + 1, char);
      eraseInside(i, end);
    } else if (char === "`" || (char === "}" && braces.at(-1) === 0)) {
      if (char === "}") braces.pop();
      end = endOfTemplatePart(text, i + 1);
      if (text.charAt(end - 1) === "{") braces.push(0);
      eraseInside(i, text.charAt(end - 1) === "{" ? end - 1 : end);
    } else if (char === "/" && isRegularExpression(text, i)) {
      end = endOfRegularExpression(text, i + 1);
      eraseInside(i, end);
    } else if (braces.length > 0 && (char === "{" || char === "}")) {
      braces[braces.length - 1] = (braces.at(-1) ?? 0) + (char === "{" ? 1 : -1);
    }
    i = end;
  }
  return out.join("");
}

function endOf(text: string, from: number, mark: string): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
}

function endOfQuoted(text: string, from: number, quote: string): number {
  for (let i = from; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (char === "\\") i += 1;
    else if (char === quote || char === "\n") return i + 1;
  }
  return text.length;
}

/** Up to and with the closing backtick, or the brace of `${`. */
function endOfTemplatePart(text: string, from: number): number {
  for (let i = from; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (char === "\\") i += 1;
    else if (char === "`") return i + 1;
    else if (char === "$" && text.charAt(i + 1) === "{") return i + 2;
  }
  return text.length;
}

/** A slash begins a regular expression where a value may stand, else it divides. */
function isRegularExpression(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 40), at).trimEnd();
  return before === "" || /(?:[(,=:[!&|?{};+~<>-]|\breturn|\bcase|\btypeof)$/.test(before);
}

function endOfRegularExpression(text: string, from: number): number {
  let inClass = false;
  for (let i = from; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (char === "\n") return from;
    if (char === "\\") i += 1;
    else if (char === "[") inClass = true;
    else if (char === "]") inClass = false;
    else if (char === "/" && !inClass) return i + 1;
  }
  return text.length;
}
