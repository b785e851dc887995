/** Phrases of a fault script: words, `{fields}` and `[parts that may be left out]`. The same phrase
 *  reads and prints, so that the two cannot differ.
 *
 *    "lose executor {executor}[, {exit}][, back after {backMs}]"
 *    lose executor 2, killed, back after 700  <->  {executor: 2, exit: "killed", backMs: 700} */

import { AssertionFailure } from "../base/assert.ts";
import { compareNumbers } from "../base/order.ts";
import type { Conf, Field, Fields } from "../faults/fault.ts";

export type FieldValue = number | string | boolean | Conf;
export type FieldValues = ReadonlyMap<string, FieldValue>;

type Piece =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "mark"; readonly text: string }
  | { readonly kind: "field"; readonly name: string; readonly field: Field }
  | { readonly kind: "part"; readonly pieces: readonly Piece[] };

/** A phrase that can be read and printed. */
export interface Phrase {
  readonly text: string;
  readonly pieces: readonly Piece[];
}

/** Makes a phrase of its text. Throws: AssertionFailure for a field nobody describes. */
export function phraseOf(text: string, fields: Fields): Phrase {
  const pieces: Piece[] = [];
  for (const [whole, part, name, word] of text.matchAll(
    /\[([^\]]*)\]|\{(\w+)\}|([A-Za-z]+)|[^\sA-Za-z]/gu,
  )) {
    if (part !== undefined) pieces.push({ kind: "part", pieces: phraseOf(part, fields).pieces });
    else if (name !== undefined) {
      const field = fields[name];
      if (field === undefined)
        throw new AssertionFailure("a phrase's field is described", { name });
      pieces.push({ kind: "field", name, field });
    } else if (word !== undefined) pieces.push({ kind: "word", text: word });
    else pieces.push({ kind: "mark", text: whole });
  }
  return { text, pieces };
}

/** Reads one line, and remembers how far it got and what it would have taken there. */
export class LineReader {
  readonly line: string;
  #furthest = 0;
  #expected = new Map<string, "word" | "field">();

  constructor(line: string) {
    this.line = line;
  }

  /** Where nothing known went on: an index into the line. */
  get furthest(): number {
    return this.#furthest;
  }

  /** Words that could have stood there, and descriptions of fields. */
  expected(kind: "word" | "field"): readonly string[] {
    return [...this.#expected].filter(([, of]) => of === kind).map(([text]) => text);
  }

  /** Where the phrase ends when it is read from `from`; null when it does not stand there. */
  read(phrase: Phrase, from: number, values: Map<string, FieldValue>): number | null {
    return this.#readAll(phrase.pieces, from, values);
  }

  #readAll(pieces: readonly Piece[], from: number, values: Map<string, FieldValue>): number | null {
    let place = from;
    for (const piece of pieces) {
      if (piece.kind === "part") {
        const found = new Map<string, FieldValue>();
        const end = this.#readAll(piece.pieces, place, found);
        if (end === null) continue;
        for (const [name, value] of found) values.set(name, value);
        place = end;
        continue;
      }
      const end = this.#readOne(piece, this.skip(place), values);
      if (end === null) return null;
      place = end;
    }
    return place;
  }

  #readOne(
    piece: Exclude<Piece, { kind: "part" }>,
    from: number,
    values: Map<string, FieldValue>,
  ): number | null {
    if (piece.kind === "field") {
      const read = readField(piece.field, this.line, from);
      if (read === null) {
        this.expect(from, describeField(piece.field), "field");
        return null;
      }
      values.set(piece.name, read.value);
      return read.end;
    }
    const end = from + piece.text.length;
    const isWhole = piece.kind === "mark" || !/[A-Za-z]/u.test(this.line.charAt(end));
    if (this.line.startsWith(piece.text, from) && isWhole) return end;
    this.expect(from, piece.text, "word");
    return null;
  }

  /** Something would have been understood at a place, and is not there. */
  expect(place: number, what: string, kind: "word" | "field"): void {
    if (place < this.#furthest) return;
    if (place > this.#furthest) this.#expected = new Map();
    this.#furthest = place;
    this.#expected.set(what, kind);
  }

  /** The next place that is no blank. */
  skip(from: number): number {
    let place = from;
    while (this.line.charAt(place) === " " || this.line.charAt(place) === "\t") place += 1;
    return place;
  }

  /** Nothing but a comment is left. */
  isEnd(from: number): boolean {
    const place = this.skip(from);
    return place === this.line.length || this.line.charAt(place) === "#";
  }
}

/** The phrase with its values: a part is left out when its field is. */
export function printPhrase(phrase: Phrase, values: FieldValues): string {
  const fields = new Map(fieldsOf(phrase.pieces));
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/gu, (_, name: string) => {
      const [field, value] = [fields.get(name), values.get(name)];
      if (field === undefined || value === undefined) {
        throw new AssertionFailure("a phrase needs a value for its field", { name });
      }
      return printField(field, value);
    });
  return phrase.text.replaceAll(/\[([^\]]*)\]|[^[]+/gu, (whole, part?: string) => {
    if (part === undefined) return fill(whole);
    const name = /\{(\w+)\}/u.exec(part)?.[1] ?? "";
    return values.has(name) ? fill(part) : "";
  });
}

