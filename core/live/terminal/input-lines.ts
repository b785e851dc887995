/** The lines of a file or of standard input, one at a time: the file is never in memory whole. */

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { describeThrown, LiveError } from "../../base/errors.ts";

export interface InputLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

export interface InputLinesOptions {
  /** A path, or `-` for standard input. */
  readonly file: string;
  /** The largest line a record of the topic can carry, in UTF-8 bytes. */
  readonly lineBytesMax: number;
  /** What the limit is called in the error. */
  readonly limit: string;
  /** Bytes read at once; 64 KiB. */
  readonly chunkBytes?: number;
}

const newline = 10;
const carriageReturn = 13;
const pollMs = 5;
const countedBytesMax = 100_000_000;

/** How a file is called in a message. */
export function inputName(file: string): string {
  return file === "-" ? "standard input" : file;
}

/** Lines without their `\n` or `\r\n`; a last one without either counts.
 *  Throws: LiveError FILE_NOT_FOUND; UNSUPPORTED_VALUE for a line too long, and for bytes that are
 *  no text, with their place. */
export function* inputLines(options: InputLinesOptions): Generator<InputLine, void, undefined> {
  const { file } = options;
  const descriptor = file === "-" ? 0 : openInput(file);
  const chunk = Buffer.allocUnsafe(options.chunkBytes ?? 65_536);
  const splitter = new LineSplitter(options);
  try {
    for (;;) {
      const count = readSome(descriptor, chunk, file);
      if (count === 0) break;
      yield* splitter.push(chunk.subarray(0, count));
    }
    yield* splitter.end();
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}

/** The same from a stream that may be silent for long, as `tail -f` is: lines as they come.
 *  Throws: LiveError UNSUPPORTED_VALUE, as `inputLines`. */
export async function* arrivingLines(
  stream: AsyncIterable<Buffer>,
  options: Omit<InputLinesOptions, "chunkBytes">,
): AsyncGenerator<readonly InputLine[], void, undefined> {
  const splitter = new LineSplitter(options);
  for await (const chunk of stream) yield [...splitter.push(chunk)];
  yield [...splitter.end()];
}

/** Cuts bytes into lines, wherever the chunks end. */
class LineSplitter {
  readonly #options: InputLinesOptions;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #pending = Buffer.alloc(0);
  /** Where `pending` begins in the file. */
  #pendingAt = 0;
  #number = 0;
  /** Bytes so far of a line that is too long to keep; it is only counted. */
  #tooLongBytes = 0;

  constructor(options: InputLinesOptions) {
    this.#options = options;
  }

  *push(chunk: Buffer): Generator<InputLine, void, undefined> {
    if (this.#tooLongBytes > 0) this.#countOn(chunk);
    else yield* this.#split(chunk);
  }

  *#split(chunk: Buffer): Generator<InputLine, void, undefined> {
    // What was pending has no line end in it; looking there again would make long lines quadratic.
    let from = this.#pending.length;
    let bytes = Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const end = bytes.indexOf(newline, from);
      if (end < 0) break;
      yield this.#line(bytes.subarray(0, end));
      this.#pendingAt += end + 1;
      bytes = bytes.subarray(end + 1);
      from = 0;
    }
    // One byte more may be the \r of a line end still to come.
    if (bytes.length > this.#options.lineBytesMax + 1) this.#tooLongBytes = bytes.length;
    else this.#pending = Buffer.from(bytes);
  }

  *end(): Generator<InputLine, void, undefined> {
    if (this.#tooLongBytes > 0) throw this.#tooLong(`${this.#tooLongBytes} bytes`);
    if (this.#pending.length > 0) yield this.#line(this.#pending);
  }

  #countOn(chunk: Buffer): void {
    const end = chunk.indexOf(newline);
    this.#tooLongBytes += end < 0 ? chunk.length : end;
    if (end >= 0) throw this.#tooLong(`${this.#tooLongBytes} bytes`);
    if (this.#tooLongBytes > countedBytesMax) {
      throw this.#tooLong(`more than ${countedBytesMax} bytes`);
    }
  }

  #line(bytes: Buffer): InputLine {
    const line = bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
    if (line.length > this.#options.lineBytesMax) throw this.#tooLong(`${line.length} bytes`);
    this.#number += 1;
    const { file } = this.#options;
    const of = { file, number: this.#number, at: this.#pendingAt };
    return { number: this.#number, text: decode(this.#decoder, line, of) };
  }

  #tooLong(size: string): LiveError {
    const { file, lineBytesMax, limit } = this.#options;
    const name = inputName(file);
    return new LiveError(
      "UNSUPPORTED_VALUE",
      `line ${this.#number + 1} of ${name} has ${size}, and a record of this topic carries at ` +
        `most ${lineBytesMax} bytes (${limit}); split the line or raise the limit`,
      { place: { file: name } },
    );
  }
}

/** Throws: LiveError FILE_NOT_FOUND. */
export function checkInput(file: string): void {
  if (file !== "-") closeSync(openInput(file));
}

function openInput(file: string): number {
  let descriptor: number;
  let isFolder: boolean;
  try {
    descriptor = openSync(file, "r");
    isFolder = fstatSync(descriptor).isDirectory();
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : null;
    const why = code === "ENOENT" ? "there is no such file" : describeThrown(thrown);
    throw new LiveError("FILE_NOT_FOUND", `input ${file}: ${why}`, { place: { file } });
  }
  if (!isFolder) return descriptor;
  closeSync(descriptor);
  throw new LiveError("FILE_NOT_FOUND", `input ${file}: it is a folder, and --input needs a file`, {
    place: { file },
  });
}

function readSome(descriptor: number, into: Buffer, file: string): number {
  for (;;) {
    try {
      return readSync(descriptor, into, 0, into.length, null);
    } catch (thrown) {
      const code = thrown instanceof Error && "code" in thrown ? thrown.code : null;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") {
        throw new LiveError("FILE_NOT_FOUND", `input ${file}: ${describeThrown(thrown)}`, {
          place: { file },
        });
      }
      // Standard input of a terminal or a pipe that does not block and has nothing yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMs);
    }
  }
}

function decode(
  decoder: { decode(bytes: Buffer): string },
  line: Buffer,
  of: { readonly file: string; readonly number: number; readonly at: number },
): string {
  const zero = line.indexOf(0);
  if (zero >= 0) throw notText(of, zero, "a NUL byte");
  try {
    return decoder.decode(line);
  } catch {
    throw notText(of, firstInvalid(line), "a byte that is no UTF-8");
  }
}

/** The first byte of the first character that is none; found by halving, since a prefix is valid up
 *  to there. */
function firstInvalid(line: Buffer): number {
  let valid = 0;
  let invalid = line.length;
  while (valid < invalid) {
    const middle = (valid + invalid + 1) >> 1;
    try {
      // As a stream, a character cut at the end is no error.
      new TextDecoder("utf-8", { fatal: true }).decode(line.subarray(0, middle), { stream: true });
      valid = middle;
    } catch {
      invalid = middle - 1;
    }
  }
  // A character that was begun and not ended counts as valid so far.
  for (let lead = valid - 1; lead >= Math.max(0, valid - 3); lead -= 1) {
    const byte = line.readUInt8(lead);
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    if (byte >= 0xc0) return lead + length > valid ? lead : valid;
    if (byte < 0x80) return valid;
  }
  return valid;
}

function notText(
  of: { readonly file: string; readonly number: number; readonly at: number },
  index: number,
  what: string,
): LiveError {
  const place = `byte offset ${of.at + index}, in line ${of.number}`;
  return new LiveError(
    "UNSUPPORTED_VALUE",
    `input ${inputName(of.file)} is not a text file: there is ${what} at ${place}; ` +
      "give a file of UTF-8 lines",
    { place: { file: inputName(of.file) } },
  );
}