function fieldsOf(pieces: readonly Piece[]): (readonly [string, Field])[] {
  return pieces.flatMap((piece) =>
    piece.kind === "field"
      ? [[piece.name, piece.field] as const]
      : piece.kind === "part"
        ? fieldsOf(piece.pieces)
        : [],
  );
}

/** What a person would have to write, in a few words. */
export function describeField(field: Field): string {
  switch (field.type) {
    case "whole":
      return `a whole number${field.min === 0 ? "" : ` of at least ${field.min}`}`;
    case "broker":
      return "the number of a broker";
    case "executor":
      return "the number of an executor";
    case "topic":
      return "the name of a topic";
    case "node":
      return 'a broker, "controller", "clients" or the name of a client';
    case "producer":
      return "the name of a producer";
    case "consumer":
      return "the name of a consumer";
    case "name":
      return "a name";
    case "text":
      return "a text in double quotes";
    case "choice":
      return field.choices.join(" or ");
    case "flag":
      return `${field.yes} or ${field.no}`;
    case "settings":
      return "settings such as spark.cores.max=2";
  }
}

interface Read {
  readonly value: FieldValue;
  readonly end: number;
}

const numberAt = /-?\d+(?![\w.])/uy;
const topicAt = /[A-Za-z0-9._-]+/uy;
const nodeAt = /\d+(?![\w.])|[A-Za-z][A-Za-z0-9_.]*/uy;
const nameAt = /[A-Za-z0-9_][A-Za-z0-9_.-]*/uy;
const quotedAt = /"(?:[^"\\]|\\.)*"/uy;
const settingAt = /([A-Za-z][A-Za-z0-9_.]*)=("(?:[^"\\]|\\.)*"|[A-Za-z0-9_.:/-]+)/uy;

function readField(field: Field, line: string, from: number): Read | null {
  switch (field.type) {
    case "whole":
    case "broker":
    case "executor":
      return readNumber(field, line, from);
    case "topic":
      return readText(topicAt, line, from);
    case "node":
      return readText(nodeAt, line, from) ?? readQuoted(line, from);
    case "producer":
    case "consumer":
    case "name":
      return readText(nameAt, line, from) ?? readQuoted(line, from);
    case "text":
      return readQuoted(line, from);
    case "choice":
      return readChoice(
        field.choices.map((choice) => [choice, choice]),
        line,
        from,
      );
    case "flag":
      return readChoice(
        [
          [field.yes, true],
          [field.no, false],
        ],
        line,
        from,
      );
    case "settings":
      return readSettings(line, from);
  }
}

function matchAt(pattern: RegExp, line: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(line);
}

function readText(pattern: RegExp, line: string, from: number): Read | null {
  const [text] = matchAt(pattern, line, from) ?? [];
  return text === undefined ? null : { value: text, end: from + text.length };
}

function readNumber(field: Field, line: string, from: number): Read | null {
  const [text] = matchAt(numberAt, line, from) ?? [];
  if (text === undefined) return null;
  const value = Number(text);
  const { min } = field.type === "whole" ? field : { min: 1 };
  // One that is too large is told so when the fault is checked.
  if (String(value) !== text || value < min || value > Number.MAX_SAFE_INTEGER) return null;
  return { value, end: from + text.length };
}

function readQuoted(line: string, from: number): Read | null {
  const [text] = matchAt(quotedAt, line, from) ?? [];
  const value = text === undefined ? null : unquote(text);
  return text === undefined || value === null ? null : { value, end: from + text.length };
}

function unquote(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

/** The longest of those that stand there. */
function readChoice(
  choices: readonly (readonly [word: string, value: string | boolean])[],
  line: string,
  from: number,
): Read | null {
  const longest = [...choices].sort(([a], [b]) => compareNumbers(b.length, a.length));
  for (const [word, value] of longest) {
    const end = from + word.length;
    if (!line.startsWith(word, from) || /\w/u.test(line.charAt(end))) continue;
    return { value, end };
  }
  return null;
}

function readSettings(line: string, from: number): Read | null {
  const settings: [string, string][] = [];
  let end = from;
  for (let place = from; ;) {
    const [text, name = "", quoted = ""] = matchAt(settingAt, line, place) ?? [];
    const value = quoted.startsWith('"') ? unquote(quoted) : quoted;
    if (text === undefined || value === null) break;
    settings.push([name, value]);
    end = place + text.length;
    place = end + (/^ */u.exec(line.slice(end))?.[0].length ?? 0);
  }
  return settings.length === 0 ? null : { value: Object.fromEntries(settings), end };
}

function printField(field: Field, value: FieldValue): string {
  if (field.type === "flag") return value === true ? field.yes : field.no;
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([name, text]) => `${name}=${bare(/^[A-Za-z0-9_.:/-]+$/u, text)}`)
      .join(" ");
  }
  const text = String(value);
  if (field.type === "text") return JSON.stringify(text);
  if (field.type === "node") return bare(/^(?:\d+|[A-Za-z][A-Za-z0-9_.]*)$/u, text);
  if (field.type === "name" || field.type === "producer" || field.type === "consumer") {
    return bare(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/u, text);
  }
  return text;
}

function bare(plain: RegExp, text: string): string {
  return plain.test(text) ? text : JSON.stringify(text);
}
